//! Common errors of the changes of members.

use shared::{
    Failure,
    http::{
        Faults, Stale,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::{OrganizationId, UserId},
    vocabulary::OrganizationRole,
};

use crate::{
    access::Denied,
    problems::{
        LAST_OWNER, NOT_A_MEMBER, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, ROLE_ABOVE_OWN,
    },
    state::Organizations,
    store::Members,
};

shared::problems! {
    /// Errors of changing a member.
    pub enum ChangeMemberError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        Forbidden => FORBIDDEN,
        AboveOwn => ROLE_ABOVE_OWN,
        LastOwner => LAST_OWNER,
        NotAMember => NOT_A_MEMBER,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
    }
}

impl From<Denied> for ChangeMemberError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::NotPermitted(needs) => Self::NotPermitted(needs),
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

/// The counters and the members that a request names.
pub(super) async fn read(
    organizations: &Organizations,
    id: OrganizationId,
    users: &[UserId],
) -> Result<Members, ChangeMemberError> {
    organizations.store.get_members(id, users).await?.ok_or(ChangeMemberError::NotFound)
}

/// The role, if this release knows it.
pub(super) fn known(role: Option<OrganizationRole>) -> Result<OrganizationRole, Failure> {
    role.ok_or_else(|| Failure::internal("the role of a member is not known here"))
}
