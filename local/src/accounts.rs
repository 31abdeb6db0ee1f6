//! Account changes of an operator: the first administrator, seeds, imports. The
//! transactions are those of `shared`.

use shared::{
    Context, Failure, Refused,
    clock::Timestamp,
    context::SdkConfig,
    id::UserId,
    identity::{
        AddressKey, Authority, Login, User, UserCard,
        accounts::{self, EmailTaken, NewAccount, Refusals},
        password::{ImportedHashes, Scheme},
    },
    secrets::Secrets,
    table::{Attempt, Condition, Query, Table, item::Stored, optimistic, schema},
    text::Email,
    vocabulary::{Role, Status},
};

shared::operations! {
    /// Creates an account.
    CREATE = "local.accounts.create": 1 round trip, 0.0 read, 9.0 write;
    /// Reads the login of an address.
    GET_LOGIN = "local.accounts.get_login": 1 round trip, 1.0 read, 0.0 write;
    /// Reads an account.
    GET_USER = "local.accounts.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Looks for an administrator.
    LIST_ADMINISTRATORS = "local.accounts.list_administrators": 1 round trip, 0.5 read, 0.0 write;
    /// Reads the schemes of imported hashes.
    GET_IMPORTED_HASHES = "local.accounts.get_imported_hashes": 1 round trip, 1.0 read, 0.0 write;
    /// Records a scheme of imported hashes.
    PUT_IMPORTED_HASHES = "local.accounts.put_imported_hashes": 1 round trip, 0.0 read, 1.0 write;
    /// Grants an account the role of administrator.
    GRANT = "local.accounts.grant": 1 round trip, 0.0 read, 10.0 write;
}

/// Errors of creating or changing an account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The address has an account.
    #[error("this address has an account already")]
    EmailTaken,
    /// The address has no account.
    #[error("no account has this address")]
    NotFound,
    /// The table or the secrets failed.
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

    /// True if an administrator can sign in.
    pub async fn has_administrators(&self) -> Result<bool, AccountError> {
        let first = UserId::earliest(Timestamp::from_millis(0));
        let active = schema::users_by_role(&Role::Admin.into(), &Status::Active.into(), first);
        let query = Query::index(active).limit(1);
        let found = self.table.operation(&LIST_ADMINISTRATORS).list_cards::<UserCard>(query).await?;
        Ok(!found.is_empty())
    }

    /// Records the schemes of hashes before their import.
    pub async fn note_imported(&self, schemes: &[Scheme]) -> Result<(), AccountError> {
        optimistic(|| async {
            let key = schema::imported_hashes();
            let before: Option<Stored<ImportedHashes>> =
                self.table.operation(&GET_IMPORTED_HASHES).get(key).await?;
            let condition = before.as_ref().map_or(Condition::New, |it| Condition::Version(it.version));
            let mut imported = before.map(|before| before.entity).unwrap_or_default();
            if !imported.add(schemes.iter().cloned()) {
                return Ok(Attempt::Done(()));
            }
            let operation = self.table.operation(&PUT_IMPORTED_HASHES);
            Ok(Attempt::of(operation.put(&imported, condition, Vec::new()).await)?)
        })
        .await
    }

    /// Creates an account and publishes the event.
    pub async fn create(&self, account: NewAccount) -> Result<User, AccountError> {
        let id = self.context.ids.next();
        let (user, login) = account.open(id, &self.key);
        let transaction = self.table.operation(&CREATE).transaction();
        match accounts::create_with_authority(
            transaction,
            &user,
            &login,
            Authority::of_operator(),
            (EmailTaken, EmailTaken),
        )
        .commit()
        .await
        {
            Ok(()) => {}
            Err(Refused::By(EmailTaken)) => return Err(AccountError::EmailTaken),
            Err(Refused::Failed(failure)) => return Err(failure.into()),
        }
        Ok(user)
    }

    /// Grants the account of an address the role of administrator. Its sessions end,
    /// because their tokens hold the old role.
    pub async fn grant_administrator(&self, email: &Email) -> Result<(), AccountError> {
        let mailbox = self.key.mailbox(email);
        optimistic(|| async {
            let login: Option<Stored<Login>> =
                self.table.operation(&GET_LOGIN).get(schema::login(&mailbox)).await?;
            let id = login.ok_or(AccountError::NotFound)?.entity.user_id;
            let user: Option<Stored<User>> = self.table.operation(&GET_USER).get(schema::user(id)).await?;
            let before = user.ok_or(AccountError::NotFound)?;
            if before.entity.is_administrator() {
                return Ok(Attempt::Done(()));
            }
            let mut after = before.entity.clone();
            after.role = Role::Admin.into();
            after.generation += 1;
            after.updated_at = self.context.clock.now();
            let revocation = accounts::revoke_older_sessions(&after, None, &self.context.ids);
            let events = accounts::updated(&before.entity, &after, false).into_iter().collect();
            // The role is only granted, so both mean that a concurrent writer was
            // first.
            let refusals = Refusals { outdated: (), last_administrator: (), authority_lost: () };
            let transaction = self.table.operation(&GRANT).transaction();
            let replaced = accounts::replace_with_authority(
                transaction,
                &before,
                &after,
                Some(&mailbox),
                events,
                (Authority::of_operator(), refusals),
            );
            Ok(Attempt::of(replaced.put_new(&revocation).commit().await)?)
        })
        .await
    }
}
