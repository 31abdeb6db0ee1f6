//! `POST /api/v1/auth/register`

use std::net::IpAddr;

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure, Refused, UnlessRefused as _,
    bus::{DomainEvent, events::UserRegistrationRepeated},
    http::{Accepted, Client, Created, Either, Faults, Field, Json, Language},
    identity::{
        Preferences,
        accounts::{EMAIL_TAKEN, NewAccount},
        limits::Wait,
        password::{Candidate, Password},
    },
    text::{Email, PersonName},
    vocabulary::Locale,
};
use utoipa::ToSchema;

use crate::{
    mail_requests::{self, MailPurpose},
    sign_in::{SignInReply, new_session},
    state::Auth,
    store::RegisterRefusal,
};

/// Registration of an account.
#[derive(Deserialize, ToSchema)]
pub struct RegisterRequest {
    /// Email address, used for sign-in.
    #[schema(value_type = Email)]
    email: Field<String>,
    /// Password for sign-in.
    #[schema(value_type = Password)]
    password: Field<String>,
    /// Display name.
    #[schema(value_type = Option<PersonName>)]
    name: Field<String>,
    /// Language of emails: a BCP 47 tag whose language is `en` or `ru`. Defaults to the
    /// language of `Accept-Language`.
    #[schema(value_type = Option<String>, examples("en"))]
    locale: Field<String>,
}

shared::problems! {
    /// Errors of registering.
    pub enum RegisterError {
        EmailTaken => EMAIL_TAKEN,
        Invalid(Faults),
        TooMany(Wait),
    }
}

/// Register an account
///
/// Creates an account, signs it in on this device and sends an email to confirm the
/// address. A platform that hides which addresses have accounts answers 202 for free
/// and taken addresses alike; the owner of a taken address gets an email.
#[utoipa::path(
    post,
    path = "/api/v1/auth/register",
    request_body = RegisterRequest,
    responses(Either<Created<SignInReply>, Accepted>, RegisterError),
)]
pub async fn register(
    State(auth): State<Auth>,
    client: Client,
    Language(language): Language,
    Json(body, faults): Json<RegisterRequest>,
) -> Result<Either<Created<SignInReply>, Accepted>, RegisterError> {
    let Registration { email, candidate, name, locale } = parse(body, faults, language)?;
    let keys = auth.keys().await?;
    let now = auth.context.clock.now();
    if auth.config.network_limits.count(client.address) {
        let key = format!("register.{}", keys.address.site(client.address));
        auth.limits.take(&key, auth.config.registrations_per_hour.into(), now, Vec::new()).await?;
    }
    let personal = Password::personal(Some(&email), name.as_ref());
    let password = candidate.password(&personal, auth.config.password_cost).await?;
    let password = password.map_err(|invalid| Faults::one("/password", invalid))?;
    let password_hash = auth.config.password_cost.hash(password, &auth.context.random).await?;

    let account = NewAccount {
        name,
        preferences: Preferences { locale: locale.into(), ..Preferences::default() },
        networks: vec![keys.address.network(client.address)],
        ..NewAccount::new(email, Some(password_hash))
    };
    let (user, login) = account.open(auth.context.ids.next(), &keys.address);
    let address = client.address;
    let session = new_session(&auth, &user, client);
    let email = user.email.clone();
    // Otherwise registering and deleting an account again and again would send any number
    // of confirmation emails.
    let mails = mail_requests::counts(&auth, &email, address, MailPurpose::Registration).await?;
    let registered = auth.store.register(user, &login, &session, &mails).await;
    if auth.config.quiet_registration {
        let is_taken = match registered {
            // Beyond the limit of mails no account is created. Another answer would tell
            // that the address is free.
            Ok(_) | Err(Refused::By(RegisterRefusal::TooManyMails(_))) => false,
            Err(Refused::By(RegisterRefusal::EmailTaken)) => true,
            Err(Refused::Failed(failure)) => return Err(failure.into()),
        };
        tell_owner(&auth, &email, address, is_taken).await?;
        return Ok(Either::Second(Accepted::default()));
    }
    match registered {
        Ok(user) => Ok(Either::First(Created {
            location: "/api/v1/users/me".to_owned(),
            body: SignInReply::new(&auth, user, &session, None).await?,
        })),
        Err(Refused::By(RegisterRefusal::EmailTaken)) => Err(RegisterError::EmailTaken),
        Err(Refused::By(RegisterRefusal::TooManyMails(wait))) => Err(RegisterError::TooMany(wait)),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

/// Tells the owner of a taken address that it was registered again; for a free one,
/// does the same work only.
async fn tell_owner(
    auth: &Auth,
    email: &Email,
    address: Option<IpAddr>,
    is_taken: bool,
) -> Result<(), Failure> {
    let event = is_taken.then_some(|request_id, address_mac| {
        DomainEvent::UserRegistrationRepeated(UserRegistrationRepeated { request_id, address_mac })
    });
    // Refused once the owner has got the hourly number of emails.
    let told = mail_requests::request(auth, email, address, MailPurpose::RegisteredAlready, event).await;
    told.unless_refused().map(drop)
}

/// Valid body.
struct Registration {
    email: Email,
    candidate: Candidate,
    name: Option<PersonName>,
    locale: Locale,
}

fn parse(
    body: RegisterRequest,
    mut faults: Faults,
    language: Option<Locale>,
) -> Result<Registration, Faults> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let name = faults.optional("/name", body.name, |text: String| PersonName::parse(&text));
    let locale = faults.optional("/locale", body.locale, |text: String| Locale::parse(&text));
    let candidate = faults.required("/password", body.password, Candidate::parse);
    let (email, candidate, name, locale) = faults.done((email, candidate, name, locale))?;
    Ok(Registration { email, candidate, name, locale: locale.or(language).unwrap_or_default() })
}
