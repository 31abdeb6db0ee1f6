//! Writes that belong together when an account is created, changed or deleted: its
//! login, its sessions, the count of administrators, its events. `auth` and `users`
//! compose their transactions of these parts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    AddressKey, Authority, Login, Preferences, Profile, PublicProfile, Revocation, Revoked, User,
    authority::needs_authority,
};
use crate::{
    bus::{
        DomainEvent,
        events::{UserCreated, UserDeleted, UserUpdated},
    },
    clock::Timestamp,
    http::problem::Named,
    id::{Ids, SessionId, UserId},
    table::{
        Condition, Expression, Transaction, Update,
        item::{Entity, Reader, Stored, Tombstone},
        schema::{self, Key},
    },
    text::{Email, PersonName},
    vocabulary::{Role, Status},
};

/// Lifetime of a deleted account's tombstone: longer than the bus's archive and the
/// dead-letter queues keep events.
const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// The condition that an account is there and not deleted.
pub fn exists() -> Condition {
    Condition::When(Expression::new("#type = :user").text(":user", User::TYPE))
}

/// Number of active administrators.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Administrators {
    count: u64,
}

impl Entity for Administrators {
    const TYPE: &'static str = "administrators";

    fn key(&self) -> Key {
        schema::administrators()
    }
}

pub(super) const ADMINISTRATORS: Reader = Reader::of::<Administrators>();

/// An account to be created.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Email address.
    pub email: Email,
    /// True if the address is verified.
    pub email_verified: bool,
    /// The person's name.
    pub name: Option<PersonName>,
    /// Role.
    pub role: Role,
    /// Status.
    pub status: Status,
    /// Profile.
    pub profile: Profile,
    /// Preferences.
    pub preferences: Preferences,
    /// Hash of the password; `None` until the owner chooses one.
    pub password_hash: Option<String>,
    /// Networks that the owner has signed in from.
    pub networks: Vec<String>,
}

impl NewAccount {
    /// An active user's account with only an address and an optional password.
    pub fn new(email: Email, password_hash: Option<String>) -> Self {
        Self {
            email,
            email_verified: false,
            name: None,
            role: Role::User,
            status: Status::Active,
            profile: Profile::default(),
            preferences: Preferences::default(),
            password_hash,
            networks: Vec::new(),
        }
    }

    /// As [`Self::new`], without a password and with a confirmed address.
    pub fn confirmed(email: Email) -> Self {
        Self { email_verified: true, ..Self::new(email, None) }
    }

    /// Makes the account and its login as they are first stored. The id has the time
    /// of creation.
    pub fn open(self, id: UserId, key: &AddressKey) -> (User, Login) {
        let login = Login {
            address_mac: key.mailbox(&self.email),
            user_id: id,
            password_hash: self.password_hash,
            generation: 1,
            networks: self.networks,
            has_profile: true,
        };
        let user = User {
            id,
            email: self.email,
            email_verified: self.email_verified,
            pending_email: None,
            name: self.name,
            role: self.role.into(),
            status: self.status.into(),
            profile: self.profile,
            preferences: self.preferences,
            generation: 1,
            updated_at: id.created_at(),
        };
        (user, login)
    }
}

/// An email address of another account.
pub const EMAIL_TAKEN: Named = Named::new(409, "email_taken", "This email address already has an account.")
    .explained(
        "Another account has this email address. Upper and lower case do not differ.",
        "Sign in, reset the password, or use another address.",
    );

/// Refusal of an account whose address belongs to another one.
#[derive(Debug, Clone, Copy)]
pub struct EmailTaken;

/// Refusals of an administrator's write.
#[derive(Debug, Clone, Copy)]
pub struct Refusals<E> {
    /// Another writer was faster.
    pub outdated: E,
    /// The account is that of the last active administrator.
    pub last_administrator: E,
    /// The caller is no longer an administrator.
    pub authority_lost: E,
}

/// Adds the writes and events that create an account without privileges.
pub fn create<'t, E>(
    transaction: Transaction<'t, E>,
    user: &User,
    login: &Login,
    email_taken: E,
) -> Transaction<'t, E> {
    let created = created(transaction, user, login, email_taken);
    if user.is_administrator() { created.broken("an administrator needs authority") } else { created }
}

/// Adds the writes and events that create an account of any role.
pub fn create_with_authority<'t, E>(
    transaction: Transaction<'t, E>,
    user: &User,
    login: &Login,
    authority: Authority,
    (email_taken, authority_lost): (E, E),
) -> Transaction<'t, E> {
    let transaction = created(transaction, user, login, email_taken);
    let transaction = authority.hold(transaction, user.id, authority_lost);
    if user.is_active_administrator() { increment_administrators(transaction) } else { transaction }
}

fn created<'t, E>(
    transaction: Transaction<'t, E>,
    user: &User,
    login: &Login,
    email_taken: E,
) -> Transaction<'t, E> {
    let created = DomainEvent::UserCreated(UserCreated {
        user_id: user.id,
        role: user.role.clone(),
        status: user.status.clone(),
        email_verified: user.email_verified,
        without_password: login.password_hash.is_none(),
    });
    transaction
        .put_new(login)
        .or(email_taken)
        .put_new_with(user, vec![created])
        .put_new(&PublicProfile::of(user, &login.address_mac))
}

/// Adds the write of the public profile of an account that an earlier release has created.
/// The account's version guards it.
pub fn add_public_profile<'t, E>(
    transaction: Transaction<'t, E>,
    user: &Stored<User>,
    address_mac: &str,
    outdated: E,
) -> Transaction<'t, E> {
    let profile = PublicProfile::of(&user.entity, address_mac);
    transaction.check(user.entity.key(), Condition::Version(user.version)).or(outdated).put(
        &profile,
        Condition::Any,
        Vec::new(),
    )
}

/// Adds the write of the public profile, if the change of the account changes it. The
/// account itself, written on the condition of its version, guards it.
fn with_public_profile<'t, E>(
    transaction: Transaction<'t, E>,
    before: &User,
    after: &User,
    address_mac: Option<&str>,
) -> Transaction<'t, E> {
    if !PublicProfile::changes(before, after) {
        return transaction;
    }
    match address_mac {
        Some(mac) => transaction.put(&PublicProfile::of(after, mac), Condition::Any, Vec::new()),
        None => transaction.broken("a public profile needs the MAC of the address"),
    }
}

/// Adds the writes and `events` that replace `before` with `after`, which has the
/// same role and status. `address_mac` is that of `after`; a change of the name or the
/// address needs it.
pub fn replace<'t, E>(
    transaction: Transaction<'t, E>,
    before: &Stored<User>,
    after: &User,
    address_mac: Option<&str>,
    events: Vec<DomainEvent>,
    outdated: E,
) -> Transaction<'t, E> {
    let transaction = transaction.put(after, Condition::Version(before.version), events).or(outdated);
    let transaction = with_public_profile(transaction, &before.entity, after, address_mac);
    if needs_authority(&before.entity, after) {
        return transaction.broken("a role or a status needs authority");
    }
    transaction
}

/// Adds the writes and `events` that replace `before` with `after`, of any role and
/// status. `address_mac` is as in [`replace`].
pub fn replace_with_authority<'t, E>(
    transaction: Transaction<'t, E>,
    before: &Stored<User>,
    after: &User,
    address_mac: Option<&str>,
    events: Vec<DomainEvent>,
    (authority, refusals): (Authority, Refusals<E>),
) -> Transaction<'t, E> {
    let transaction =
        transaction.put(after, Condition::Version(before.version), events).or(refusals.outdated);
    let transaction = with_public_profile(transaction, &before.entity, after, address_mac);
    let transaction = authority.hold(transaction, after.id, refusals.authority_lost);
    match (before.entity.is_active_administrator(), after.is_active_administrator()) {
        (false, true) => increment_administrators(transaction),
        (true, false) => decrement_administrators(transaction).or(refusals.last_administrator),
        (true, true) | (false, false) => transaction,
    }
}

/// Adds the writes and the event that delete an account and leave a tombstone. A
/// revocation ends its sessions. Without authority the account is the caller's own.
pub fn delete<'t, E>(
    transaction: Transaction<'t, E>,
    user: &Stored<User>,
    address_mac: &str,
    now: Timestamp,
    authority: Option<Authority>,
    refusals: Refusals<E>,
) -> Transaction<'t, E> {
    let id = user.entity.id;
    let deleted = DomainEvent::UserDeleted(UserDeleted { user_id: id });
    let tombstone = Tombstone::new(schema::user(id), now, TOMBSTONE_LIFETIME);
    let transaction = transaction
        .put(&tombstone, Condition::Version(user.version), vec![deleted])
        .or(refusals.outdated)
        .remove(
            schema::login(address_mac),
            Condition::When(Expression::new("#user_id = :user").text(":user", id)),
        )
        .remove(schema::public_profile(id), Condition::Any);
    let transaction = match authority {
        Some(authority) => authority.hold(transaction, id, refusals.authority_lost),
        None => transaction,
    };
    if user.entity.is_active_administrator() {
        decrement_administrators(transaction).or(refusals.last_administrator)
    } else {
        transaction
    }
}

/// The revocation of all sessions of a generation before the user's, except one.
pub fn revoke_older_sessions(user: &User, except: Option<SessionId>, ids: &Ids) -> Revocation {
    let of = Revoked::User { id: user.id, min_gen: user.generation, except };
    Revocation::new(ids.next(), user.id, of)
}

/// The event for the differences between two states of an account; `password` is true
/// if the password changed, which is not part of the account. `sessions` are among
/// the changes if a new generation ends them.
pub fn updated(before: &User, after: &User, password: bool) -> Option<DomainEvent> {
    let mut changed = before.changed(after);
    changed.extend(password.then(|| "password".to_owned()));
    changed.extend((before.generation != after.generation).then(|| "sessions".to_owned()));
    if changed.is_empty() {
        return None;
    }
    Some(DomainEvent::UserUpdated(UserUpdated {
        user_id: after.id,
        changed,
        role: after.role.clone(),
        status: after.status.clone(),
        email_verified: after.email_verified,
    }))
}

fn increment_administrators<E>(transaction: Transaction<'_, E>) -> Transaction<'_, E> {
    let count = Expression::new("#count = if_not_exists(#count, :none) + :one").number(":none", 0);
    transaction.update::<Administrators>(schema::administrators(), Update::set(count.number(":one", 1)))
}

fn decrement_administrators<E>(transaction: Transaction<'_, E>) -> Transaction<'_, E> {
    let count = Expression::new("#count = #count - :one").number(":one", 1);
    let update = Update::set(count).when(Expression::new("#count > :one"));
    transaction.update::<Administrators>(schema::administrators(), update)
}
