//! `POST /api/v1/auth/email-verification-confirm`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{Client, Faults, Field, Json, NoContent, Problem},
    id::UserKind,
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

/// Confirmation of an email address.
#[derive(Deserialize, ToSchema)]
pub struct ConfirmEmailRequest {
    /// Token from the emailed link.
    #[schema(value_type = String, examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
    /// Current password of the account. If it is right, the first confirmation of the
    /// address keeps it.
    #[schema(value_type = Option<String>, format = "password", examples("correct horse battery staple"))]
    password: Field<String>,
}

shared::problems! {
    /// Errors of confirming an email address.
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

/// Confirm an email address
///
/// Confirms that the caller can read the mailbox. The first confirmation of an address,
/// also of a changed one, ends the account's sessions and removes its password, because
/// another person may have entered the address; set a new password with
/// `password-reset-request`. A caller who sends the current password keeps it, and a caller
/// who is signed in to the account keeps the password and the session. Links sent earlier
/// and a pending change of address become void.
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
    let user = auth.store.get_user(followed.subject).await?.ok_or(ConfirmEmailError::TokenInvalid)?;
    let proves_a_new_address =
        proved(&followed, &user.entity).is_some_and(|email| is_first(&user.entity, &email));
    let shown = match password {
        Some(password) if proves_a_new_address => {
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
        let user = auth.store.get_user(followed.subject).await?.ok_or(ConfirmEmailError::TokenInvalid)?;
        match proved(followed, &user.entity) {
            None => Err(ConfirmEmailError::TokenInvalid),
            Some(email) if !is_first(&user.entity, &email) => Ok(Attempt::Done((None, NoContent))),
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

/// Address that the link proves to be the owner's.
fn proved(followed: &Followed<'_, UserKind>, user: &User) -> Option<Email> {
    let pending = user.pending_email.as_ref();
    let pending = pending.filter(|pending| followed.proves(Purpose::ChangeEmail, pending.as_str()));
    let address = user.email.as_str();
    // The link to the pending address may have been followed before.
    let own =
        followed.proves(Purpose::ConfirmEmail, address) || followed.proves(Purpose::ChangeEmail, address);
    pending.or(own.then_some(&user.email)).cloned()
}

/// True if `email` has not been confirmed for the account before. The account's former
/// address may have been: whoever confirmed that one need not own this one.
fn is_first(user: &User, email: &Email) -> bool {
    !user.email_verified || user.email != *email
}

/// Evidence that the caller owns the account, and not the mailbox alone.
#[derive(Debug, Clone, Copy)]
struct Known<'a> {
    /// Caller with a token.
    caller: Option<&'a Caller>,
    /// Generation of the login whose password the caller has sent.
    shown: Option<u32>,
}

/// Gives the account the proved address, which it has not confirmed before. This ends its
/// sessions and removes its password, except those proved to be the owner's.
async fn confirm(
    auth: &Auth,
    before: Stored<User>,
    email: Email,
    known: Known<'_>,
) -> Result<Attempt<Option<Revocation>>, ConfirmEmailError> {
    let keys = auth.keys().await?;
    // None if the account's address changed, or the account was deleted, between the
    // two reads.
    let login = auth.store.get_login(&keys.address.mailbox(&before.entity.email)).await?;
    let Some(mut login) = login else { return Ok(Attempt::Retry) };
    let address_mac = keys.address.mailbox(&email);
    let mut after = confirmed(auth, &before.entity);
    (after.email, after.pending_email) = (email, None);
    let session = match known.caller.filter(|caller| caller.user_id == after.id) {
        Some(caller) => auth.verifier.session(&caller.claims).await?,
        None => None,
    };
    let keep = session.map(|session| session.entity.id);
    if known.shown.is_some_and(|shown| shown != login.entity.generation) {
        // The password has been changed since it was checked.
        return Err(ConfirmEmailError::WrongPassword);
    }
    let keeps_password = keep.is_some() || known.shown.is_some();
    let hash = login.entity.password_hash.clone().filter(|_| keeps_password);
    if !keeps_password {
        // The networks may be those of the person who entered the address.
        login.entity.networks.clear();
    }
    after.generation += 1;
    let revocation = accounts::revoke_older_sessions(&after, keep, &auth.context.ids);
    let revocation = Some(revocation);
    let change = NewCredentials { before, after, login, address_mac, hash, revocation, keep };
    match auth.store.change_credentials(&change).await {
        Ok(()) => Ok(Attempt::Done(change.revocation)),
        Err(Refused::By(ChangeRefusal::Outdated)) => Ok(Attempt::Retry),
        Err(Refused::By(ChangeRefusal::EmailTaken)) => Err(ConfirmEmailError::EmailTaken),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

/// Account with its address confirmed.
pub(super) fn confirmed(auth: &Auth, user: &User) -> User {
    User { email_verified: true, updated_at: auth.context.clock.now(), ..user.clone() }
}
