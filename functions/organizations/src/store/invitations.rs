//! Writes of invitations.

use shared::{
    Failure, Refused,
    bus::{
        DomainEvent,
        events::{OrganizationInvitationEnded, OrganizationInvited},
    },
    clock::Timestamp,
    http::IdempotencyRecord,
    id::{InvitationId, UserId},
    identity::PublicProfile,
    membership::{Counted, Invitation, Member, MemberAction, OrganizationCounters, absent},
    table::{
        Condition, Transaction,
        item::{Entity as _, Stored},
        schema,
    },
    vocabulary::{ActorKind, InvitationStatus, OrganizationRole},
};

use super::{
    Store, WriteRefusal,
    members::{check_active, count, joined},
    organizations::Writer,
};
use crate::operations::{ACCEPT_INVITATION, END_INVITATION, GET_INVITATION, GET_OWN_PROFILE, INVITE};

/// An acceptance of an invitation.
#[derive(Debug)]
pub(crate) struct Acceptance<'a> {
    pub(crate) before: &'a Stored<Invitation>,
    pub(crate) member: &'a Member,
    pub(crate) role: OrganizationRole,
}

impl Store {
    /// The invitation, if there is one.
    pub(crate) async fn get_invitation(
        &self,
        id: InvitationId,
    ) -> Result<Option<Stored<Invitation>>, Failure> {
        self.table.operation(&GET_INVITATION).get(schema::invitation(id)).await
    }

    /// The public profile of an account, strongly consistent.
    pub(crate) async fn get_profile(&self, user: UserId) -> Result<Option<PublicProfile>, Failure> {
        let stored = self.table.operation(&GET_OWN_PROFILE).get(schema::public_profile(user)).await?;
        Ok(stored.map(|stored: Stored<PublicProfile>| stored.entity))
    }

    /// Invites an address, in the place of its earlier invitation `before`, and publishes
    /// the event. `counters` are as they were read.
    pub(crate) async fn invite(
        &self,
        before: Option<&Stored<Invitation>>,
        after: &Invitation,
        counters: &OrganizationCounters,
        writer: Writer,
        record: Option<&IdempotencyRecord>,
    ) -> Result<(), Refused<WriteRefusal>> {
        let card = &after.card;
        let invited = OrganizationInvited {
            invitation_id: after.id,
            organization_id: card.organization_id,
            inviter_id: after.inviter_id,
            role: card.role.clone(),
            round: after.round,
            at: writer.now,
        };
        let condition = before.map_or(Condition::New, |before| Condition::Version(before.version));
        let mut transaction = self.table.operation(&INVITE).transaction();
        if let Some(record) = record {
            transaction = transaction.put(record, record.unused(), Vec::new()).or(WriteRefusal::Outdated);
        }
        transaction = transaction
            .put(after, condition, vec![DomainEvent::OrganizationInvited(invited)])
            .or(WriteRefusal::Outdated)
            .update::<OrganizationCounters>(
                schema::organization_counters(card.organization_id),
                counters.invite(writer.now),
            )
            .or(WriteRefusal::Outdated);
        let granting =
            |role: OrganizationRole| card.role.known().is_some_and(|granted| role.may_grant(granted));
        let key = schema::member(card.organization_id, writer.user);
        let may_invite = MemberAction::Invite.condition_of(granting);
        transaction.check(key, may_invite).or(WriteRefusal::Outdated).commit().await
    }

    /// Ends an invitation by an active organisation, which needs the permission of the writer.
    pub(crate) async fn revoke_invitation(
        &self,
        before: &Stored<Invitation>,
        writer: Writer,
    ) -> Result<(), Refused<WriteRefusal>> {
        let organization = before.entity.card.organization_id;
        let transaction = self.revocation(before, writer.actor.kind(), writer.now);
        let transaction = writer.check(transaction, organization, MemberAction::Invite);
        check_active(transaction, organization).commit().await
    }

    /// Ends an invitation to an organisation that has ended.
    pub(crate) async fn end_invitation(
        &self,
        before: &Stored<Invitation>,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        self.revocation(before, ActorKind::System, now).commit().await
    }

    fn revocation(
        &self,
        before: &Stored<Invitation>,
        kind: ActorKind,
        now: Timestamp,
    ) -> Transaction<'_, WriteRefusal> {
        let (after, event) = ended(&before.entity, InvitationStatus::Revoked, kind, now);
        self.table
            .operation(&END_INVITATION)
            .transaction()
            .put(&after, Condition::Version(before.version), vec![event])
            .or(WriteRefusal::Outdated)
    }

    /// Ends an invitation by the invited account, which must still have the address.
    pub(crate) async fn decline_invitation(
        &self,
        before: &Stored<Invitation>,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let (after, event) = ended(&before.entity, InvitationStatus::Declined, ActorKind::Person, now);
        self.table
            .operation(&END_INVITATION)
            .transaction()
            .put(&after, Condition::Version(before.version), vec![event])
            .or(WriteRefusal::Outdated)
            .check(schema::public_profile(user), PublicProfile::has_address(&after.address_mac))
            .or(WriteRefusal::Outdated)
            .commit()
            .await
    }

    /// Ends an invitation that a member accepts. The account must still be this member, and
    /// have the address.
    pub(crate) async fn accept_invitation_of_member(
        &self,
        before: &Stored<Invitation>,
        member: &Stored<Member>,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let user = member.entity.card.user_id;
        let (accepted, event) = accepted(&before.entity, user, now);
        self.table
            .operation(&END_INVITATION)
            .transaction()
            .put(&accepted, Condition::Version(before.version), vec![event])
            .or(WriteRefusal::Outdated)
            .check(schema::public_profile(user), PublicProfile::has_address(&accepted.address_mac))
            .or(WriteRefusal::Outdated)
            .check(member.entity.key(), Condition::Version(member.version))
            .or(WriteRefusal::Outdated)
            .commit()
            .await
    }

    /// Makes the invited account a member. The account must still have the address, the
    /// inviter must still be allowed to grant the role, and there must be room.
    pub(crate) async fn accept_invitation(
        &self,
        acceptance: Acceptance<'_>,
    ) -> Result<(), Refused<WriteRefusal>> {
        let Acceptance { before, member, role } = acceptance;
        let (user, now) = (member.card.user_id, member.id.created_at());
        let (accepted, event) = accepted(&before.entity, user, now);
        let inviter = schema::member(member.organization_id, accepted.inviter_id);
        let may_invite = MemberAction::Invite.condition_of(|inviter| inviter.may_grant(role));
        let event_of_member = joined(member, Some(accepted.inviter_id), ActorKind::Person);
        let transaction = self
            .table
            .operation(&ACCEPT_INVITATION)
            .transaction()
            .put(&accepted, Condition::Version(before.version), vec![event])
            .or(WriteRefusal::Outdated)
            .put(member, absent(), vec![event_of_member])
            .or(WriteRefusal::Outdated)
            .check(schema::public_profile(user), PublicProfile::has_address(&accepted.address_mac))
            .or(WriteRefusal::Outdated)
            .check(inviter, may_invite)
            .or(WriteRefusal::Outdated);
        count(transaction, member, Counted::joining(role)).commit().await
    }
}

/// The invitation after its acceptance by an account, and the event.
fn accepted(before: &Invitation, user: UserId, now: Timestamp) -> (Invitation, DomainEvent) {
    let (ended, event) = ended(before, InvitationStatus::Accepted, ActorKind::Person, now);
    (Invitation { accepted_by: Some(user), ..ended }, event)
}

/// The invitation after its end, without the address, and the event.
fn ended(
    before: &Invitation,
    status: InvitationStatus,
    kind: ActorKind,
    now: Timestamp,
) -> (Invitation, DomainEvent) {
    let mut after = before.clone();
    after.card.status = status.into();
    after.card.email = None;
    let content = OrganizationInvitationEnded {
        invitation_id: after.id,
        organization_id: after.card.organization_id,
        role: after.card.role.clone(),
        round: after.round,
        at: now,
        actor_kind: kind.into(),
    };
    let event = match status {
        InvitationStatus::Accepted => DomainEvent::OrganizationInvitationAccepted(content),
        InvitationStatus::Declined => DomainEvent::OrganizationInvitationDeclined(content),
        InvitationStatus::Revoked | InvitationStatus::Pending => {
            DomainEvent::OrganizationInvitationRevoked(content)
        }
    };
    (after, event)
}
