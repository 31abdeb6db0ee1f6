//! Ends of memberships: of a deleted account, and of a deleted organisation.

use shared::{
    Failure,
    bus::batch::Delivery,
    id::{OrganizationId, UserId},
    membership::Member,
    table::{Attempt, item::Stored, optimistic},
    vocabulary::{OrganizationRole, OrganizationStatus},
    walk::{CONCURRENCY, PAGE, Page},
};

use crate::{
    organization::Organization,
    reactions::Memberships,
    store::{ListedMembership, Overview},
};

/// Ends the memberships of a deleted account. A last owner is succeeded by the
/// longest-standing admin, else editor; without one, the organisation closes.
pub(crate) async fn user_deleted(
    memberships: &Memberships,
    delivery: &Delivery,
    user: UserId,
) -> Result<(), Failure> {
    let list = |after| async move {
        let found = memberships.store.list_memberships(user, None, after, PAGE).await?;
        Ok(Page::of(found, PAGE, |last: &ListedMembership| last.sort.clone()))
    };
    let end = |listed: ListedMembership| optimistic(move || end(memberships, listed.organization, user));
    // Nothing follows the last membership.
    memberships.walker.walk(delivery, CONCURRENCY, list, end).await.map(|_| ())
}

async fn end(
    memberships: &Memberships,
    organization: OrganizationId,
    user: UserId,
) -> Result<Attempt<()>, Failure> {
    let store = &memberships.store;
    // The members of a deleted organisation follow it.
    let Some(found) = store.get_organization(organization, Some(user)).await? else {
        return Ok(Attempt::Done(()));
    };
    let Overview { organization, counters, member } = found;
    let Some(member) = member else { return Ok(Attempt::Done(())) };
    let now = memberships.context.clock.now();
    if member.entity.card.role != OrganizationRole::Owner || counters.owners > 1 {
        return Attempt::of(store.end_membership(&member, now).await);
    }
    match successor(memberships, &member.entity).await? {
        Some(successor) => {
            let name = organization.entity.card.name.clone();
            Attempt::of(store.succeed_owner(&member, &successor, name, now).await)
        }
        None => {
            let closed = OrganizationStatus::Closed.into();
            let after = Organization { status: closed, updated_at: now, ..organization.entity.clone() };
            Attempt::of(store.close_organization(&organization, &after, &counters, &member).await)
        }
    }
}

/// The successor of the last owner: the longest-standing admin, else editor.
async fn successor(memberships: &Memberships, owner: &Member) -> Result<Option<Stored<Member>>, Failure> {
    let members = memberships.store.list_all_members(owner.organization_id).await?;
    let rank = |member: &Stored<Member>| match member.entity.card.role.known() {
        Some(OrganizationRole::Admin) => Some(0),
        Some(OrganizationRole::Editor) => Some(1),
        Some(OrganizationRole::Owner | OrganizationRole::Staff | OrganizationRole::Viewer) | None => None,
    };
    let candidates = members.into_iter().filter_map(|member| Some((rank(&member)?, member)));
    Ok(candidates.min_by_key(|(rank, member)| (*rank, member.entity.id)).map(|(_, member)| member))
}

/// Ends the memberships of a deleted organisation.
pub(crate) async fn organization_deleted(
    memberships: &Memberships,
    delivery: &Delivery,
    organization: OrganizationId,
) -> Result<(), Failure> {
    let store = &memberships.store;
    let list = |after: Option<UserId>| async move {
        let found = store.list_members_after(organization, after).await?;
        Ok(Page::of(found, PAGE, |last: &Stored<Member>| last.entity.card.user_id))
    };
    let end = |member: Stored<Member>| async move {
        let now = memberships.context.clock.now();
        // Refused if the member has left meanwhile.
        store.end_membership_of_deleted(&member, now).await
    };
    // Nothing follows the last member.
    memberships.walker.walk(delivery, CONCURRENCY, list, end).await.map(|_| ())
}
