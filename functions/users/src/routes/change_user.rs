//! What `replace_user` and `update_user` have in common.

use shared::{
    Failure,
    http::{Faults, IfMatch, Problem, Stale},
    identity::{
        Role, Status, User, UserView, accounts,
        limits::{TakeError, Wait},
    },
    table::{item::Stored, optimistic},
};

use crate::{
    changes::{ChangeUserRequest, Method},
    state::Users,
    store::ChangeRefusal,
    subject::Subject,
};

shared::problems! {
    /// Why an account stays as it is.
    pub enum ChangeUserError {
        /// There is nothing here.
        NotFound => 404 not_found,
        /// This is not yours to do.
        Forbidden => 403 forbidden,
        /// This is the last active administrator.
        LastAdministrator => 409 last_admin,
        /// It has changed since you read it.
        Stale(#[from] Stale) => 412 stale_version,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
        /// There were too many attempts: wait.
        TooMany(Wait) => 429 too_many_attempts,
    }
}

impl From<TakeError> for ChangeUserError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::Wait(wait) => Self::TooMany(wait),
            TakeError::Failed(failure) => Self::Failed(failure),
        }
    }
}

/// Changes the subject's account as a body says; gives it as it is then.
pub(super) async fn change(
    users: &Users,
    subject: &Subject,
    if_match: &IfMatch,
    (body, faults): (ChangeUserRequest, Faults),
    method: Method,
) -> Result<Stored<User>, Problem> {
    let read = async || users.store.get_user(subject.id).await?.ok_or(ChangeUserError::NotFound);
    let before = read().await?;
    if_match.check(before.version).map_err(ChangeUserError::from)?;
    let after = body.clone().apply(&before.entity, method, faults.clone()).map_err(ChangeUserError::from)?;
    let privileged = is_privileged(&before.entity, &after);
    if privileged && !subject.is_administered() {
        return Err(ChangeUserError::Forbidden.into());
    }
    let another_address = after.pending_email.is_some() && after.pending_email != before.entity.pending_email;
    if privileged || another_address {
        subject.caller.must_be_recent(&users.verifier).await?;
    }
    if another_address {
        count_mail(users, &after).await.map_err(Problem::from)?;
    }
    let (body, faults) = (&body, &faults);
    let mut first = Some(before);
    let changed: Result<Stored<User>, ChangeUserError> = optimistic(|| {
        let first = first.take();
        async move {
            let before = match first {
                Some(before) => before,
                None => read().await?,
            };
            if_match.check(before.version)?;
            let after = body.clone().apply(&before.entity, method, faults.clone())?;
            write(users, before, after).await
        }
    })
    .await;
    Ok(changed?)
}

/// Whether an administrator is wanted for it.
fn is_privileged(before: &User, after: &User) -> bool {
    before.role != after.role || before.status != after.status
}

/// Another address gets a mail, of which there may not be too many.
async fn count_mail(users: &Users, after: &User) -> Result<(), ChangeUserError> {
    let Some(pending) = &after.pending_email else { return Ok(()) };
    let key = format!("mail.{}", users.address_key().await?.mailbox(pending));
    let limit = users.config.mails_per_hour.into();
    Ok(users.limits.take(&key, limit, users.context.clock.now(), Vec::new()).await?)
}

/// Writes what has changed, if anything has; `None` where somebody else was
/// faster.
async fn write(
    users: &Users,
    before: Stored<User>,
    mut after: User,
) -> Result<Option<Stored<User>>, ChangeUserError> {
    let privileged = is_privileged(&before.entity, &after);
    let same_address = after.pending_email == before.entity.pending_email;
    if same_address && accounts::updated(&before.entity, &after, false).is_none() {
        return Ok(Some(before));
    }
    after.updated_at = users.context.clock.now();
    let written = if privileged {
        // Tokens say what their owner may do: none from before may stay.
        after.generation += 1;
        let revocation = accounts::revoke_older_sessions(&after, None, &users.context.ids);
        let written = users.store.replace_user_and_sessions(&before, &after, &revocation).await;
        if written.is_ok() {
            users.verifier.note(revocation).await;
        }
        written
    } else {
        users.store.replace_user(&before, &after).await
    };
    match written {
        Ok(()) => Ok(Some(Stored { entity: after, version: before.version + 1 })),
        Err(ChangeRefusal::Outdated) => Ok(None),
        Err(ChangeRefusal::LastAdministrator) => Err(ChangeUserError::LastAdministrator),
        Err(ChangeRefusal::Failed(failure)) => Err(failure.into()),
    }
}
