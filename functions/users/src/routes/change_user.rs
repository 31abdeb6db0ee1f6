//! What `replace_user` and `update_user` have in common.

use shared::{
    Refused,
    http::{
        Faults, IfMatch, Problem, Stale,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    identity::{User, accounts, limits::Wait},
    table::{Attempt, item::Stored, optimistic},
};

use crate::{
    changes::{ChangeUserRequest, Method},
    problems::LAST_ADMIN,
    state::Users,
    store::ChangeRefusal,
    subject::Subject,
};

shared::problems! {
    /// Why an account stays as it is.
    pub enum ChangeUserError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        LastAdministrator => LAST_ADMIN,
        Stale(Stale),
        Invalid(Faults),
        TooMany(Wait),
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

/// Writes what has changed, if anything has.
async fn write(
    users: &Users,
    before: Stored<User>,
    mut after: User,
) -> Result<Attempt<Stored<User>>, ChangeUserError> {
    let privileged = is_privileged(&before.entity, &after);
    let same_address = after.pending_email == before.entity.pending_email;
    if same_address && accounts::updated(&before.entity, &after, false).is_none() {
        return Ok(Attempt::Done(before));
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
        Ok(()) => Ok(Attempt::Done(Stored { entity: after, version: before.version + 1 })),
        Err(Refused::By(ChangeRefusal::Outdated)) => Ok(Attempt::Retry),
        Err(Refused::By(ChangeRefusal::LastAdministrator)) => Err(ChangeUserError::LastAdministrator),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}
