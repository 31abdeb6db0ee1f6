//! Table operations of the group: reads of an organisation with its members here, writes
//! and lists below.

mod endings;
mod invitations;
mod lists;
mod members;
mod organizations;

use std::collections::HashMap;

use shared::{
    Failure,
    id::{OrganizationId, UserId},
    identity::PublicProfile,
    membership::{Member, OrganizationCounters},
    table::{
        Consistency, Table,
        item::{Reader, Stored},
        schema,
    },
};

pub(crate) use self::{
    invitations::Acceptance,
    lists::{ListedInvitation, ListedMember, ListedMembership, ListedOrganization},
    members::with_role,
    organizations::{CreateRefusal, NewOrganization, Writer},
};
use crate::{
    operations::{GET_MEMBERS, GET_ORGANIZATION, GET_PROFILES},
    organization::{Organization, SlugClaim},
    rows::OrganizationRow,
};

/// Entities of the group; those of memberships are `shared::membership`'s.
pub const ENTITIES: &[Reader] =
    &[Reader::of::<Organization>(), Reader::of::<OrganizationRow>(), Reader::of::<SlugClaim>()];

/// Reason for a refused write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteRefusal {
    /// Something has changed since it was read: read and judge again.
    Outdated,
    /// Another organisation has the slug.
    SlugTaken,
}

/// Access to the group's items.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    table: Table,
}

/// An organisation with its counters, and one member.
#[derive(Debug, Clone)]
pub(crate) struct Overview {
    pub(crate) organization: Stored<Organization>,
    pub(crate) counters: OrganizationCounters,
    pub(crate) member: Option<Stored<Member>>,
}

/// The counters of an organisation, and those of the requested accounts that are members.
#[derive(Debug)]
pub(crate) struct Members {
    pub(crate) counters: OrganizationCounters,
    found: HashMap<UserId, Stored<Member>>,
}

impl Members {
    /// The member, if the account is one.
    pub(crate) fn get(&self, user: UserId) -> Option<&Stored<Member>> {
        self.found.get(&user)
    }
}

impl Store {
    /// Store in `table`.
    pub(crate) fn new(table: Table) -> Self {
        Self { table }
    }

    /// The organisation, and the member `user`.
    pub(crate) async fn get_organization(
        &self,
        id: OrganizationId,
        user: Option<UserId>,
    ) -> Result<Option<Overview>, Failure> {
        let member = user.map(|user| schema::member(id, user));
        let (organization, counters) = (schema::organization(id), schema::organization_counters(id));
        let keys = [organization.clone(), counters.clone()].into_iter().chain(member.clone());
        let mut found = self.table.operation(&GET_ORGANIZATION).get_many(keys, Consistency::Strong).await?;
        let member = member.map(|key| found.take(key)).transpose()?.flatten();
        let counters = found.take(counters)?.map(|stored: Stored<OrganizationCounters>| stored.entity);
        let organization = found.take(organization)?;
        Ok(organization.zip(counters).map(|(organization, counters)| Overview {
            organization,
            counters,
            member,
        }))
    }

    /// The counters of an organisation and up to three members of it.
    pub(crate) async fn get_members(
        &self,
        id: OrganizationId,
        users: &[UserId],
    ) -> Result<Option<Members>, Failure> {
        let counters = schema::organization_counters(id);
        let mut distinct: Vec<UserId> = users.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let members = distinct.iter().map(|user| schema::member(id, *user));
        let keys = members.chain([counters.clone()]);
        let mut items = self.table.operation(&GET_MEMBERS).get_many(keys, Consistency::Strong).await?;
        let counters = items.take(counters)?.map(|stored: Stored<OrganizationCounters>| stored.entity);
        let mut found = HashMap::new();
        for user in distinct {
            if let Some(member) = items.take(schema::member(id, user))? {
                found.insert(user, member);
            }
        }
        Ok(counters.map(|counters| Members { counters, found }))
    }

    /// The member of an organisation, which may be deleted.
    pub(crate) async fn get_member(
        &self,
        id: OrganizationId,
        user: UserId,
    ) -> Result<Option<Stored<Member>>, Failure> {
        let key = schema::member(id, user);
        let access = self.table.operation(&GET_MEMBERS);
        access.get_many([key.clone()], Consistency::Strong).await?.take(key)
    }

    /// The public profiles of accounts, as far as they exist.
    pub(crate) async fn get_profiles(
        &self,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, PublicProfile>, Failure> {
        let users: Vec<UserId> = users.into_iter().collect();
        let keys = users.iter().map(|user| schema::public_profile(*user));
        let access = self.table.operation_on(&GET_PROFILES, users.len());
        let mut found = access.get_many(keys, Consistency::Eventual).await?;
        let mut profiles = HashMap::new();
        for user in users {
            let profile: Option<Stored<PublicProfile>> = found.take(schema::public_profile(user))?;
            profiles.extend(profile.map(|profile| (user, profile.entity)));
        }
        Ok(profiles)
    }
}
