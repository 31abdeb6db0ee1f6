//! Common part of the commands of administrators of the platform that change the status.

use shared::{
    Refused,
    http::{IfMatch, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::{OrganizationId, UserId},
    table::{Attempt, item::Stored, optimistic},
    vocabulary::OrganizationStatus,
};

use crate::{
    access::Actor,
    organization::Organization,
    problems::ORGANIZATION_CLOSED,
    state::Organizations,
    store::{Overview, Writer},
    view::OrganizationView,
};

shared::problems! {
    /// Errors of verifying, blocking and unblocking.
    pub enum ModerateError {
        NotFound => NOT_FOUND,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
    }
}

pub(super) type Moderated = Versioned<Reply<OrganizationView>>;

/// Change of an organisation by an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moderation {
    /// Marks it as verified.
    Verify,
    /// Blocks it.
    Block,
    /// Unblocks it.
    Unblock,
}

/// Applies a command; gives the result. Repeating it has no effect.
pub(super) async fn moderate(
    organizations: &Organizations,
    administrator: UserId,
    id: OrganizationId,
    if_match: &IfMatch,
    moderation: Moderation,
) -> Result<Moderated, ModerateError> {
    let changed = optimistic(|| async move {
        let found = organizations.store.get_organization(id, None).await?;
        let found = found.ok_or(ModerateError::NotFound)?;
        let before = &found.organization;
        if_match.check(before.version)?;
        if before.entity.status == OrganizationStatus::Closed {
            return Err(ModerateError::Closed);
        }
        let now = organizations.context.clock.now();
        let mut after = Organization { updated_at: now, ..before.entity.clone() };
        let status = match moderation {
            Moderation::Verify => None,
            Moderation::Block => Some(OrganizationStatus::Blocked),
            Moderation::Unblock => Some(OrganizationStatus::Active),
        };
        let written = match status {
            Some(status) if before.entity.status == status => return Ok(Attempt::Done(found)),
            None if before.entity.card.verified => return Ok(Attempt::Done(found)),
            Some(status) => {
                after.status = status.into();
                organizations.store.set_status(before, &after, status, now).await
            }
            None => {
                after.card.verified = true;
                let writer = Writer { user: administrator, actor: Actor::Administrator, now };
                organizations.store.replace_organization(before, &after, writer).await
            }
        };
        match written {
            Ok(()) => {
                let organization = Stored { entity: after, version: before.version + 1 };
                Ok(Attempt::Done(Overview { organization, ..found }))
            }
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await?;
    let version = changed.organization.version;
    let view = OrganizationView::new(changed.organization, changed.counters.members, None);
    Ok(Versioned(version, Reply(view)))
}
