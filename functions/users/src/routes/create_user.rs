//! `POST /api/v1/users`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    Failure, Refused,
    http::{
        Created, Faults, Field, IdempotencyKey, IdempotencyRecord, Idempotent, KeyReused, Problem,
        Replayable, Versioned, once, problem::FORBIDDEN,
    },
    id::UserId,
    identity::{
        Authority, Preferences, Require, User, UserView,
        accounts::{EMAIL_TAKEN, NewAccount},
        password::{Candidate, Password},
        permission::{self, ManageUsers},
    },
    table::item::Stored,
    text::{Email, PersonName},
    vocabulary::{Locale, Role},
};
use utoipa::ToSchema;

use crate::{state::Users, store::CreateRefusal};

/// An account created by an administrator.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({
    "email": "grace@example.com",
    "password": "correct horse battery staple",
    "name": "Grace Hopper",
    "role": "USER",
    "locale": "en",
})))]
pub struct CreateUserRequest {
    /// Email address, used for sign-in.
    #[schema(value_type = Email)]
    email: Field<String>,
    /// Password. Without one, the person gets an email to choose it.
    #[schema(value_type = Option<Password>)]
    password: Field<String>,
    /// Display name.
    #[schema(value_type = Option<PersonName>)]
    name: Field<String>,
    /// Role. Defaults to `USER`; `ADMIN` requires a recent authentication of the
    /// caller.
    #[schema(value_type = Option<Role>)]
    role: Field<Role>,
    /// Language of emails: a BCP 47 tag whose language is `en` or `ru`. Defaults to
    /// `en`.
    #[schema(value_type = Option<String>, examples("en"))]
    locale: Field<String>,
}

shared::problems! {
    /// Errors of creating an account.
    pub enum CreateUserError {
        AuthorityLost => FORBIDDEN,
        EmailTaken => EMAIL_TAKEN,
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

/// The account, or its id if a replay finds it deleted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CreatedAccount {
    /// Current state of the account.
    Account(Box<UserView>),
    /// Id of a deleted account.
    Deleted(DeletedAccount),
}

/// A deleted account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeletedAccount {
    /// Id of the account.
    id: UserId,
    /// Version at its creation.
    #[schema(examples(1))]
    version: u64,
}

type CreatedUser = Versioned<Created<CreatedAccount>>;

/// Create an account
///
/// Creates an account with any role. The address is unconfirmed; without a password,
/// the person gets an email to choose one, which also confirms the address.
/// Administrators only.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    params(IdempotencyKey),
    security(("bearer" = ["manage_users", "recent_authentication"])),
    request_body = CreateUserRequest,
    responses(Replayable<CreatedUser>, CreateUserError),
)]
pub async fn create_user(
    State(users): State<Users>,
    administrator: Require<ManageUsers>,
    Idempotent(body, faults, attempt): Idempotent<CreateUserRequest>,
) -> Result<Replayable<CreatedUser>, Problem> {
    let NewUser { email, candidate, name, role, locale } =
        parse(body, faults).map_err(CreateUserError::from)?;
    let authority = if permission::is_privileged(role) {
        let recent = administrator.must_be_recent(&users.verifier).await?;
        Authority::judge(&administrator, &recent, None)
    } else {
        Authority::without_privileges(&administrator)
    };
    let authority = authority.ok_or(FORBIDDEN)?;
    let id: UserId = users.context.ids.next();
    let now = id.created_at();
    let record = attempt.record(administrator.user_id, &["password"], id, now);
    let password_hash = match candidate {
        Some(candidate) => {
            let personal = Password::personal(Some(&email), name.as_ref());
            let password = candidate.password(&personal, users.config.password_cost).await?;
            let password = password.map_err(|invalid| Faults::one("/password", invalid));
            let password = password.map_err(CreateUserError::from)?;
            Some(users.config.password_cost.hash(password, &users.context.random).await?)
        }
        None => None,
    };
    let account = NewAccount {
        name,
        role,
        preferences: Preferences { locale: locale.into(), ..Preferences::default() },
        ..NewAccount::new(email, password_hash)
    };
    let (user, login) = account.open(id, users.address_key().await?);
    let (users, record) = (&users, record.as_ref());
    let create = async {
        match users.store.create_user(&user, &login, record, authority).await {
            Ok(()) => Ok(Some(created(Stored { entity: user, version: 1 }))),
            Err(Refused::By(CreateRefusal::Repeated)) => Ok(None),
            Err(Refused::By(CreateRefusal::EmailTaken)) => Err(CreateUserError::EmailTaken),
            Err(Refused::By(CreateRefusal::AuthorityLost)) => Err(CreateUserError::AuthorityLost),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    };
    Ok(once(create, first_reply(users, record)).await?)
}

fn created(user: Stored<User>) -> CreatedUser {
    let (id, version) = (user.entity.id, user.version);
    reply(id, version, CreatedAccount::Account(Box::new(user.into())))
}

fn reply(id: UserId, version: u64, body: CreatedAccount) -> CreatedUser {
    Versioned(version, Created { location: format!("/api/v1/users/{id}"), body })
}

/// The account that the first request created. The record keeps its id alone, since a
/// reply is personal: for a deleted account the reply has the id and the version at its
/// creation.
async fn first_reply(
    users: &Users,
    record: Option<&IdempotencyRecord>,
) -> Result<Option<CreatedUser>, CreateUserError> {
    let Some(first) = users.store.first_request(record).await? else { return Ok(None) };
    let id: UserId = first.resource().parse().map_err(Failure::internal)?;
    Ok(Some(match users.store.get_user(id).await? {
        Some(user) => created(user),
        None => reply(id, 1, CreatedAccount::Deleted(DeletedAccount { id, version: 1 })),
    }))
}

/// Valid body.
struct NewUser {
    email: Email,
    candidate: Option<Candidate>,
    name: Option<PersonName>,
    role: Role,
    locale: Locale,
}

fn parse(body: CreateUserRequest, mut faults: Faults) -> Result<NewUser, Faults> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let name = faults.optional("/name", body.name, |text: String| PersonName::parse(&text));
    let role = faults.optional("/role", body.role, Ok);
    let locale = faults.optional("/locale", body.locale, |text: String| Locale::parse(&text));
    let candidate = faults.optional("/password", body.password, Candidate::parse);
    let (email, candidate, name, role, locale) = faults.done((email, candidate, name, role, locale))?;
    Ok(NewUser {
        email,
        candidate,
        name,
        role: role.unwrap_or(Role::User),
        locale: locale.unwrap_or_default(),
    })
}
