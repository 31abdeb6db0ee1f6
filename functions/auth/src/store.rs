//! How the group uses the table.

use shared::{
    Failure,
    bus::{DomainEvent, events::UserCreated},
    id::UserId,
    identity::{Login, Session, User},
    table::{Condition, Table, WriteError, item::Stored, schema},
};

shared::operations! {
    /// Makes an account: login, user and session in one transaction.
    REGISTER = "auth.register": 1 round trip, 0.0 read, 6.0 write;
    /// Reads an account.
    GET_USER = "auth.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Writes an account anew, with what has happened to it.
    REPLACE_USER = "auth.replace_user": 1 round trip, 0.0 read, 1.0 write;
}

/// That the address has an account already.
#[derive(Debug)]
pub(crate) enum RegisterRefusal {
    EmailTaken,
    Failed(Failure),
}

impl From<Failure> for RegisterRefusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Store {
    table: Table,
}

impl Store {
    pub(crate) fn new(table: Table) -> Self {
        Self { table }
    }

    /// Makes an account, signed in on the session's device, and announces it.
    pub(crate) async fn register(
        &self,
        user: User,
        login: &Login,
        session: &Session,
    ) -> Result<Stored<User>, RegisterRefusal> {
        let created = DomainEvent::UserCreated(UserCreated {
            user_id: user.id,
            role: user.role,
            status: user.status,
            email_verified: user.email_verified,
        });
        self.table
            .operation(&REGISTER)
            .transaction()
            .put_new(login)
            .or(RegisterRefusal::EmailTaken)
            .put_new_with(&user, vec![created])
            .put_new(session)
            .commit()
            .await?;
        Ok(Stored { entity: user, version: 1 })
    }

    /// Writes an account over the version that was read; false where somebody
    /// else has done so meanwhile.
    pub(crate) async fn replace_user(
        &self,
        user: &Stored<User>,
        event: DomainEvent,
    ) -> Result<bool, Failure> {
        let condition = Condition::Version(user.version);
        match self.table.operation(&REPLACE_USER).put(&user.entity, condition, vec![event]).await {
            Ok(()) => Ok(true),
            Err(WriteError::ConditionFailed(_)) => Ok(false),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }

    /// The account, if there is one.
    pub(crate) async fn get_user(&self, id: UserId) -> Result<Option<Stored<User>>, Failure> {
        self.table.operation(&GET_USER).get(schema::user(id)).await
    }
}
