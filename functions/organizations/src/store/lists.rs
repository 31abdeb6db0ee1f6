//! Lists of organisations, members and invitations.

use serde::de::DeserializeOwned;
use shared::{
    Failure,
    clock::Timestamp,
    id::{InvitationId, MembershipId, OrganizationId, UserId},
    membership::{InvitationCard, MemberCard},
    table::{Consistency, Listed, Query, item::Stored, schema, schema::IndexKey, units::Operation},
    vocabulary::{InvitationStatus, Open, OrganizationRole, OrganizationStatus},
};

use super::Store;
use crate::{
    operations::{
        FIND_ORGANIZATIONS, GET_ORGANIZATIONS, LIST_INVITATIONS, LIST_MEMBERS, LIST_MEMBERSHIPS,
        LIST_ORGANIZATIONS,
    },
    organization::{Organization, OrganizationCard},
};

/// An organisation in a list.
#[derive(Debug, Clone)]
pub(crate) struct ListedOrganization {
    pub(crate) id: OrganizationId,
    /// Sort key in the list.
    pub(crate) sort: String,
    pub(crate) card: OrganizationCard,
}

/// A membership of an account.
#[derive(Debug, Clone)]
pub(crate) struct ListedMembership {
    pub(crate) organization: OrganizationId,
    /// Sort key in the list.
    pub(crate) sort: String,
    pub(crate) role: Open<OrganizationRole>,
}

/// A member in a list.
#[derive(Debug, Clone)]
pub(crate) struct ListedMember {
    /// Sort key in the list.
    pub(crate) sort: String,
    pub(crate) since: Timestamp,
    pub(crate) card: MemberCard,
}

/// An invitation in a list.
#[derive(Debug, Clone)]
pub(crate) struct ListedInvitation {
    pub(crate) id: InvitationId,
    /// Sort key in the list.
    pub(crate) sort: String,
    pub(crate) card: InvitationCard,
}

/// The least id of any kind.
fn zero() -> Timestamp {
    Timestamp::from_millis(0)
}

impl Store {
    /// Lists up to `limit` organisations of a status, the newest first, after the sort key
    /// `after`.
    pub(crate) async fn list_organizations(
        &self,
        status: OrganizationStatus,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedOrganization>, Failure> {
        let key = schema::organizations(&status.into(), OrganizationId::earliest(zero()));
        let query = Query::index(key).descending(true).after(after).limit(limit);
        let found = self.list(&LIST_ORGANIZATIONS, query).await?;
        found.into_iter().map(listed_organization).collect()
    }

    /// Finds up to `limit` active organisations with a word that begins with `prefix`,
    /// after the sort key `after`. One with several such words is found once for each.
    pub(crate) async fn find_organizations(
        &self,
        prefix: &str,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedOrganization>, Failure> {
        let active = OrganizationStatus::Active.into();
        let key = schema::organizations_by_words(&active, "", OrganizationId::earliest(zero()));
        let query = Query::index(key).prefix(prefix).after(after).limit(limit);
        let found = self.list(&FIND_ORGANIZATIONS, query).await?;
        found.into_iter().map(listed_organization).collect()
    }

    /// Lists up to `limit` memberships of an account, after the sort key `after`.
    pub(crate) async fn list_memberships(
        &self,
        user: UserId,
        role: Option<OrganizationRole>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedMembership>, Failure> {
        let rank = role.map(|role| format!("{}#", role.rank())).unwrap_or_default();
        let key = schema::memberships_of(user, 0, OrganizationId::earliest(zero()));
        let query = ranked(key, &rank).after(after).limit(limit);
        let found: Vec<Listed<MemberCard>> = self.list(&LIST_MEMBERSHIPS, query).await?;
        let memberships = found.into_iter().map(|listed| {
            Ok(ListedMembership { organization: listed.id()?, role: listed.card.role, sort: listed.sort })
        });
        memberships.collect()
    }

    /// Lists up to `limit` members of an organisation, after the sort key `after`; with
    /// `public_only`, those who are shown to everyone.
    pub(crate) async fn list_members(
        &self,
        organization: OrganizationId,
        (role, public_only): (Option<OrganizationRole>, bool),
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedMember>, Failure> {
        let first = MembershipId::earliest(zero());
        let key = if public_only {
            schema::public_members(organization, 0, first)
        } else {
            schema::members_by_role(organization, 0, first)
        };
        let rank = role.map(|role| format!("{}#", role.rank())).unwrap_or_default();
        let found = self.list(&LIST_MEMBERS, ranked(key, &rank).after(after).limit(limit)).await?;
        let members = found.into_iter().map(|Listed { sort, card, .. }: Listed<MemberCard>| {
            let id = sort.split_once('#').and_then(|(_, id)| id.parse::<MembershipId>().ok());
            let id = id.ok_or_else(|| Failure::internal("a list of members has another sort key"))?;
            Ok(ListedMember { sort, since: id.created_at(), card })
        });
        members.collect()
    }

    /// Lists up to `limit` invitations of an organisation, the newest first, after the sort
    /// key `after`.
    pub(crate) async fn list_invitations(
        &self,
        organization: OrganizationId,
        status: InvitationStatus,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedInvitation>, Failure> {
        let first = InvitationId::from_bytes([0; 16]);
        self.invitations(schema::invitations_of(organization, &status.into(), zero(), first), after, limit)
            .await
    }

    /// Lists up to `limit` pending invitations of an address, as
    /// [`list_invitations`](Self::list_invitations) does.
    pub(crate) async fn list_invitations_for(
        &self,
        address_mac: &str,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedInvitation>, Failure> {
        let first = InvitationId::from_bytes([0; 16]);
        self.invitations(schema::invitations_for(address_mac, zero(), first), after, limit).await
    }

    async fn invitations(
        &self,
        key: IndexKey,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<ListedInvitation>, Failure> {
        let query = Query::index(key).descending(true).after(after).limit(limit);
        let found: Vec<Listed<InvitationCard>> = self.list(&LIST_INVITATIONS, query).await?;
        let invitations = found
            .into_iter()
            .map(|listed| Ok(ListedInvitation { id: listed.id()?, sort: listed.sort, card: listed.card }));
        invitations.collect()
    }

    /// The organisations of a page, in the order of `ids`; `None` for a deleted one.
    pub(crate) async fn get_organizations(
        &self,
        ids: &[OrganizationId],
    ) -> Result<Vec<Option<Organization>>, Failure> {
        let keys = ids.iter().map(|id| schema::organization(*id));
        let access = self.table.operation_on(&GET_ORGANIZATIONS, ids.len());
        let mut found = access.get_many(keys, Consistency::Eventual).await?;
        let organizations = ids.iter().map(|id| {
            let stored: Option<Stored<Organization>> = found.take(schema::organization(*id))?;
            Ok(stored.map(|stored| stored.entity))
        });
        organizations.collect()
    }

    async fn list<C: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        query: Query,
    ) -> Result<Vec<Listed<C>>, Failure> {
        self.table.operation(operation).list_cards(query).await
    }
}

/// The list of `key`, of one role or of all.
fn ranked(key: IndexKey, rank: &str) -> Query {
    if rank.is_empty() { Query::index(key) } else { Query::index(key).prefix(rank) }
}

fn listed_organization(listed: Listed<OrganizationCard>) -> Result<ListedOrganization, Failure> {
    Ok(ListedOrganization { id: listed.id()?, sort: listed.sort, card: listed.card })
}
