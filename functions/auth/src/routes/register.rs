//! `POST /api/v1/auth/register`

use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{Client, Created, Faults, Field, Json},
    identity::{Login, Preferences, Role, Session, Status, User, password::Password},
    text::{Email, Locale, PersonName},
};
use utoipa::ToSchema;

use crate::{state::Auth, store::RegisterRefusal, tokens::TokenReply};

/// How long a session lives without a refresh.
const IDLE_LIMIT: Duration = Duration::from_hours(14 * 24);

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
pub struct RegisterRequest {
    /// Where the person is reached, and what they log in with.
    #[schema(format = "email", examples("ada@example.com"))]
    email: Field<String>,
    /// 8 to 256 characters that are hard to guess.
    #[schema(format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
    /// What the person is called.
    #[schema(required = false, examples("Ada Lovelace"))]
    name: Field<String>,
    /// The language of mails: a BCP 47 tag whose language is `en` or `ru`.
    #[schema(required = false, examples("en"))]
    locale: Field<String>,
}

shared::problems! {
    /// Why nobody is registered.
    pub enum RegisterError {
        /// This e-mail address has an account already.
        EmailTaken => 409 email_taken,
        /// One or more fields are not valid.
        Invalid(Faults) => 422 invalid_fields,
    }
}

impl From<RegisterRefusal> for RegisterError {
    fn from(refusal: RegisterRefusal) -> Self {
        match refusal {
            RegisterRefusal::EmailTaken => Self::EmailTaken,
            RegisterRefusal::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Register
///
/// Makes an account and signs it in on this device. A mail asks to confirm the
/// address.
#[utoipa::path(
    post,
    path = "/api/v1/auth/register",
    request_body = RegisterRequest,
    responses(Created<TokenReply>, RegisterError),
)]
pub async fn register(
    State(auth): State<Auth>,
    client: Client,
    Json(body, faults): Json<RegisterRequest>,
) -> Result<Created<TokenReply>, RegisterError> {
    let Registration { email, password, name, locale } = parse(body, faults)?;
    let keys = auth.keys().await?;
    let password_hash = auth.hash_cost().hash(password, &auth.context.random).await?;

    let now = auth.context.clock.now();
    let ids = &auth.context.ids;
    let user = User {
        id: ids.next(),
        email_verified: false,
        name,
        role: Role::User,
        status: Status::Active,
        preferences: Preferences { locale },
        generation: 1,
        created_at: now,
        updated_at: now,
        email,
    };
    let login = Login {
        address_mac: keys.login.mac(&user.email),
        user_id: user.id,
        password_hash,
        generation: 1,
    };
    let session = Session {
        id: ids.next(),
        user_id: user.id,
        counter: 1,
        generation: user.generation,
        user_agent: client.user_agent,
        address: client.address,
        authenticated_at: now,
        created_at: now,
        used_at: now,
        ends_at: now + IDLE_LIMIT,
    };

    let user = auth.store.register(user, &login, &session).await?;
    Ok(Created {
        location: "/api/v1/auth/me".to_owned(),
        body: TokenReply::new(&auth, user, &session).await?,
    })
}

/// A body whose every field is valid.
struct Registration {
    email: Email,
    password: Password,
    name: Option<PersonName>,
    locale: Locale,
}

fn parse(body: RegisterRequest, mut faults: Faults) -> Result<Registration, RegisterError> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let name = faults.optional("/name", body.name, |text: String| PersonName::parse(&text));
    let locale = faults.optional("/locale", body.locale, |text: String| Locale::parse(&text));
    let personal: Vec<&str> = email
        .iter()
        .flat_map(|email| email.as_str().split('@').chain([email.as_str()]))
        .chain(name.iter().flatten().map(PersonName::as_str))
        .collect();
    let password = faults.required("/password", body.password, |text| Password::parse(text, &personal));
    match (email, password, name, locale) {
        (Some(email), Some(password), Some(name), Some(locale)) if faults.is_empty() => {
            Ok(Registration { email, password, name, locale: locale.unwrap_or_default() })
        }
        _ => Err(RegisterError::Invalid(faults)),
    }
}
