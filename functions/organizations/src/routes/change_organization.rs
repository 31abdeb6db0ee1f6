//! Common part of `replace_organization` and `update_organization`.

use shared::{
    Refused,
    http::{Faults, IfMatch, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::OrganizationId,
    identity::Caller,
    membership::MemberAction,
    table::{Attempt, item::Stored, optimistic},
};

use crate::{
    access::{access_problems, must_be_active, permit_or_manage},
    body::{Method, UpdateOrganizationRequest},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, SLUG_TAKEN},
    state::Organizations,
    store::{Overview, WriteRefusal, Writer},
    view::OrganizationView,
};

shared::problems! {
    /// Errors of changing an organisation.
    pub enum ChangeOrganizationError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        SlugTaken => SLUG_TAKEN,
        Stale(Stale),
        Invalid(Faults),
    }
}

access_problems!(ChangeOrganizationError);

pub(super) type ChangedOrganization = Versioned<Reply<OrganizationView>>;

/// Applies a request to an organisation; gives the result.
pub(super) async fn change(
    organizations: &Organizations,
    caller: &Caller,
    id: OrganizationId,
    if_match: &IfMatch,
    (body, faults): (UpdateOrganizationRequest, Faults),
    method: Method,
) -> Result<ChangedOrganization, ChangeOrganizationError> {
    let (body, faults) = (&body, &faults);
    let changed: Overview = optimistic(|| async move {
        let found = organizations.store.get_organization(id, Some(caller.user_id)).await?;
        let found = found.ok_or(ChangeOrganizationError::NotFound)?;
        let (before, member) = (&found.organization, found.member.as_ref());
        let judge = |action| permit_or_manage(caller, &found.counters, member, action);
        let actor = judge(MemberAction::UpdateProfile)?;
        must_be_active(&found.counters)?;
        if_match.check(before.version)?;
        let now = organizations.context.clock.now();
        let after = body.clone().apply(&before.entity, method, faults.clone(), now)?;
        // An admin who is an administrator of the platform, too, changes the slug as that.
        let renames = before.entity.card.slug != after.card.slug;
        let actor = if renames { judge(MemberAction::ChangeSlug)? } else { actor };
        if before.entity.changed(&after).is_empty() {
            return Ok(Attempt::Done(found));
        }
        let writer = Writer { user: caller.user_id, actor, now };
        match organizations.store.replace_organization(before, &after, writer).await {
            Ok(()) => {
                let organization = Stored { entity: after, version: before.version + 1 };
                Ok(Attempt::Done(Overview { organization, ..found }))
            }
            Err(Refused::By(WriteRefusal::Outdated)) => Ok(Attempt::Retry),
            Err(Refused::By(WriteRefusal::SlugTaken)) => Err(ChangeOrganizationError::SlugTaken),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await?;
    let role = changed.member.map(|member| member.entity.card.role);
    let version = changed.organization.version;
    let view = OrganizationView::new(changed.organization, changed.counters.members, role.as_ref());
    Ok(Versioned(version, Reply(view)))
}
