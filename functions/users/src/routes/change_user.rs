//! Common part of `replace_user` and `update_user`.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use futures::future::join;
use shared::{
    Refused,
    http::{
        Client, Faults, IfMatch, Problem, Stale,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    identity::{Authority, User, accounts, limits::Wait, needs_authority},
    table::{Attempt, item::Stored, optimistic},
    text::Email,
};

use crate::{
    changes::{Method, UpdateUserRequest},
    problems::LAST_ADMIN,
    state::Users,
    store::ChangeRefusal,
    subject::Subject,
};

shared::problems! {
    /// Errors of changing an account.
    pub enum ChangeUserError {
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        LastAdministrator => LAST_ADMIN,
        Stale(Stale),
        Invalid(Faults),
        TooMany(Wait),
    }
}

/// Applies a request to the subject's account; gives the result. All checks use what
/// the attempt itself has read, since a concurrent writer may have changed what was
/// read before.
pub(super) async fn change(
    users: &Users,
    subject: &Subject,
    client: &Client,
    if_match: &IfMatch,
    (body, faults): (UpdateUserRequest, Faults),
    method: Method,
) -> Result<Stored<User>, Problem> {
    let (body, faults, counted) = (&body, &faults, &AtomicBool::new(false));
    optimistic(|| async move {
        let before = users.store.get_user(subject.id).await?.ok_or(ChangeUserError::NotFound)?;
        if_match.check(before.version).map_err(ChangeUserError::from)?;
        let after = body.clone().apply(&before.entity, method, faults.clone());
        let mut after = after.map_err(ChangeUserError::from)?;
        let authority = if needs_authority(&before.entity, &after) {
            if !subject.is_administered() {
                return Err(ChangeUserError::Forbidden.into());
            }
            let recent = subject.caller.must_be_recent(&users.verifier).await?;
            let authority = Authority::judge(&subject.caller, &recent, Some(&before.entity));
            Some(authority.ok_or(ChangeUserError::Forbidden)?)
        } else {
            None
        };
        if let Some(pending) = after.pending_email.clone()
            && before.entity.pending_email.as_ref() != Some(&pending)
        {
            subject.caller.must_be_recent(&users.verifier).await?;
            // Once for all attempts: the email is sent once.
            if !counted.swap(true, Ordering::Relaxed) {
                count_mail(users, subject, client.address, &pending).await.map_err(Problem::from)?;
            }
        } else if accounts::updated(&before.entity, &after, false).is_none()
            && after.pending_email == before.entity.pending_email
        {
            return Ok(Attempt::Done(before));
        }
        after.updated_at = users.context.clock.now();
        let written = if let Some(authority) = authority {
            write_with_authority(users, &before, &mut after, authority).await
        } else {
            let mac = users.address_key().await?.mailbox(&after.email);
            users.store.replace_user(&before, &after, &mac).await
        };
        match written {
            Ok(()) => Ok(Attempt::Done(Stored { entity: after, version: before.version + 1 })),
            Err(Refused::By(ChangeRefusal::Outdated)) => Ok(Attempt::Retry),
            Err(Refused::By(ChangeRefusal::LastAdministrator)) => {
                Err(ChangeUserError::LastAdministrator.into())
            }
            Err(Refused::By(ChangeRefusal::AuthorityLost)) => Err(ChangeUserError::Forbidden.into()),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}

/// Counts an email to a new address: for the caller, whatever the address, for the
/// caller's site, and for the address.
async fn count_mail(
    users: &Users,
    subject: &Subject,
    from: Option<IpAddr>,
    pending: &Email,
) -> Result<(), ChangeUserError> {
    let limit = users.config.mails_per_hour.into();
    let now = users.context.clock.now();
    let key = users.address_key().await?;
    let sender = format!("mail.change_email.by.{}", subject.caller.user_id);
    let (by_sender, by_site) = join(
        users.limits.take(&sender, limit, now, Vec::new()),
        users.limits.take_mail_of_site(key, users.config.network_limits, from, now),
    )
    .await;
    by_sender?;
    by_site?;
    let address = format!("mail.change_email.{}", key.mailbox(pending));
    Ok(users.limits.take(&address, limit, now, Vec::new()).await?)
}

/// Writes another role or status, and ends the account's sessions, because tokens hold
/// the role.
async fn write_with_authority(
    users: &Users,
    before: &Stored<User>,
    after: &mut User,
    authority: Authority,
) -> Result<(), Refused<ChangeRefusal>> {
    after.generation += 1;
    let revocation = accounts::revoke_older_sessions(after, None, &users.context.ids);
    let mac = users.address_key().await?.mailbox(&after.email);
    users.store.replace_user_with_authority(before, after, &mac, (&revocation, authority)).await?;
    users.verifier.note(revocation).await;
    Ok(())
}
