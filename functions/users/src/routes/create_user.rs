//! `POST /api/v1/users`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    http::{
        Created, Faults, Field, IdempotencyKey, IdempotencyRecord, Idempotent, KeyReused, Problem,
        Replayable, Versioned,
    },
    id::UserId,
    identity::{
        Preferences, Require, User, UserView,
        accounts::NewAccount,
        password::Password,
        permission::{self, ManageUsers},
    },
    table::item::Stored,
    text::{Email, PersonName},
    vocabulary::{Locale, Role},
};
use utoipa::ToSchema;

use crate::{state::Users, store::CreateRefusal};

/// An account that an administrator makes.
#[derive(Deserialize, ToSchema)]
pub struct CreateUserRequest {
    /// Where the person is reached, and what they log in with.
    #[schema(value_type = Email)]
    email: Field<String>,
    /// Without one, a mail asks the person to choose it.
    #[schema(value_type = Option<Password>)]
    password: Field<String>,
    /// What the person is called.
    #[schema(value_type = Option<PersonName>)]
    name: Field<String>,
    /// What the account may do; `USER` where nothing is said. `ADMIN` wants a
    /// recent password of the caller's.
    #[schema(value_type = Option<Role>)]
    role: Field<Role>,
    /// The language of mails: a BCP 47 tag whose language is `en` or `ru`.
    #[schema(value_type = Option<String>, examples("en"))]
    locale: Field<String>,
}

shared::problems! {
    /// Why no account is made.
    pub enum CreateUserError {
        /// This e-mail address has an account already.
        EmailTaken => 409 email_taken,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
        /// This Idempotency-Key was used for another request.
        KeyReused(#[from] KeyReused) => 422 idempotency_key_reused,
    }
}

type CreatedUser = Replayable<Versioned<Created<UserView>>>;

/// Make an account
///
/// For administrators, with any role. The address still is to be confirmed; with
/// no password, the person gets a mail that lets them choose one, which confirms
/// it too.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    params(IdempotencyKey),
    security(("bearer" = ["manage_users", "recent_authentication"])),
    request_body = CreateUserRequest,
    responses(CreatedUser, CreateUserError),
)]
pub async fn create_user(
    State(users): State<Users>,
    administrator: Require<ManageUsers>,
    Idempotent(body, faults, attempt): Idempotent<CreateUserRequest>,
) -> Result<CreatedUser, Problem> {
    let NewUser { email, password, name, role, locale } =
        parse(body, faults).map_err(CreateUserError::from)?;
    if permission::is_privileged(role) {
        administrator.must_be_recent(&users.verifier).await?;
    }
    let now = users.context.clock.now();
    let id: UserId = users.context.ids.next();
    let record = attempt.record(administrator.user_id, &["password"], id, now);
    let password_hash = match password {
        Some(password) => Some(users.hash_cost().hash(password, &users.context.random).await?),
        None => None,
    };
    let account = NewAccount {
        name,
        role,
        preferences: Preferences { locale: locale.into(), ..Preferences::default() },
        ..NewAccount::new(email, password_hash)
    };
    let (user, login) = account.open(id, users.address_key().await?, now);
    match users.store.create_user(&user, &login, record.as_ref()).await {
        Ok(()) => Ok(created(false, Stored { entity: user, version: 1 })),
        Err(CreateRefusal::Repeated) => {
            let made_before = made_before(&users, record).await.map_err(Problem::from)?;
            Ok(created(true, made_before))
        }
        Err(CreateRefusal::EmailTaken) => Err(CreateUserError::EmailTaken.into()),
        Err(CreateRefusal::Failed(failure)) => Err(failure.into()),
    }
}

fn created(replayed: bool, user: Stored<User>) -> CreatedUser {
    let location = format!("/api/v1/users/{}", user.entity.id);
    let reply = Versioned(user.version, Created { location, body: user.into() });
    Replayable { replayed, reply }
}

/// What a request has made that comes again.
async fn made_before(
    users: &Users,
    record: Option<IdempotencyRecord>,
) -> Result<Stored<User>, CreateUserError> {
    let gone = || Failure::unavailable("what was made before cannot be shown");
    let record = record.ok_or_else(gone)?;
    let first = users.store.get_idempotency_record(&record).await?.ok_or_else(gone)?;
    let id: UserId = record.repeats(&first)?.parse().map_err(Failure::internal)?;
    Ok(users.store.get_user(id).await?.ok_or_else(gone)?)
}

/// A body whose every field is valid.
struct NewUser {
    email: Email,
    password: Option<Password>,
    name: Option<PersonName>,
    role: Role,
    locale: Locale,
}

fn parse(body: CreateUserRequest, mut faults: Faults) -> Result<NewUser, Faults> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let name = faults.optional("/name", body.name, |text: String| PersonName::parse(&text));
    let role = faults.optional("/role", body.role, Ok);
    let locale = faults.optional("/locale", body.locale, |text: String| Locale::parse(&text));
    let personal = Password::personal(email.as_ref(), name.as_ref().and_then(Option::as_ref));
    let password = faults.optional("/password", body.password, |text| Password::parse(text, &personal));
    let (email, password, name, role, locale) = faults.done((email, password, name, role, locale))?;
    Ok(NewUser {
        email,
        password,
        name,
        role: role.unwrap_or(Role::User),
        locale: locale.unwrap_or_default(),
    })
}
