//! Accounts that somebody with the machine in hand makes or changes: the first
//! administrator, seeds, imports. What belongs together is `shared`'s; here it is
//! only asked for.

use shared::{
    Context, Failure,
    clock::Timestamp,
    context::SdkConfig,
    id::{Ids, UserId},
    identity::{
        AddressKey, Login, Preferences, Profile, Role, Status, User, UserCard,
        accounts::{self, Refusals},
    },
    secrets::Secrets,
    table::{
        Query, Table,
        item::Stored,
        optimistic,
        schema::{self, IndexKey},
    },
    text::{Email, PersonName},
};

shared::operations! {
    /// Makes an account.
    CREATE = "local.accounts.create": 1 round trip, 0.0 read, 7.0 write;
    /// Reads what an address logs in with.
    GET_LOGIN = "local.accounts.get_login": 1 round trip, 1.0 read, 0.0 write;
    /// Reads an account.
    GET_USER = "local.accounts.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Looks for an administrator.
    LIST_ADMINISTRATORS = "local.accounts.list_administrators": 1 round trip, 0.5 read, 0.0 write;
    /// Makes an account an administrator's.
    GRANT = "local.accounts.grant": 1 round trip, 0.0 read, 10.0 write;
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its address.
    pub email: Email,
    /// Whether the address is known to be its owner's.
    pub email_verified: bool,
    /// Its owner's name.
    pub name: Option<PersonName>,
    /// What it may do.
    pub role: Role,
    /// Whether it may be used.
    pub status: Status,
    /// What its owner says of themselves.
    pub profile: Profile,
    /// What its owner has chosen.
    pub preferences: Preferences,
    /// Its password's hash, if it has one.
    pub password_hash: Option<String>,
}

impl NewAccount {
    /// A person's of whom nothing is known but an address, which is confirmed.
    pub fn of(email: Email) -> Self {
        Self {
            email,
            email_verified: true,
            name: None,
            role: Role::User,
            status: Status::Active,
            profile: Profile::default(),
            preferences: Preferences::default(),
            password_hash: None,
        }
    }
}

/// Why an account is not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The address has one.
    #[error("this address has an account already")]
    EmailTaken,
    /// The address has none.
    #[error("no account has this address")]
    NotFound,
    /// Somebody else has written it meanwhile.
    #[error("somebody else keeps writing this account")]
    Outdated,
    /// The table or the secrets.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// The accounts of a stack.
#[derive(Debug, Clone)]
pub struct Accounts {
    table: Table,
    key: AddressKey,
    context: Context,
}

impl Accounts {
    /// The accounts in the table `name`, whose secrets are below `path`.
    pub async fn open(
        aws: &SdkConfig,
        name: String,
        path: String,
        context: Context,
    ) -> Result<Self, AccountError> {
        let secrets = Secrets::new(aws, path, context.random.clone());
        let [key] = secrets.read_or_create([AddressKey::SECRET]).await?;
        let key = AddressKey::from_secret(&key)?;
        Ok(Self { table: Table::new(aws, name, context.clone()), key, context })
    }

    /// Whether there is an administrator who can log in.
    pub async fn has_administrators(&self) -> Result<bool, AccountError> {
        let IndexKey { index, key } =
            schema::users_by_role(Role::Admin, Status::Active, UserId::earliest(Timestamp::from_millis(0)));
        let query = Query::index(index, key.pk).limit(1);
        let found = self.table.operation(&LIST_ADMINISTRATORS).list_cards::<UserCard>(query).await?;
        Ok(!found.is_empty())
    }

    /// Makes an account and announces it.
    pub async fn create(&self, account: NewAccount) -> Result<User, AccountError> {
        let ids: &Ids = &self.context.ids;
        let user = User {
            id: ids.next(),
            email: account.email,
            email_verified: account.email_verified,
            pending_email: None,
            name: account.name,
            role: account.role,
            status: account.status,
            profile: account.profile,
            preferences: account.preferences,
            generation: 1,
            updated_at: self.context.clock.now(),
        };
        let login = Login {
            address_mac: self.key.mailbox(&user.email),
            user_id: user.id,
            password_hash: account.password_hash,
            generation: 1,
            networks: Vec::new(),
        };
        let transaction = self.table.operation(&CREATE).transaction();
        accounts::create(transaction, &user, &login, AccountError::EmailTaken).commit().await?;
        Ok(user)
    }

    /// Makes the account of an address an administrator's. Its sessions end:
    /// their tokens say what it could do before.
    pub async fn grant_administrator(&self, email: &Email) -> Result<(), AccountError> {
        let mailbox = self.key.mailbox(email);
        optimistic(|| async {
            let login: Option<Stored<Login>> =
                self.table.operation(&GET_LOGIN).get(schema::login(&mailbox)).await?;
            let id = login.ok_or(AccountError::NotFound)?.entity.user_id;
            let user: Option<Stored<User>> = self.table.operation(&GET_USER).get(schema::user(id)).await?;
            let before = user.ok_or(AccountError::NotFound)?;
            if before.entity.role == Role::Admin {
                return Ok(Some(()));
            }
            let mut after = before.entity.clone();
            after.role = Role::Admin;
            after.generation += 1;
            after.updated_at = self.context.clock.now();
            let revocation = accounts::revoke_older_sessions(&after, None, &self.context.ids);
            let events = accounts::updated(&before.entity, &after, false).into_iter().collect();
            let refusals =
                Refusals { outdated: AccountError::Outdated, last_administrator: AccountError::Outdated };
            let transaction = self.table.operation(&GRANT).transaction();
            let replaced = accounts::replace(transaction, &before, &after, events, refusals);
            match replaced.put_new(&revocation).commit().await {
                Ok(()) => Ok(Some(())),
                Err(AccountError::Outdated) => Ok(None),
                Err(error) => Err(error),
            }
        })
        .await
    }
}
