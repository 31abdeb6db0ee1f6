//! Writes that end memberships as reactions to events.

use shared::{
    Failure, Refused,
    bus::{
        DomainEvent,
        events::{OrganizationOwnerChanged, OrganizationStatusChanged},
    },
    clock::Timestamp,
    id::{OrganizationId, UserId},
    membership::{Counted, Member, OrganizationCounters},
    table::{Condition, Query, item::Stored, schema},
    text::OrganizationName,
    vocabulary::{ActorKind, OrganizationRole},
    walk::PAGE,
};

use super::{
    Store, WriteRefusal,
    members::{count, leave, owner_changed, role_changed, with_role},
    organizations::with_rows,
};
use crate::{
    operations::{CLOSE_ORGANIZATION, END_MEMBERSHIP, LIST_ALL_MEMBERS, SUCCEED_OWNER},
    organization::Organization,
};

impl Store {
    /// All members of an organisation, strongly consistent.
    pub(crate) async fn list_all_members(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<Stored<Member>>, Failure> {
        self.table.operation(&LIST_ALL_MEMBERS).list(members(organization)).await
    }

    /// A page of the members of an organisation, after an account.
    pub(crate) async fn list_members_after(
        &self,
        organization: OrganizationId,
        after: Option<UserId>,
    ) -> Result<Vec<Stored<Member>>, Failure> {
        let query = members(organization).after(after.map(|user| user.to_string())).limit(PAGE);
        self.table.operation(&LIST_ALL_MEMBERS).list(query).await
    }

    /// Ends the membership of a deleted account.
    pub(crate) async fn end_membership(
        &self,
        member: &Stored<Member>,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let transaction = self.table.operation(&END_MEMBERSHIP).transaction();
        let transaction = leave(transaction, member, ActorKind::System, now);
        count(transaction, &member.entity, Counted::leaving(&member.entity.card.role)).commit().await
    }

    /// Ends a membership of a deleted organisation, which has no counters any more.
    pub(crate) async fn end_membership_of_deleted(
        &self,
        member: &Stored<Member>,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let transaction = self.table.operation(&END_MEMBERSHIP).transaction();
        leave(transaction, member, ActorKind::System, now).commit().await
    }

    /// Ends the membership of the last owner, whose account is deleted, and makes another
    /// member the owner.
    pub(crate) async fn succeed_owner(
        &self,
        owner: &Stored<Member>,
        successor: &Stored<Member>,
        name: OrganizationName,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let after = with_role(&successor.entity, OrganizationRole::Owner);
        let previous = owner.entity.card.user_id;
        let changed = OrganizationOwnerChanged {
            organization_name: Some(name),
            ..owner_changed(&successor.entity, previous, ActorKind::System, now)
        };
        let events = vec![
            DomainEvent::OrganizationOwnerSucceeded(changed),
            role_changed(&successor.entity, &after.card.role, ActorKind::System, now),
        ];
        let transaction = self
            .table
            .operation(&SUCCEED_OWNER)
            .transaction()
            .put(&after, Condition::Version(successor.version), events)
            .or(WriteRefusal::Outdated);
        let transaction = leave(transaction, owner, ActorKind::System, now);
        count(transaction, &after, Counted { owners: 0, members: -1 }).commit().await
    }

    /// Ends the membership of the last owner, whose account is deleted, and closes the
    /// organisation, whose counters are as they were read: nobody has joined since.
    pub(crate) async fn close_organization(
        &self,
        before: &Stored<Organization>,
        after: &Organization,
        counters: &OrganizationCounters,
        owner: &Stored<Member>,
    ) -> Result<(), Refused<WriteRefusal>> {
        let now = after.updated_at;
        let closed = OrganizationStatusChanged {
            organization_id: after.id,
            status: after.status.clone(),
            previous_status: before.entity.status.clone(),
            at: now,
            actor_kind: ActorKind::System.into(),
        };
        let transaction = self
            .table
            .operation(&CLOSE_ORGANIZATION)
            .transaction()
            .put(after, Condition::Version(before.version), vec![DomainEvent::OrganizationClosed(closed)])
            .or(WriteRefusal::Outdated)
            .update::<OrganizationCounters>(schema::organization_counters(after.id), counters.close())
            .or(WriteRefusal::Outdated);
        let transaction = leave(transaction, owner, ActorKind::System, now);
        with_rows(transaction, Some(&before.entity), Some(after)).commit().await
    }
}

/// The members in the partition of an organisation, which also has the counters.
fn members(organization: OrganizationId) -> Query {
    let first = UserId::earliest(Timestamp::from_millis(0));
    Query::table(schema::member(organization, first)).prefix("user_")
}
