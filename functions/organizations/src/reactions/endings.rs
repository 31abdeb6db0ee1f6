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

use super::Memberships;
use crate::{
    organization::Organization,
    store::{ListedMembership, Overview},
};

impl Memberships {
    /// Ends the memberships of a deleted account. A last owner is succeeded by the
    /// longest-standing admin, else editor; without one, the organisation closes.
    pub(super) async fn user_deleted(&self, delivery: &Delivery, user: UserId) -> Result<(), Failure> {
        let list = |after| async move {
            let found = self.store.list_memberships(user, None, after, PAGE).await?;
            Ok(Page::of(found, PAGE, |last: &ListedMembership| last.sort.clone()))
        };
        let end = |listed: ListedMembership| optimistic(move || self.end(listed.organization, user));
        // Nothing follows the last membership.
        self.walker.walk(delivery, CONCURRENCY, list, end).await.map(|_| ())
    }

    async fn end(&self, organization: OrganizationId, user: UserId) -> Result<Attempt<()>, Failure> {
        // The members of a deleted organisation follow it.
        let Some(found) = self.store.get_organization(organization, Some(user)).await? else {
            return Ok(Attempt::Done(()));
        };
        let Overview { organization, counters, member } = found;
        let Some(member) = member else { return Ok(Attempt::Done(())) };
        let now = self.context.clock.now();
        if member.entity.card.role != OrganizationRole::Owner || counters.owners > 1 {
            return Attempt::of(self.store.end_membership(&member, now).await);
        }
        if let Some(successor) = self.successor(&member.entity).await? {
            let name = organization.entity.card.name.clone();
            return Attempt::of(self.store.succeed_owner(&member, &successor, name, now).await);
        }
        let closed = OrganizationStatus::Closed.into();
        let after = Organization { status: closed, updated_at: now, ..organization.entity.clone() };
        Attempt::of(self.store.close_organization(&organization, &after, &counters, &member).await)
    }

    /// The successor of the last owner: the longest-standing admin, else editor.
    async fn successor(&self, owner: &Member) -> Result<Option<Stored<Member>>, Failure> {
        let members = self.store.list_all_members(owner.organization_id).await?;
        let rank = |member: &Stored<Member>| match member.entity.card.role.known() {
            Some(OrganizationRole::Admin) => Some(0),
            Some(OrganizationRole::Editor) => Some(1),
            Some(OrganizationRole::Owner | OrganizationRole::Staff | OrganizationRole::Viewer) | None => None,
        };
        let candidates = members.into_iter().filter_map(|member| Some((rank(&member)?, member)));
        Ok(candidates.min_by_key(|(rank, member)| (*rank, member.entity.id)).map(|(_, member)| member))
    }

    /// Ends the memberships of a deleted organisation.
    pub(super) async fn organization_deleted(
        &self,
        delivery: &Delivery,
        organization: OrganizationId,
    ) -> Result<(), Failure> {
        let list = |after: Option<UserId>| async move {
            let found = self.store.list_members_after(organization, after).await?;
            Ok(Page::of(found, PAGE, |last: &Stored<Member>| last.entity.card.user_id))
        };
        let end = |member: Stored<Member>| async move {
            self.store.end_membership_of_deleted(&member, self.context.clock.now()).await
        };
        // Nothing follows the last member.
        self.walker.walk(delivery, CONCURRENCY, list, end).await.map(|_| ())
    }
}
