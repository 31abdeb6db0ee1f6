//! What somebody may do who has the machine in hand: make an administrator,
//! rotate the keys. The same on a running platform, over a local page, and on the
//! data folder of one that is not running.

use serde::{Deserialize, Serialize};
use shared::{
    Context, Failure,
    clock::Clock,
    id::Ids,
    identity::{
        Keyring, Role,
        password::{HashCost, Password},
        tokens::{ROTATION_PAUSE, RotationError, SigningKeys},
    },
    random::Random,
    secrets::Secrets,
    table::Table,
    telemetry::Log,
    text::{Email, Invalid, Locale},
};

use crate::{
    accounts::{AccountError, Accounts, NewAccount},
    cloud::Cloud,
    dead_letters::{self, DeadLetterError, DeadLetters},
    platform::sdk_config,
    stack::Stack,
};

/// The address of the administrator that a new platform has.
const FIRST_ADMINISTRATOR: &str = "admin@example.com";

/// What a hash costs that is made here, as the functions' do by default.
const HASH_COST: HashCost = HashCost { memory_kib: 47_104, iterations: 1, parallelism: 1 };

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Makes the account of an address an administrator's.
    GrantAdministrator {
        /// The address.
        email: String,
    },
    /// Lets the next key sign access tokens, and publishes another.
    RotateKeys,
    /// Looks at dead letters, or sends them back.
    DeadLetters(dead_letters::Command),
}

/// Why it is not done.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The address is none.
    #[error("{0}")]
    Invalid(Invalid),
    /// The account.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The keys.
    #[error("the keys are not rotated: {0}")]
    Rotation(#[from] RotationError),
    /// The dead letters.
    #[error(transparent)]
    DeadLetters(#[from] DeadLetterError),
    /// The table or the secrets.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<Invalid> for OperatorError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// An account that has just been made, and what it logs in with.
#[derive(Debug)]
pub struct Credentials {
    /// The address.
    pub email: Email,
    /// The password, which nobody else knows.
    pub password: String,
}

/// Whoever has the machine in hand.
#[derive(Clone)]
pub struct Operator {
    cloud: Cloud,
    stack: Stack,
    context: Context,
}

impl Operator {
    pub(crate) fn new(stack: &Stack, cloud: Cloud, clock: &Clock, random: &Random) -> Self {
        let context = Context {
            function: "agora",
            stage: "local".to_owned(),
            clock: clock.clone(),
            random: random.clone(),
            ids: Ids::new(clock.clone(), random.clone()),
            log: Log::from_fn(|_| {}),
        };
        Self { cloud, stack: stack.clone(), context }
    }

    /// Does what is asked for, and says what came of it.
    pub async fn run(&self, command: Command) -> Result<String, OperatorError> {
        match command {
            Command::GrantAdministrator { email } => {
                let email = Email::parse(&email)?;
                self.accounts().await?.grant_administrator(&email).await?;
                Ok("This account is an administrator's now. It has to log in anew.".to_owned())
            }
            Command::RotateKeys => {
                self.rotate_keys().await?;
                let minutes = ROTATION_PAUSE.as_secs() / 60;
                Ok(format!("The keys are rotated. They can be rotated again in {minutes} minutes."))
            }
            Command::DeadLetters(command) => {
                let aws = sdk_config(self.context.function, self.cloud.http_client());
                Ok(DeadLetters::local(&self.stack, aws).run(command).await?)
            }
        }
    }

    /// The accounts.
    pub async fn accounts(&self) -> Result<Accounts, AccountError> {
        let aws = sdk_config(self.context.function, self.cloud.http_client());
        Accounts::open(&aws, self.stack.table.name.clone(), self.path(), self.context.clone()).await
    }

    /// Makes the first administrator of a platform that has none.
    pub async fn first_administrator(&self) -> Result<Option<Credentials>, OperatorError> {
        let accounts = self.accounts().await?;
        if accounts.has_administrators().await? {
            return Ok(None);
        }
        let email = Email::parse(FIRST_ADMINISTRATOR)?;
        let password = format!("{}", self.context.ids.next::<shared::id::TokenKind>());
        let password_hash =
            HASH_COST.hash(Password::parse(password.clone(), &[])?, &self.context.random).await?;
        let account = NewAccount {
            email: email.clone(),
            name: None,
            locale: Locale::En,
            role: Role::Admin,
            password_hash: Some(password_hash),
        };
        accounts.create(account).await?;
        Ok(Some(Credentials { email, password }))
    }

    async fn rotate_keys(&self) -> Result<(), RotationError> {
        let aws = sdk_config(self.context.function, self.cloud.http_client());
        let secrets = Secrets::new(&aws, self.path(), self.context.random.clone());
        let [keys] = secrets.read_or_create([SigningKeys::SECRET]).await?;
        let rotated = SigningKeys::rotate(&keys, self.context.clock.now())?;
        let public = SigningKeys::from_secret(&rotated)?;
        let table = Table::new(&aws, self.stack.table.name.clone(), self.context.clone());
        // First published, then used: no verifier meets a key that it cannot find.
        Keyring::new(table, self.context.clone(), "").publish(public.public()).await?;
        secrets.replace(SigningKeys::SECRET, rotated).await?;
        Ok(())
    }

    fn path(&self) -> String {
        format!("/agora/{}/", self.context.stage)
    }
}
