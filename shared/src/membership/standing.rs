//! An account that acts for an organisation in a group other than `organizations`: its role
//! and the organisation's status as they were read, and the same as conditions of a write.

use super::{Member, MemberAction, NotPermitted, OrganizationCounters, check};
use crate::{
    Failure,
    id::{OrganizationId, UserId},
    table::{Access, Consistency, Transaction, item::Stored, schema},
    vocabulary::{Open, OrganizationRole, OrganizationStatus},
};

/// Status of an organisation, and the role of an account in it.
#[derive(Debug, Clone)]
pub struct Standing {
    organization: OrganizationId,
    user: UserId,
    /// None for a deleted organisation.
    status: Option<Open<OrganizationStatus>>,
    /// None for an account that is no member.
    role: Option<Open<OrganizationRole>>,
}

/// Reason for a refused write for an organisation.
#[derive(Debug)]
pub enum Denied {
    /// Only administrators of the platform may do it.
    Forbidden,
    /// The caller's role does not have the action.
    NotPermitted(NotPermitted),
    /// The organisation is blocked.
    Blocked,
    /// The organisation is closed.
    Closed,
}

/// Conditions of a write for an organisation, beside those of the items that it changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OrganizationCheck {
    /// None: the platform writes.
    #[default]
    None,
    /// The organisation is active.
    Active(OrganizationId),
    /// The organisation is not active, or deleted.
    Inactive(OrganizationId),
    /// The organisation is active, and the account is a member who may do it.
    Member(OrganizationId, UserId, MemberAction),
}

impl Standing {
    /// Reads the standing of an account, consistently: 1 round trip, 2 RRU.
    pub async fn read(
        access: Access<'_>,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Self, Failure> {
        let (member, counters) =
            (schema::member(organization, user), schema::organization_counters(organization));
        let mut found = access.get_many([member.clone(), counters.clone()], Consistency::Strong).await?;
        let member: Option<Stored<Member>> = found.take(member)?;
        let counters: Option<Stored<OrganizationCounters>> = found.take(counters)?;
        Ok(Self {
            organization,
            user,
            status: counters.map(|counters| counters.entity.status),
            role: member.map(|member| member.entity.card.role),
        })
    }

    /// True if the organisation exists.
    pub fn exists(&self) -> bool {
        self.status.is_some()
    }

    /// True if the account is a member whose role has the action. Members of a blocked or
    /// closed organisation can still read.
    pub fn may(&self, action: MemberAction) -> bool {
        let role = self.role.as_ref().filter(|_| self.exists()).and_then(Open::known);
        role.is_some_and(|role| action.is_of(role))
    }

    /// Judges a write of the account as a member.
    pub fn permit(&self, action: MemberAction) -> Result<OrganizationCheck, Denied> {
        if !self.may(action) {
            return Err(Denied::NotPermitted(NotPermitted(action)));
        }
        self.permit_platform()?;
        Ok(OrganizationCheck::Member(self.organization, self.user, action))
    }

    /// Judges a write of the platform that only an active organisation may have.
    pub fn permit_platform(&self) -> Result<OrganizationCheck, Denied> {
        match self.status.as_ref().and_then(Open::known) {
            Some(OrganizationStatus::Active) => Ok(OrganizationCheck::Active(self.organization)),
            Some(OrganizationStatus::Closed) => Err(Denied::Closed),
            // Nobody acts for an organisation with a status of a later release.
            Some(OrganizationStatus::Blocked) | None => Err(Denied::Blocked),
        }
    }
}

impl OrganizationCheck {
    /// Adds the conditions to a transaction.
    pub fn add<E>(self, transaction: Transaction<'_, E>, refusal: impl Fn() -> E) -> Transaction<'_, E> {
        let (transaction, organization, status) = match self {
            Self::None => return transaction,
            Self::Active(organization) => (transaction, organization, OrganizationCounters::active()),
            Self::Inactive(organization) => (transaction, organization, OrganizationCounters::inactive()),
            Self::Member(organization, user, action) => {
                let transaction = check(transaction, (organization, user), action, refusal());
                (transaction, organization, OrganizationCounters::active())
            }
        };
        transaction.check(schema::organization_counters(organization), status).or(refusal())
    }

    /// True if there is a condition: the write must be a transaction.
    pub fn is_some(self) -> bool {
        self != Self::None
    }
}
