//! Ends of memberships and invitations: of a deleted account, and of an organisation that
//! is deleted or has closed.

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    bus::batch::Delivery,
    id::{InvitationId, OrganizationId, UserId},
    membership::{Member, OrganizationCounters},
    table::{Attempt, item::Stored, optimistic},
    vocabulary::{InvitationStatus, OrganizationRole, OrganizationStatus},
    walk::{CONCURRENCY, PAGE, Page, Walk},
};

use super::Memberships;
use crate::{
    organization::Organization,
    store::{ListedInvitation, ListedMembership, Overview},
};

/// Place in the walk over an ended organisation: its members, then its invitations.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
enum Place {
    Member(UserId),
    Invitation(Option<String>),
}

enum Ending {
    Member(OrganizationId, UserId),
    Invitation(InvitationId),
}

impl Memberships {
    /// Ends the memberships of a deleted account. A last owner is succeeded by the
    /// longest-standing admin, else editor; without one, the organisation closes.
    pub(super) async fn user_deleted(&self, delivery: &Delivery, user: UserId) -> Result<(), Failure> {
        let list = |after| async move {
            let found = self.store.list_memberships(user, None, after, PAGE).await?;
            Ok(Page::of(found, PAGE, |last: &ListedMembership| last.sort.clone()))
        };
        let end =
            |listed: ListedMembership| async move { self.end(listed.organization, user).await.map(drop) };
        match self.walker.walk(delivery, CONCURRENCY, list, end).await? {
            Walk::Finished => self.check_ended(user).await,
            Walk::Continued => Ok(()),
        }
    }

    /// Fails while the account had memberships after the walk. A change of a role moves the
    /// row in the list, perhaps to a place that the walk has passed, and the index may lag.
    async fn check_ended(&self, user: UserId) -> Result<(), Failure> {
        let (mut after, mut was_missed) = (None, false);
        loop {
            let found = self.store.list_memberships(user, None, after, PAGE).await?;
            let Page { items, next } = Page::of(found, PAGE, |last: &ListedMembership| last.sort.clone());
            for listed in items {
                was_missed |= self.end(listed.organization, user).await?;
            }
            if next.is_none() {
                break;
            }
            after = next;
        }
        if was_missed {
            return Err(Failure::unavailable("some memberships of a deleted account were not listed"));
        }
        Ok(())
    }

    /// Ends the membership of a deleted account; gives true if there was one. The members of
    /// a deleted organisation follow it.
    async fn end(&self, organization: OrganizationId, user: UserId) -> Result<bool, Failure> {
        optimistic(|| async move {
            let found = self.store.get_organization(organization, Some(user)).await?;
            let Some(Overview { organization, counters, member: Some(member) }) = found else {
                return Ok(Attempt::Done(false));
            };
            Ok(self.end_member(&organization, &counters, &member).await?.map(|()| true))
        })
        .await
    }

    async fn end_member(
        &self,
        organization: &Stored<Organization>,
        counters: &OrganizationCounters,
        member: &Stored<Member>,
    ) -> Result<Attempt<()>, Failure> {
        let now = self.context.clock.now();
        if member.entity.card.role != OrganizationRole::Owner || counters.owners > 1 {
            return Attempt::of(self.store.end_membership(member, now).await);
        }
        if let Some(successor) = self.successor(&member.entity).await? {
            let name = organization.entity.card.name.clone();
            return Attempt::of(self.store.succeed_owner(member, &successor, name, now).await);
        }
        let closed = OrganizationStatus::Closed.into();
        let after = Organization { status: closed, updated_at: now, ..organization.entity.clone() };
        Attempt::of(self.store.close_organization(organization, &after, counters, member).await)
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

    /// Ends the memberships and the pending invitations of a deleted organisation.
    pub(super) async fn organization_deleted(
        &self,
        delivery: &Delivery,
        organization: OrganizationId,
    ) -> Result<(), Failure> {
        let list = |place| async move {
            let after = match place {
                Some(Place::Invitation(after)) => return self.pending(organization, after).await,
                Some(Place::Member(user)) => Some(user),
                None => None,
            };
            let found = self.store.list_members_after(organization, after).await?;
            let page = Page::of(found, PAGE, |last: &Stored<Member>| last.entity.card.user_id);
            let next = page.next.map_or(Place::Invitation(None), Place::Member);
            let members = page.items.into_iter().map(|member| member.entity.card.user_id);
            let items = members.map(|user| Ending::Member(organization, user)).collect();
            Ok(Page { items, next: Some(next) })
        };
        // Nothing follows the last invitation.
        self.walker.walk(delivery, CONCURRENCY, list, |ending| self.carry_out(ending)).await.map(|_| ())
    }

    /// Ends the pending invitations of a closed organisation. Its other members stay.
    pub(super) async fn organization_closed(
        &self,
        delivery: &Delivery,
        organization: OrganizationId,
    ) -> Result<(), Failure> {
        let list = |place| async move {
            let Some(Place::Invitation(after)) = place else { return self.pending(organization, None).await };
            self.pending(organization, after).await
        };
        // Nothing follows the last invitation.
        self.walker.walk(delivery, CONCURRENCY, list, |ending| self.carry_out(ending)).await.map(|_| ())
    }

    async fn pending(
        &self,
        organization: OrganizationId,
        after: Option<String>,
    ) -> Result<Page<Ending, Place>, Failure> {
        let found = self.store.list_invitations(organization, InvitationStatus::Pending, after, PAGE).await?;
        let Page { items, next } = Page::of(found, PAGE, |last: &ListedInvitation| last.sort.clone());
        let items = items.into_iter().map(|listed| Ending::Invitation(listed.id)).collect();
        Ok(Page { items, next: next.map(|after| Place::Invitation(Some(after))) })
    }

    async fn carry_out(&self, ending: Ending) -> Result<(), Failure> {
        match ending {
            Ending::Member(organization, user) => {
                optimistic(|| self.end_of_deleted(organization, user)).await
            }
            Ending::Invitation(id) => optimistic(|| self.end_invitation(id)).await,
        }
    }

    /// Ends a membership of a deleted organisation. It is read again after each refusal: a
    /// write that has begun before the deletion may have changed the member.
    async fn end_of_deleted(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Attempt<()>, Failure> {
        let Some(member) = self.store.get_member(organization, user).await? else {
            return Ok(Attempt::Done(()));
        };
        Attempt::of(self.store.end_membership_of_deleted(&member, self.context.clock.now()).await)
    }

    async fn end_invitation(&self, id: InvitationId) -> Result<Attempt<()>, Failure> {
        let invitation = self.store.get_invitation(id).await?;
        let pending = invitation.filter(|found| found.entity.card.status == InvitationStatus::Pending);
        let Some(invitation) = pending else { return Ok(Attempt::Done(())) };
        Attempt::of(self.store.end_invitation(&invitation, self.context.clock.now()).await)
    }
}
