//! `POST /api/v1/auth/email-verification-confirm`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{Client, Faults, Field, Json, NoContent, Problem},
    identity::{
        Caller, MaybeCaller, Revocation, User,
        accounts::{self, EMAIL_TAKEN},
        limits::Wait,
        mail_link::{Followed, Purpose},
        password,
    },
    table::{Attempt, item::Stored, optimistic},
    text::{Email, Invalid},
};
use utoipa::ToSchema;

use crate::{
    password_check::{self, PasswordRefusal, Proof},
    problems::{VERIFICATION_TOKEN_INVALID, WRONG_PASSWORD},
    state::Auth,
    store::{ChangeRefusal, NewCredentials},
};

/// The confirmation of an address.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmEmailRequest {
    /// Token of the mailed link.
    #[schema(value_type = String, examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
    /// Password of the account, so that it stays.
    #[schema(value_type = Option<String>, format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
}

shared::problems! {
    /// Errors of confirming an address.
    pub enum ConfirmEmailError {
        TokenInvalid => VERIFICATION_TOKEN_INVALID,
        WrongPassword => WRONG_PASSWORD,
        EmailTaken => EMAIL_TAKEN,
        Invalid(Faults),
        TooMany(Wait),
    }
}

impl From<PasswordRefusal> for ConfirmEmailError {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::Wrong => Self::WrongPassword,
            PasswordRefusal::Wait(wait) => Self::TooMany(wait),
        }
    }
}

/// Confirm an e-mail address
///
/// Proves that the mailbox is its owner's, and nothing else: the first confirmation of
/// an account ends its sessions and removes its password, since somebody else may
/// have registered the address. It keeps the password for a caller who shows it, and
/// the password and the session of one who is signed in to that account. Other links
/// and a change of address that were asked for before are void. A new password is set
/// by `password-reset-request`.
#[utoipa::path(
    post,
    path = "/api/v1/auth/email-verification-confirm",
    security((), ("bearer" = [])),
    request_body = ConfirmEmailRequest,
    responses(NoContent, ConfirmEmailError),
)]
pub async fn confirm_email(
    State(auth): State<Auth>,
    MaybeCaller(caller): MaybeCaller,
    client: Client,
    Json(body, mut faults): Json<ConfirmEmailRequest>,
) -> Result<NoContent, Problem> {
    let token = faults.required("/token", body.token, Ok::<String, Invalid>);
    let password = faults.optional("/password", body.password, |text| Ok(password::Attempt::new(text)));
    let (token, password) = faults.done((token, password)).map_err(ConfirmEmailError::from)?;
    let keys = auth.keys().await?;
    let followed =
        keys.link.follow(&token, auth.context.clock.now()).ok_or(ConfirmEmailError::TokenInvalid)?;
    let user = auth.store.get_user(followed.user).await?.ok_or(ConfirmEmailError::TokenInvalid)?;
    let shown = match password {
        Some(password) if proved(&followed, &user.entity).is_some() && !user.entity.email_verified => {
            let email = &user.entity.email;
            let checked = password_check::check(&auth, email, &password, Proof::Mail, client.address).await;
            let checked = checked.map_err(ConfirmEmailError::from)?;
            checked.counted.take_back(&auth).await?;
            Some(checked.login.entity.generation)
        }
        Some(_) | None => None,
    };
    let (auth, followed, caller) = (&auth, &followed, caller.as_ref());
    let (revocation, done) = optimistic(|| async move {
        let user = auth.store.get_user(followed.user).await?.ok_or(ConfirmEmailError::TokenInvalid)?;
        match proved(followed, &user.entity) {
            None => Err(ConfirmEmailError::TokenInvalid),
            Some(email) if user.entity.email_verified && email == user.entity.email => {
                Ok(Attempt::Done((None, NoContent)))
            }
            Some(email) => {
                let confirmed = confirm(auth, user, email, Known { caller, shown }).await?;
                Ok::<_, ConfirmEmailError>(confirmed.map(|revocation| (revocation, NoContent)))
            }
        }
    })
    .await?;
    if let Some(revocation) = revocation {
        auth.verifier.note(revocation).await;
    }
    Ok(done)
}

/// The address that a link proves to be the owner's.
fn proved(followed: &Followed<'_>, user: &User) -> Option<Email> {
    let pending = user.pending_email.as_ref();
    let pending = pending.filter(|pending| followed.proves(Purpose::ChangeEmail, pending.as_str()));
    let address = user.email.as_str();
    // The link to the address that the account was to get may have been followed before.
    let own =
        followed.proves(Purpose::ConfirmEmail, address) || followed.proves(Purpose::ChangeEmail, address);
    pending.or(own.then_some(&user.email)).cloned()
}

/// Signs that whoever follows the link owns the account, and not the mailbox alone.
#[derive(Debug, Clone, Copy)]
struct Known<'a> {
    /// Caller with a token.
    caller: Option<&'a Caller>,
    /// Generation of the login whose password they have shown.
    shown: Option<u32>,
}

/// Gives the account the proved address. The first confirmation ends its sessions and
/// removes its password, but for what is known to be the owner's.
async fn confirm(
    auth: &Auth,
    before: Stored<User>,
    email: Email,
    known: Known<'_>,
) -> Result<Attempt<Option<Revocation>>, ConfirmEmailError> {
    let keys = auth.keys().await?;
    // None where the account got its new address, or was deleted, just now.
    let login = auth.store.get_login(&keys.address.mailbox(&before.entity.email)).await?;
    let Some(login) = login else { return Ok(Attempt::Retry) };
    let address_mac = keys.address.mailbox(&email);
    let mut after = confirmed(auth, &before.entity);
    (after.email, after.pending_email) = (email, None);
    let session = match known.caller.filter(|caller| caller.user_id == after.id) {
        Some(caller) => auth.verifier.session(&caller.claims).await?,
        None => None,
    };
    let is_first = !before.entity.email_verified;
    let keep = session.map(|session| session.entity.id).filter(|_| is_first);
    if is_first && known.shown.is_some_and(|shown| shown != login.entity.generation) {
        // Another password has taken the place of the one that was shown.
        return Err(ConfirmEmailError::WrongPassword);
    }
    let keeps_password = !is_first || keep.is_some() || known.shown.is_some();
    let hash = login.entity.password_hash.clone().filter(|_| keeps_password);
    let revocation = is_first.then(|| {
        after.generation += 1;
        accounts::revoke_older_sessions(&after, keep, &auth.context.ids)
    });
    let change = NewCredentials { before, after, login, address_mac, hash, revocation, keep };
    match auth.store.change_credentials(&change).await {
        Ok(()) => Ok(Attempt::Done(change.revocation)),
        Err(Refused::By(ChangeRefusal::Outdated)) => Ok(Attempt::Retry),
        Err(Refused::By(ChangeRefusal::EmailTaken)) => Err(ConfirmEmailError::EmailTaken),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

/// The account with its address confirmed.
pub(super) fn confirmed(auth: &Auth, user: &User) -> User {
    User { email_verified: true, updated_at: auth.context.clock.now(), ..user.clone() }
}
