//! Writes of organisations: profile, slug, rows, status.

use std::time::Duration;

use shared::{
    Failure, Refused,
    bus::{
        DomainEvent,
        events::{
            OrganizationCreated, OrganizationDeleted, OrganizationMemberJoined, OrganizationStatusChanged,
            OrganizationUpdated,
        },
    },
    clock::Timestamp,
    http::IdempotencyRecord,
    id::{OrganizationId, UserId},
    identity::PublicProfile,
    membership::{self, Member, MemberAction, OrganizationCounters},
    table::{
        Condition, Transaction,
        item::{Entity as _, Stored, Tombstone},
        schema,
    },
    text::Slug,
    vocabulary::{ActorKind, OrganizationStatus},
};

use super::{Store, WriteRefusal};
use crate::{
    access::Actor,
    operations::{
        CREATE_ORGANIZATION, DELETE_ORGANIZATION, FIND_ORGANIZATION, GET_IDEMPOTENCY_RECORD,
        MODERATE_ORGANIZATION, REPLACE_ORGANIZATION,
    },
    organization::{Organization, SlugClaim},
    rows,
};

/// Lifetime of a deleted organisation's tombstones: longer than the bus's archive and the
/// dead-letter queues keep events.
const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// An organisation to be created.
#[derive(Debug)]
pub(crate) struct NewOrganization<'a> {
    pub(crate) organization: &'a Organization,
    pub(crate) founder: &'a Member,
    pub(crate) record: Option<&'a IdempotencyRecord>,
    /// True if the address of the founder must be verified.
    pub(crate) verified_only: bool,
}

/// Reason for a refused creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CreateRefusal {
    /// The request is a repeated one.
    Repeated,
    /// Another organisation has the slug.
    SlugTaken,
    /// The address of the founder is not verified.
    NotVerified,
}

/// The account that writes, with its authority, and the time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    pub(crate) user: UserId,
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
}

impl Writer {
    /// Adds the check of a member's permission.
    pub(super) fn check(
        self,
        transaction: Transaction<'_, WriteRefusal>,
        organization: OrganizationId,
        action: MemberAction,
    ) -> Transaction<'_, WriteRefusal> {
        match self.actor {
            Actor::Member(_) => {
                membership::check(transaction, (organization, self.user), action, WriteRefusal::Outdated)
            }
            Actor::Administrator => transaction,
        }
    }
}

impl Store {
    /// Creates an organisation with its first owner, and publishes the events.
    pub(crate) async fn create_organization(
        &self,
        new: NewOrganization<'_>,
    ) -> Result<(), Refused<CreateRefusal>> {
        let NewOrganization { organization, founder, record, verified_only } = new;
        let account = if verified_only { PublicProfile::is_verified() } else { PublicProfile::exists() };
        let (id, user, at) = (organization.id, founder.card.user_id, organization.updated_at);
        let mut transaction = self.table.operation(&CREATE_ORGANIZATION).transaction();
        if let Some(record) = record {
            transaction = transaction.put(record, record.unused(), Vec::new()).or(CreateRefusal::Repeated);
        }
        let claim = organization.slug_claim();
        let created = OrganizationCreated { organization_id: id, user_id: user, at };
        let joined = OrganizationMemberJoined {
            membership_id: founder.id,
            organization_id: id,
            user_id: user,
            role: founder.card.role.clone(),
            inviter_id: None,
            at,
            actor_kind: ActorKind::Person.into(),
        };
        transaction = transaction
            .put(&claim, claim.is_free(at), Vec::new())
            .or(CreateRefusal::SlugTaken)
            .check(schema::public_profile(user), account)
            .or(CreateRefusal::NotVerified)
            .put_new_with(organization, vec![DomainEvent::OrganizationCreated(created)])
            .put_new(&OrganizationCounters::new(id))
            .put_new_with(founder, vec![DomainEvent::OrganizationMemberJoined(joined)]);
        with_rows(transaction, None, Some(organization)).commit().await
    }

    /// The record of the first request of a record's key.
    pub(crate) async fn first_request(
        &self,
        record: Option<&IdempotencyRecord>,
    ) -> Result<Option<IdempotencyRecord>, Refused<shared::http::KeyReused>> {
        IdempotencyRecord::first(record, self.table.operation(&GET_IDEMPOTENCY_RECORD)).await
    }

    /// The organisation that a slug leads to.
    pub(crate) async fn find_by_slug(
        &self,
        slug: &Slug,
        now: Timestamp,
    ) -> Result<Option<OrganizationId>, Failure> {
        let access = self.table.operation(&FIND_ORGANIZATION);
        let claim: Option<Stored<SlugClaim>> = access.get(schema::organization_slug(slug)).await?;
        Ok(claim.filter(|claim| claim.entity.leads(now)).map(|claim| claim.entity.organization_id))
    }

    /// Replaces the profile of an organisation, and publishes the change.
    pub(crate) async fn replace_organization(
        &self,
        before: &Stored<Organization>,
        after: &Organization,
        writer: Writer,
    ) -> Result<(), Refused<WriteRefusal>> {
        let updated = OrganizationUpdated {
            organization_id: after.id,
            changed: before.entity.changed(after),
            status: after.status.clone(),
            verified: after.card.verified,
            at: writer.now,
            actor_kind: writer.actor.kind().into(),
        };
        let renames = before.entity.card.slug != after.card.slug;
        let action = if renames { MemberAction::ChangeSlug } else { MemberAction::UpdateProfile };
        let mut transaction = self
            .table
            .operation(&REPLACE_ORGANIZATION)
            .transaction()
            .put(after, Condition::Version(before.version), vec![DomainEvent::OrganizationUpdated(updated)])
            .or(WriteRefusal::Outdated);
        transaction = writer.check(transaction, after.id, action);
        if renames {
            let claim = after.slug_claim();
            // The version of the organisation guards its present claim.
            transaction = transaction
                .put(&claim, claim.is_free(writer.now), Vec::new())
                .or(WriteRefusal::SlugTaken)
                .put(&before.entity.slug_claim().held(writer.now), Condition::Any, Vec::new());
        }
        with_rows(transaction, Some(&before.entity), Some(after)).commit().await
    }

    /// Blocks or unblocks an organisation, and publishes the change.
    pub(crate) async fn set_status(
        &self,
        before: &Stored<Organization>,
        after: &Organization,
        status: OrganizationStatus,
        now: Timestamp,
    ) -> Result<(), Refused<WriteRefusal>> {
        let changed = OrganizationStatusChanged {
            organization_id: after.id,
            status: after.status.clone(),
            previous_status: before.entity.status.clone(),
            at: now,
            actor_kind: ActorKind::Administrator.into(),
        };
        let event = match status {
            OrganizationStatus::Active => DomainEvent::OrganizationUnblocked(changed),
            OrganizationStatus::Blocked => DomainEvent::OrganizationBlocked(changed),
            OrganizationStatus::Closed => DomainEvent::OrganizationClosed(changed),
        };
        let transaction = self
            .table
            .operation(&MODERATE_ORGANIZATION)
            .transaction()
            .put(after, Condition::Version(before.version), vec![event])
            .or(WriteRefusal::Outdated)
            .update::<OrganizationCounters>(
                schema::organization_counters(after.id),
                OrganizationCounters::set_status(status),
            )
            .or(WriteRefusal::Outdated);
        with_rows(transaction, Some(&before.entity), Some(after)).commit().await
    }

    /// Deletes an organisation, and publishes the event. Its members follow.
    pub(crate) async fn delete_organization(
        &self,
        before: &Stored<Organization>,
        writer: Writer,
    ) -> Result<(), Refused<WriteRefusal>> {
        let organization = &before.entity;
        let deleted = OrganizationDeleted {
            organization_id: organization.id,
            previous_status: organization.status.clone(),
            at: writer.now,
            actor_kind: writer.actor.kind().into(),
        };
        let tombstone = |key| Tombstone::new(key, writer.now, TOMBSTONE_LIFETIME);
        let counters = schema::organization_counters(organization.id);
        let transaction = self
            .table
            .operation(&DELETE_ORGANIZATION)
            .transaction()
            .put(
                &tombstone(organization.key()),
                Condition::Version(before.version),
                vec![DomainEvent::OrganizationDeleted(deleted)],
            )
            .or(WriteRefusal::Outdated)
            .put(&tombstone(counters), Condition::Any, Vec::new())
            .put(&organization.slug_claim().held(writer.now), Condition::Any, Vec::new());
        let transaction = writer.check(transaction, organization.id, MemberAction::DeleteOrganization);
        with_rows(transaction, Some(organization), None).commit().await
    }
}

/// Adds the changes of the rows. The version of the organisation guards them.
pub(super) fn with_rows<'t, E>(
    mut transaction: Transaction<'t, E>,
    before: Option<&Organization>,
    after: Option<&Organization>,
) -> Transaction<'t, E> {
    let rows = rows::changes(before, after);
    for row in &rows.written {
        transaction = transaction.put(row, Condition::Any, Vec::new());
    }
    rows.removed.into_iter().fold(transaction, |transaction, key| transaction.remove(key, Condition::Any))
}
