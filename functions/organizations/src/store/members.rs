//! Writes of members: roles, removals, transfers.

use shared::{
    Refused,
    bus::{
        DomainEvent,
        events::{
            OrganizationMemberJoined, OrganizationMemberLeft, OrganizationMemberRoleChanged,
            OrganizationOwnerChanged,
        },
    },
    clock::Timestamp,
    id::{OrganizationId, UserId},
    identity::PublicProfile,
    membership::{Counted, Member, MemberAction, OrganizationCounters, absent},
    table::{Condition, Transaction, item::Stored, schema},
    vocabulary::{ActorKind, Open, OrganizationRole},
};

use super::{Store, WriteRefusal, organizations::Writer};
use crate::{
    access::Actor,
    operations::{APPOINT_OWNER, REMOVE_MEMBER, REPLACE_MEMBER, TRANSFER_OWNERSHIP},
};

impl Store {
    /// Replaces a member of an active organisation, and publishes a change of the role. A
    /// change of another's role checks that the writer still outranks both roles.
    pub(crate) async fn replace_member(
        &self,
        before: &Stored<Member>,
        after: &Member,
        writer: Writer,
    ) -> Result<(), Refused<WriteRefusal>> {
        let changes_role = before.entity.card.role != after.card.role;
        let own = after.card.user_id == writer.user;
        let roles = (before.entity.card.role.known(), after.card.role.known());
        let kind = if own { ActorKind::Person } else { writer.actor.kind() };
        let events = changes_role.then(|| role_changed(&before.entity, &after.card.role, kind, writer.now));
        let mut transaction = self
            .table
            .operation(&REPLACE_MEMBER)
            .transaction()
            .put(after, Condition::Version(before.version), events.into_iter().collect())
            .or(WriteRefusal::Outdated);
        if let (false, (Some(from), Some(to))) = (own, roles) {
            transaction =
                check_ceiling(transaction, after, writer, |role| role.outranks(from) && role.may_grant(to));
        }
        let counted = roles.1.map(|to| Counted::changing(&before.entity.card.role, to));
        count_active(transaction, after, counted.unwrap_or_default()).commit().await
    }

    /// Removes a member, who may be the writer, and publishes the event. Members leave an
    /// organisation of any status; an active one alone removes others.
    pub(crate) async fn remove_member(
        &self,
        member: &Stored<Member>,
        writer: Writer,
    ) -> Result<(), Refused<WriteRefusal>> {
        let own = member.entity.card.user_id == writer.user;
        let kind = if own { ActorKind::Person } else { writer.actor.kind() };
        let mut transaction = self.table.operation(&REMOVE_MEMBER).transaction();
        transaction = leave(transaction, member, kind, writer.now);
        if let (false, Some(role)) = (own, member.entity.card.role.known()) {
            transaction = check_ceiling(transaction, &member.entity, writer, |actor| actor.outranks(role));
        }
        let counted = Counted::leaving(&member.entity.card.role);
        let counting = if own { count } else { count_active };
        counting(transaction, &member.entity, counted).commit().await
    }

    /// Makes `successor` the owner of an active organisation instead of `owner`, who keeps
    /// another role.
    pub(crate) async fn transfer_ownership(
        &self,
        owner: &Stored<Member>,
        kept: OrganizationRole,
        successor: &Stored<Member>,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let (after_owner, after_successor) =
            (with_role(&owner.entity, kept), with_role(&successor.entity, OrganizationRole::Owner));
        let before = &successor.entity.card.role;
        let transferred = owner_changed(&successor.entity, owner.entity.card.user_id, ActorKind::Member, now);
        let mut gained = vec![DomainEvent::OrganizationOwnershipTransferred(transferred)];
        if *before != OrganizationRole::Owner {
            let owner: Open<OrganizationRole> = OrganizationRole::Owner.into();
            gained.push(role_changed(&successor.entity, &owner, ActorKind::Member, now));
        }
        let lost = vec![role_changed(&owner.entity, &kept.into(), ActorKind::Person, now)];
        let counted = Counted::changing(before, OrganizationRole::Owner).owners - 1;
        let transaction = self
            .table
            .operation(&TRANSFER_OWNERSHIP)
            .transaction()
            // The version of the owner is the check of the permission.
            .put(&after_owner, Condition::Version(owner.version), lost)
            .or(WriteRefusal::Outdated)
            .put(&after_successor, Condition::Version(successor.version), gained)
            .or(WriteRefusal::Outdated);
        count_active(transaction, &after_owner, Counted { owners: counted, members: 0 }).commit().await
    }

    /// Makes an account an owner by an administrator of the platform: `before` is its
    /// membership, if it has one.
    pub(crate) async fn appoint_owner(
        &self,
        before: Option<&Stored<Member>>,
        after: &Member,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let kind = ActorKind::Administrator;
        let (condition, event, counted) = match before {
            Some(before) => (
                Condition::Version(before.version),
                role_changed(&before.entity, &after.card.role, kind, now),
                Counted::changing(&before.entity.card.role, OrganizationRole::Owner),
            ),
            None => (absent(), joined(after, None, kind), Counted::joining(OrganizationRole::Owner)),
        };
        let transaction = self
            .table
            .operation(&APPOINT_OWNER)
            .transaction()
            .put(after, condition, vec![event])
            .or(WriteRefusal::Outdated)
            .check(schema::public_profile(after.card.user_id), PublicProfile::exists())
            .or(WriteRefusal::Outdated);
        count(transaction, after, counted).commit().await
    }
}

/// The member with another role.
pub(crate) fn with_role(member: &Member, role: OrganizationRole) -> Member {
    let mut after = member.clone();
    after.card.role = role.into();
    after
}

/// Adds the check that the writer may manage members and meets the ceiling.
fn check_ceiling<'t>(
    transaction: Transaction<'t, WriteRefusal>,
    member: &Member,
    writer: Writer,
    ceiling: impl Fn(OrganizationRole) -> bool,
) -> Transaction<'t, WriteRefusal> {
    match writer.actor {
        Actor::Member(_) => {
            let key = schema::member(member.organization_id, writer.user);
            transaction
                .check(key, MemberAction::ManageMembers.condition_of(ceiling))
                .or(WriteRefusal::Outdated)
        }
        Actor::Administrator => transaction,
    }
}

/// Adds the change of the counters; a change of a role between two others costs nothing.
pub(super) fn count<'t>(
    transaction: Transaction<'t, WriteRefusal>,
    member: &Member,
    counted: Counted,
) -> Transaction<'t, WriteRefusal> {
    if counted == Counted::default() {
        return transaction;
    }
    let key = schema::organization_counters(member.organization_id);
    transaction.update::<OrganizationCounters>(key, counted.update()).or(WriteRefusal::Outdated)
}

/// Adds the change of the counters by a member who acts for the organisation, which must
/// be active. A change of a role between two others only checks that.
fn count_active<'t>(
    transaction: Transaction<'t, WriteRefusal>,
    member: &Member,
    counted: Counted,
) -> Transaction<'t, WriteRefusal> {
    if counted == Counted::default() {
        return check_active(transaction, member.organization_id);
    }
    let key = schema::organization_counters(member.organization_id);
    transaction.update::<OrganizationCounters>(key, counted.update_active()).or(WriteRefusal::Outdated)
}

/// Adds the check that the organisation is active.
pub(super) fn check_active(
    transaction: Transaction<'_, WriteRefusal>,
    organization: OrganizationId,
) -> Transaction<'_, WriteRefusal> {
    let key = schema::organization_counters(organization);
    transaction.check(key, OrganizationCounters::active()).or(WriteRefusal::Outdated)
}

/// Adds the end of a membership, with its event.
pub(super) fn leave<'t>(
    transaction: Transaction<'t, WriteRefusal>,
    member: &Stored<Member>,
    kind: ActorKind,
    now: Timestamp,
) -> Transaction<'t, WriteRefusal> {
    let Member { id, organization_id, card } = &member.entity;
    let left = OrganizationMemberLeft {
        membership_id: *id,
        organization_id: *organization_id,
        user_id: card.user_id,
        previous_role: card.role.clone(),
        at: now,
        actor_kind: kind.into(),
    };
    let event = DomainEvent::OrganizationMemberLeft(left);
    let tombstone = member.entity.tombstone(now);
    transaction.put(&tombstone, Condition::Version(member.version), vec![event]).or(WriteRefusal::Outdated)
}

/// The event of a new member.
pub(super) fn joined(member: &Member, inviter: Option<UserId>, kind: ActorKind) -> DomainEvent {
    DomainEvent::OrganizationMemberJoined(OrganizationMemberJoined {
        membership_id: member.id,
        organization_id: member.organization_id,
        user_id: member.card.user_id,
        role: member.card.role.clone(),
        inviter_id: inviter,
        at: member.id.created_at(),
        actor_kind: kind.into(),
    })
}

/// The event of another role.
pub(super) fn role_changed(
    before: &Member,
    role: &Open<OrganizationRole>,
    kind: ActorKind,
    now: Timestamp,
) -> DomainEvent {
    DomainEvent::OrganizationMemberRoleChanged(OrganizationMemberRoleChanged {
        membership_id: before.id,
        organization_id: before.organization_id,
        user_id: before.card.user_id,
        role: role.clone(),
        previous_role: before.card.role.clone(),
        at: now,
        actor_kind: kind.into(),
    })
}

/// The content of the event that a member becomes the owner in the place of another.
pub(super) fn owner_changed(
    before: &Member,
    previous_owner_id: UserId,
    kind: ActorKind,
    now: Timestamp,
) -> OrganizationOwnerChanged {
    OrganizationOwnerChanged {
        membership_id: before.id,
        organization_id: before.organization_id,
        user_id: before.card.user_id,
        previous_owner_id,
        previous_role: before.card.role.clone(),
        organization_name: None,
        at: now,
        actor_kind: kind.into(),
    }
}
