//! Operator commands, for whoever has the machine or the stage's credentials: grant
//! administrators, rotate keys, seed and import accounts, rewrite stored items. They work the same on a
//! running platform, over a local page, on the data folder of a stopped one, and on a
//! deployed stage.

pub(crate) mod protocol;

use std::sync::Arc;

use shared::{
    Context, Failure,
    clock::Clock,
    context::SdkConfig,
    id::Ids,
    identity::{
        Keyring,
        accounts::NewAccount,
        password::{HashCost, Password, Scheme},
        tokens::{RotationError, SigningKeys},
    },
    random::Random,
    secrets::Secrets,
    table::Table,
    telemetry::Log,
    text::{Email, Invalid},
    vocabulary::Role,
};

use crate::{
    accounts::{AccountError, Accounts},
    cloud::{Cloud, connector::sdk_config},
    dead_letters::{DeadLetterError, DeadLetters},
    deployed::{self, StageError},
    import,
    order_tools::{self, PastOrder, Reconciliation, Recorded},
    people,
    schema_tools::{SchemaError, SchemaTools},
    stack::Stack,
};

pub use protocol::{Command, Outcome, Tally};

/// Name of the operator in calls to AWS.
const NAME: &str = "agora";

/// Email address of the administrator of a new platform.
const FIRST_ADMINISTRATOR: &str = "admin@example.com";

/// Errors of a command.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The address is not valid.
    #[error("{0}")]
    Invalid(Invalid),
    /// The account could not be created or changed.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The keys could not be rotated.
    #[error("the keys were not rotated: {0}")]
    Rotation(#[from] RotationError),
    /// The stage could not be reached.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// The dead letters could not be read or redriven.
    #[error(transparent)]
    DeadLetters(#[from] DeadLetterError),
    /// The stock differs from the orders.
    #[error("{0}")]
    Drift(Reconciliation),
    /// Stored items could not be counted or rewritten.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The table or the secrets failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<Invalid> for OperatorError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// Credentials of a new account.
#[derive(Debug)]
pub struct Credentials {
    /// Email address.
    pub email: Email,
    /// Password, which is stored nowhere.
    pub password: String,
}

/// Operator of a stack.
#[derive(Clone)]
pub struct Operator {
    aws: SdkConfig,
    table: String,
    place: Place,
    context: Context,
}

/// Location of the stack.
#[derive(Clone)]
enum Place {
    /// On this machine.
    Here(Arc<Stack>),
    /// In AWS, as a stage.
    Deployed(String),
}

impl Operator {
    /// An operator of the stack on this machine.
    pub(crate) fn local(stack: &Stack, cloud: &Cloud, clock: &Clock, random: &Random) -> Self {
        let aws = sdk_config(NAME, cloud.http_client());
        let context = context("local".to_owned(), clock.clone(), random.clone());
        Self { aws, table: stack.table.name.clone(), place: Place::Here(Arc::new(stack.clone())), context }
    }

    /// An operator of a deployed stage, by the credentials of this process.
    pub async fn of_stage(stage: &str) -> Result<Self, OperatorError> {
        let aws = deployed::account()?;
        let table = deployed::table(&aws, stage).await?;
        let context = context(stage.to_owned(), Clock::system(), Random::system());
        Ok(Self { aws, table, place: Place::Deployed(stage.to_owned()), context })
    }

    /// Runs a command, and describes its result.
    pub async fn run(&self, command: Command) -> Result<Outcome, OperatorError> {
        match command {
            Command::GrantAdministrator { email } => {
                let email = Email::parse(&email)?;
                self.accounts().await?.grant_administrator(&email).await?;
                Ok(Outcome::AdministratorGranted)
            }
            Command::RotateKeys => {
                self.rotate_keys().await?;
                Ok(Outcome::KeysRotated)
            }
            Command::SeedUsers { from, count } => {
                self.seed((from..from.saturating_add(count)).map(people::person)).await
            }
            Command::RecordOrders { orders } => self.record_orders(&orders).await,
            Command::SeedShopkeeper => self.seed([people::shopkeeper()]).await,
            Command::ImportUsers { rows } => Box::pin(self.import_users(rows)).await,
            Command::DeadLetters(command) => {
                Ok(Outcome::DeadLetters(self.dead_letters().await?.run(command).await?))
            }
            Command::Schema(command) => {
                let tools = SchemaTools::new(&self.aws, self.table.clone(), self.context.clone());
                Ok(Outcome::Schema(Box::pin(tools.run(command)).await?))
            }
            Command::RebuildEventSearch => {
                let listed = Box::pin(events::rebuild_agenda(self.table(), &self.context)).await?;
                Ok(Outcome::EventSearchRebuilt { listed })
            }
            Command::ReconcileStock => {
                let report = order_tools::reconcile(&self.table()).await?;
                if report.drifts.is_empty() {
                    Ok(Outcome::Reconciled(report))
                } else {
                    Err(OperatorError::Drift(report))
                }
            }
        }
    }

    async fn seed(
        &self,
        people: impl IntoIterator<Item = Result<NewAccount, Invalid>>,
    ) -> Result<Outcome, OperatorError> {
        let accounts = self.accounts().await?;
        let password_hash = self.hash(people::PASSWORD).await?;
        let mut tally = Tally::default();
        for person in people {
            let account = NewAccount { password_hash: Some(password_hash.clone()), ..person? };
            count(&mut tally, accounts.create(account).await)?;
        }
        Ok(Outcome::Accounts(tally))
    }

    async fn record_orders(&self, orders: &[PastOrder]) -> Result<Outcome, OperatorError> {
        let (mut tally, mut not_for_sale) = (Tally::default(), Vec::new());
        for order in orders {
            match order_tools::record(&self.aws, &self.table, &self.context, order).await? {
                Recorded::Made => tally.made += 1,
                Recorded::Present => tally.present += 1,
                Recorded::SoldOut => {}
                Recorded::NotForSale => not_for_sale.push(order.id),
            }
        }
        Ok(Outcome::Orders { tally, not_for_sale })
    }

    async fn import_users(&self, rows: Vec<(usize, import::Row)>) -> Result<Outcome, OperatorError> {
        let accounts = self.accounts().await?;
        let mut tally = Tally::default();
        let rows: Vec<_> = rows.into_iter().map(|(line, row)| (line, row.account())).collect();
        let imported = rows.iter().filter_map(|(_, account)| account.as_ref().ok()?.password_hash.as_deref());
        let schemes: Vec<Scheme> = imported.filter_map(Scheme::of).collect();
        if !schemes.is_empty() {
            accounts.note_imported(&schemes).await?;
        }
        for (line, account) in rows {
            match account {
                Ok(account) => count(&mut tally, accounts.create(account).await)?,
                Err(invalid) => tally.refused.push((line, invalid.detail)),
            }
        }
        Ok(Outcome::Accounts(tally))
    }

    async fn dead_letters(&self) -> Result<DeadLetters, OperatorError> {
        Ok(match &self.place {
            Place::Here(stack) => DeadLetters::local(stack, self.aws.clone()),
            Place::Deployed(stage) => DeadLetters::of_stage(stage, self.aws.clone()).await?,
        })
    }

    async fn hash(&self, password: &str) -> Result<String, OperatorError> {
        let password = Password::parse(password.to_owned(), &[])?;
        Ok(HashCost::DEFAULT.hash(password, &self.context.random).await?)
    }

    /// The accounts.
    pub async fn accounts(&self) -> Result<Accounts, AccountError> {
        Accounts::open(&self.aws, self.table.clone(), self.path(), self.context.clone()).await
    }

    /// Creates the first administrator of a platform without one.
    pub async fn first_administrator(&self) -> Result<Option<Credentials>, OperatorError> {
        let accounts = self.accounts().await?;
        if accounts.has_administrators().await? {
            return Ok(None);
        }
        let email = Email::parse(FIRST_ADMINISTRATOR)?;
        let password = format!("{}", self.context.ids.next::<shared::id::TokenKind>());
        let account = NewAccount {
            role: Role::Admin,
            password_hash: Some(self.hash(&password).await?),
            ..NewAccount::confirmed(email.clone())
        };
        accounts.create(account).await?;
        Ok(Some(Credentials { email, password }))
    }

    async fn rotate_keys(&self) -> Result<(), RotationError> {
        let secrets = Secrets::new(&self.aws, self.path(), self.context.random.clone());
        let [keys] = secrets.read_or_create([SigningKeys::SECRET]).await?;
        let rotated = SigningKeys::rotate(&keys, self.context.clock.now())?;
        let public = SigningKeys::from_secret(&rotated)?;
        // Published before its use: no verifier meets an unknown key.
        Keyring::new(self.table(), self.context.clone(), "").publish(public.public()).await?;
        secrets.replace(SigningKeys::SECRET, rotated).await?;
        Ok(())
    }

    fn table(&self) -> Table {
        Table::new(&self.aws, self.table.clone(), self.context.clone())
    }

    fn path(&self) -> String {
        format!("/agora/{}/", self.context.stage)
    }
}

/// Context of the operator's operations.
fn context(stage: String, clock: Clock, random: Random) -> Context {
    let ids = Ids::new(clock.clone(), random.clone());
    Context { function: NAME, stage, clock, random, ids, log: Log::from_fn(|_| {}) }
}

fn count(
    tally: &mut Tally,
    created: Result<shared::identity::User, AccountError>,
) -> Result<(), AccountError> {
    match created {
        Ok(_) => tally.made += 1,
        Err(AccountError::EmailTaken) => tally.present += 1,
        Err(error) => return Err(error),
    }
    Ok(())
}
