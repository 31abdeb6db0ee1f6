//! `POST /api/v1/auth/login`

use axum::extract::State;
use futures::future::join;
use serde::Deserialize;
use shared::{
    http::{Client, Faults, Field, Json, Reply},
    identity::{limits::Wait, password::Attempt},
    table::item::Stored,
    text::Email,
};
use utoipa::ToSchema;

use crate::{
    password_check::{self, Checked, PasswordRefusal},
    problems::{ACCOUNT_BLOCKED, INVALID_CREDENTIALS},
    sign_in::{SignInReply, new_session},
    state::Auth,
};

/// Who wants in.
#[derive(Deserialize, ToSchema)]
pub struct LoginRequest {
    /// The address of the account.
    #[schema(value_type = Email)]
    email: Field<String>,
    /// Its password.
    #[schema(value_type = String, format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
}

shared::problems! {
    /// Why nobody is let in.
    pub enum LoginError {
        InvalidCredentials => INVALID_CREDENTIALS,
        Blocked => ACCOUNT_BLOCKED,
        Invalid(Faults),
        TooMany(Wait),
    }
}

impl From<PasswordRefusal> for LoginError {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::Wrong => Self::InvalidCredentials,
            PasswordRefusal::Wait(wait) => Self::TooMany(wait),
        }
    }
}

/// Log in
///
/// Signs an account in on this device. Ten failures from one network within 15
/// minutes, or a hundred from networks that the account has not logged in from,
/// make the next one wait.
#[utoipa::path(
    post,
    path = "/api/v1/auth/login",
    request_body = LoginRequest,
    responses(Reply<SignInReply>, LoginError),
)]
pub async fn login(
    State(auth): State<Auth>,
    client: Client,
    Json(body, mut faults): Json<LoginRequest>,
) -> Result<Reply<SignInReply>, LoginError> {
    let email = faults.required("/email", body.email, |text: String| Email::parse(&text));
    let password = faults.required("/password", body.password, |text| Ok(Attempt::new(text)));
    let (email, password) = faults.done((email, password))?;
    let checked = password_check::check(&auth, &email, &password, client.address).await?;
    // An address that nobody has confirmed tells nobody that its account exists.
    if auth.config.quiet_registration && !checked.user.entity.email_verified {
        return Err(LoginError::InvalidCredentials);
    }
    if !checked.user.entity.is_active() {
        return Err(LoginError::Blocked);
    }
    let session = new_session(&auth, &checked.user.entity, client);
    let (created, remembered) =
        join(auth.store.create_session(&session), remember(&auth, &checked, password)).await;
    created?;
    remembered?;
    Ok(Reply(SignInReply::new(&auth, checked.user, &session).await?))
}

/// Keeps what this login has taught: a network of its owner's, and a hash at the
/// present cost. Mostly that is nothing new.
async fn remember(auth: &Auth, checked: &Checked, password: Attempt) -> Result<(), shared::Failure> {
    let mut login = Stored { entity: checked.login.entity.clone(), version: checked.login.version };
    if checked.outdated {
        let hash = auth.hash_cost().rehash(password, &auth.context.random).await?;
        login.entity.password_hash = Some(hash);
    } else if login.entity.knows(&checked.network) {
        return Ok(());
    }
    login.entity.remember(checked.network.clone());
    auth.store.replace_login(&login).await
}
