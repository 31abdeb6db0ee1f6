//! Table operations of the group.

use std::time::Duration;

use shared::{
    Failure, Refused, UnlessRefused as _,
    bus::{
        DomainEvent,
        events::{SessionCreated, SessionReuseDetected, SessionRevoked},
    },
    clock::Timestamp,
    id::{SessionId, UserId},
    identity::{
        Login, OutgoingMail, Revocation, Session, User, accounts,
        limits::{Limit, Limits, Wait},
    },
    table::{
        Attempt, Condition, ConditionFailed, Expression, Query, Table, Update,
        item::{Entity as _, Stored, Tombstone},
        schema,
    },
    vocabulary::RevocationReason,
};

use crate::{
    operations::{
        ADD_PUBLIC_PROFILE, AUTHENTICATE_SESSION, CHANGE_EMAIL, CHANGE_PASSWORD, CREATE_SESSION, GET_LOGIN,
        GET_SESSION, GET_USER, LIST_SESSIONS, REGISTER, REPLACE_LOGIN, REVOKE_SESSION, REVOKE_SESSIONS,
        ROTATE_SESSION,
    },
    refresh_token::RefreshToken,
};

/// Time within which a sign-in whose reply was lost may still commit: it must not
/// restore a session that has ended since.
const LATEST_SIGN_IN: Duration = Duration::from_hours(1);

/// Reason for a refused change of an account.
#[derive(Debug)]
pub(crate) enum ChangeRefusal {
    /// A concurrent writer was first.
    Outdated,
    /// Another account has the address.
    EmailTaken,
}

/// Reason for a refused registration.
#[derive(Debug)]
pub(crate) enum RegisterRefusal {
    /// The address has an account.
    EmailTaken,
    /// The address has got as many confirmation emails as it may.
    TooManyMails(Wait),
}

/// The account was deleted concurrently.
#[derive(Debug)]
pub(crate) struct AccountGone;

/// New credentials of an account: another address, another password, or both.
#[derive(Debug)]
pub(crate) struct NewCredentials {
    /// Account before the change.
    pub(crate) before: Stored<User>,
    /// Account after the change, with its next generation.
    pub(crate) after: User,
    /// Login before the change.
    pub(crate) login: Stored<Login>,
    /// HMAC of the address after the change.
    pub(crate) address_mac: String,
    /// Hash of the password; `None` for an account without one.
    pub(crate) hash: Option<String>,
    /// Revocation of the other sessions; `None` keeps them.
    pub(crate) revocation: Option<Revocation>,
    /// Session to keep.
    pub(crate) keep: Option<SessionId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Store {
    table: Table,
}

impl Store {
    pub(crate) fn new(table: Table) -> Self {
        Self { table }
    }

    /// Creates an account, signed in on the session's device, and publishes the event.
    pub(crate) async fn register(
        &self,
        user: User,
        login: &Login,
        session: &Session,
        mails: &[(String, Limit)],
    ) -> Result<Stored<User>, Refused<RegisterRefusal>> {
        let transaction = self.table.operation(&REGISTER).transaction();
        let mut transaction = accounts::create(transaction, &user, login, RegisterRefusal::EmailTaken)
            .put_new_with(session, vec![session_created(session)]);
        for (key, limit) in mails {
            let wait = Wait { limit: limit.count, retry_after: limit.window };
            let refusal = RegisterRefusal::TooManyMails(wait);
            transaction = Limits::take_with(transaction, key, *limit, session.id.created_at(), refusal);
        }
        transaction.commit().await?;
        Ok(Stored { entity: user, version: 1 })
    }

    /// The account, if there is one.
    pub(crate) async fn get_user(&self, id: UserId) -> Result<Option<Stored<User>>, Failure> {
        self.table.operation(&GET_USER).get(schema::user(id)).await
    }

    /// Login of an address.
    pub(crate) async fn get_login(&self, address_mac: &str) -> Result<Option<Stored<Login>>, Failure> {
        self.table.operation(&GET_LOGIN).get(schema::login(address_mac)).await
    }

    /// Signs a device in, if its account exists: the erasure of a deleted one would
    /// miss a session that is written after it.
    pub(crate) async fn create_session(&self, session: &Session) -> Result<(), Refused<AccountGone>> {
        let created = self
            .table
            .operation(&CREATE_SESSION)
            .transaction()
            .put_new_with(session, vec![session_created(session)])
            .check(schema::user(session.user_id), accounts::exists())
            .or(AccountGone)
            .commit();
        created.await
    }

    /// Replaces a login, unless a concurrent writer has: the lost update is a
    /// convenience only.
    pub(crate) async fn replace_login(&self, login: &Stored<Login>) -> Result<(), Failure> {
        let condition = Condition::Version(login.version);
        self.table
            .operation(&REPLACE_LOGIN)
            .put(&login.entity, condition, Vec::new())
            .await
            .unless_refused()
            .map(drop)
    }

    /// Replaces a login as [`replace_login`](Self::replace_login) does, and writes the public
    /// profile of its account, which has none.
    pub(crate) async fn replace_login_with_profile(
        &self,
        user: &Stored<User>,
        login: &Stored<Login>,
    ) -> Result<(), Failure> {
        let entity = Login { has_profile: true, ..login.entity.clone() };
        let transaction = self
            .table
            .operation(&ADD_PUBLIC_PROFILE)
            .transaction()
            .put(&entity, Condition::Version(login.version), Vec::new())
            .or(());
        let transaction = accounts::add_public_profile(transaction, user, &entity.address_mac, ());
        transaction.commit().await.unless_refused().map(drop)
    }

    /// Replaces the newest refresh token, which `token` must be, with the next one; the
    /// refusal holds the current session, if there is one.
    pub(crate) async fn rotate_session(
        &self,
        token: RefreshToken,
        now: Timestamp,
    ) -> Result<Session, Refused<ConditionFailed<Session>>> {
        let set = rotation(token.session_id, now);
        let condition = Expression::new("#counter = :seen AND #expires_at > :now_seconds")
            .number(":seen", token.counter)
            .number(":now_seconds", now.seconds());
        self.update_session(token, Update::set(set).remove("#grace").when(condition)).await
    }

    /// Accepts the previous refresh token, once.
    pub(crate) async fn rotate_session_in_grace(
        &self,
        token: RefreshToken,
        now: Timestamp,
    ) -> Result<Session, Refused<ConditionFailed<Session>>> {
        let mut set = rotation(token.session_id, now);
        set = set.and(", #grace = :true").boolean(":true", true);
        let condition = Expression::new("#counter = :seen AND attribute_not_exists(#grace)")
            .number(":seen", token.counter + 1);
        self.update_session(token, Update::set(set).when(condition)).await
    }

    async fn update_session(
        &self,
        token: RefreshToken,
        update: Update,
    ) -> Result<Session, Refused<ConditionFailed<Session>>> {
        let key = schema::session(token.user_id, token.session_id);
        self.table.operation(&ROTATE_SESSION).update(key, update).await.map(|stored| stored.entity)
    }

    /// Records a password check in the session; `None` if the session has ended.
    pub(crate) async fn authenticate_session(
        &self,
        user: UserId,
        session: SessionId,
        now: Timestamp,
    ) -> Result<Option<Session>, Failure> {
        let set = Expression::new("#authenticated_at = :now").text(":now", now);
        // A tombstone has no counter.
        let update = Update::set(set).when(Expression::new("attribute_exists(#counter)"));
        let operation = self.table.operation(&AUTHENTICATE_SESSION);
        let updated = operation.update(schema::session(user, session), update).await.unless_refused()?;
        Ok(updated.map(|stored: Stored<Session>| stored.entity))
    }

    /// Session of an account.
    pub(crate) async fn get_session(
        &self,
        user: UserId,
        session: SessionId,
    ) -> Result<Option<Stored<Session>>, Failure> {
        self.table.operation(&GET_SESSION).get(schema::session(user, session)).await
    }

    /// The sessions of an account, the newest first, before a given one.
    pub(crate) async fn list_sessions(
        &self,
        user: UserId,
        before: Option<SessionId>,
        limit: usize,
    ) -> Result<Vec<Session>, Failure> {
        // Only the partition key is used, so any session id will do.
        let any = schema::session(user, SessionId::earliest(Timestamp::from_millis(0)));
        let before = before.map(|before| before.to_string());
        let query = Query::table(any).descending(true).after(before).limit(limit);
        let sessions = self.table.operation(&LIST_SESSIONS).list(query).await?;
        Ok(sessions.into_iter().map(|stored: Stored<Session>| stored.entity).collect())
    }

    /// Ends a session as it was read.
    pub(crate) async fn revoke_session(
        &self,
        session: &Stored<Session>,
        reason: RevocationReason,
        revocation: &Revocation,
    ) -> Result<Attempt<()>, Failure> {
        let Session { id: session_id, user_id, .. } = session.entity;
        let mut events =
            vec![DomainEvent::SessionRevoked(SessionRevoked { session_id, user_id, reason: reason.into() })];
        if reason == RevocationReason::TokenReused {
            events.push(DomainEvent::SessionReuseDetected(SessionReuseDetected { session_id, user_id }));
        }
        let key = schema::session(user_id, session_id);
        let tombstone = Tombstone::new(key, revocation.id.created_at(), LATEST_SIGN_IN);
        let committed = self
            .table
            .operation(&REVOKE_SESSION)
            .transaction()
            // The tombstone carries the events, because every function reads the
            // revocation.
            .put(&tombstone, Condition::Version(session.version), events)
            .or(ChangeRefusal::Outdated)
            .put_new(revocation)
            .commit()
            .await;
        Attempt::of(committed)
    }

    /// Ends every session of an account, whose generation has grown in `after`.
    pub(crate) async fn revoke_sessions(
        &self,
        before: &Stored<User>,
        after: &User,
        revocation: &Revocation,
    ) -> Result<Attempt<()>, Failure> {
        let transaction = self.table.operation(&REVOKE_SESSIONS).transaction();
        let events = accounts::updated(&before.entity, after, false).into_iter().collect();
        let committed = accounts::replace(transaction, before, after, None, events, ChangeRefusal::Outdated)
            .put_new(revocation)
            .commit()
            .await;
        Attempt::of(committed)
    }

    /// Changes an account's credentials. Links emailed for the old ones become void.
    pub(crate) async fn change_credentials(
        &self,
        change: &NewCredentials,
    ) -> Result<(), Refused<ChangeRefusal>> {
        let NewCredentials { before, after, login, address_mac, hash, revocation, keep } = change;
        let mut new_login = login.entity.clone();
        // The owner is told of a new password. A removed password is no news to the
        // mailbox whose confirmation removed it.
        let password = hash.is_some() && new_login.password_hash != *hash;
        new_login.password_hash.clone_from(hash);
        new_login.generation += 1;
        new_login.address_mac.clone_from(address_mac);
        let moves = *address_mac != login.entity.address_mac;
        let operation = if moves { &CHANGE_EMAIL } else { &CHANGE_PASSWORD };
        let events = accounts::updated(&before.entity, after, password).into_iter().collect();
        let transaction = self.table.operation(operation).transaction();
        let mac = Some(address_mac.as_str());
        let transaction = accounts::replace(transaction, before, after, mac, events, ChangeRefusal::Outdated);
        let mut transaction = if moves {
            transaction
                .remove(login.entity.key(), Condition::Version(login.version))
                .or(ChangeRefusal::Outdated)
                .put_new(&new_login)
                .or(ChangeRefusal::EmailTaken)
                .put_new(&OutgoingMail::to_former_address(
                    &before.entity,
                    before.version + 1,
                    after.updated_at,
                ))
        } else {
            let condition = Condition::Version(login.version);
            transaction.put(&new_login, condition, Vec::new()).or(ChangeRefusal::Outdated)
        };
        if let Some(revocation) = revocation {
            transaction = transaction.put_new(revocation);
        }
        if let Some(session) = keep {
            let set = Expression::new("#gen = :gen").number(":gen", after.generation);
            // A session that has ended since must not be revived.
            let living = Expression::new("#gen = :living").number(":living", before.entity.generation);
            let update = Update::set(set).when(living);
            let key = schema::session(after.id, *session);
            transaction = transaction.update::<Session>(key, update).or(ChangeRefusal::Outdated);
        }
        transaction.commit().await
    }
}

fn session_created(session: &Session) -> DomainEvent {
    DomainEvent::SessionCreated(SessionCreated { session_id: session.id, user_id: session.user_id })
}

/// Update expression of a refresh.
fn rotation(session: SessionId, now: Timestamp) -> Expression {
    let end = Session::end(session, now);
    Expression::new(
        "#counter = #counter + :one, #used_at = :now, #ends_at = :end, #expires_at = :end_seconds",
    )
    .number(":one", 1)
    .text(":now", now)
    .text(":end", end)
    .number(":end_seconds", end.seconds())
}
