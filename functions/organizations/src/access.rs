//! Access of callers to an organisation. It is judged on the items that the attempt has
//! read, and the write checks the same again.

use shared::{
    Failure,
    http::Problem,
    identity::{Caller, Permission, Verifier},
    membership::{Member, MemberAction, OrganizationCounters},
    table::item::Stored,
    vocabulary::{ActorKind, OrganizationRole, OrganizationStatus},
};

use crate::problems::NotPermitted;

/// Reason for a refused access.
#[derive(Debug)]
pub(crate) enum Denied {
    /// The organisation does not exist for the caller.
    NotFound,
    /// The caller's role does not have the action.
    NotPermitted(NotPermitted),
    /// The organisation is blocked.
    Blocked,
    /// The organisation is closed.
    Closed,
}

/// Authority of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A member with this role, as it was read. The write checks the role.
    Member(OrganizationRole),
    /// An administrator of the platform.
    Administrator,
}

/// Makes the errors of an endpoint from a refused access.
macro_rules! access_problems {
    ($error:ident) => {
        impl From<$crate::access::Denied> for $error {
            fn from(denied: $crate::access::Denied) -> Self {
                use $crate::access::Denied;
                match denied {
                    Denied::NotFound => Self::NotFound,
                    Denied::NotPermitted(needs) => Self::NotPermitted(needs),
                    Denied::Blocked => Self::Blocked,
                    Denied::Closed => Self::Closed,
                }
            }
        }
    };
}
pub(crate) use access_problems;

impl Actor {
    /// The kind in events.
    pub(crate) fn kind(self) -> ActorKind {
        match self {
            Self::Member(_) => ActorKind::Member,
            Self::Administrator => ActorKind::Administrator,
        }
    }
}

/// True if the caller manages all organisations.
pub(crate) fn manages(caller: &Caller) -> bool {
    caller.may(Permission::ManageOrganizations)
}

/// True if the organisation exists for a caller: a blocked one only for its members and
/// for administrators.
pub(crate) fn is_visible(
    counters: &OrganizationCounters,
    member: Option<&Stored<Member>>,
    caller: Option<&Caller>,
) -> bool {
    match counters.status.known() {
        Some(OrganizationStatus::Active | OrganizationStatus::Closed) => true,
        // A status of a later release may not be public.
        Some(OrganizationStatus::Blocked) | None => member.is_some() || caller.is_some_and(manages),
    }
}

/// Judges an action of a member; an administrator of the platform is not one.
pub(crate) fn permit(
    counters: &OrganizationCounters,
    member: Option<&Stored<Member>>,
    action: MemberAction,
) -> Result<OrganizationRole, Denied> {
    let role = member.and_then(|member| member.entity.card.role.known());
    match role.filter(|role| action.is_of(*role)) {
        Some(role) => Ok(role),
        None if is_visible(counters, member, None) => Err(Denied::NotPermitted(NotPermitted(action))),
        None => Err(Denied::NotFound),
    }
}

/// Judges an action of a member or of an administrator of the platform.
pub(crate) fn permit_or_manage(
    caller: &Caller,
    counters: &OrganizationCounters,
    member: Option<&Stored<Member>>,
    action: MemberAction,
) -> Result<Actor, Denied> {
    match permit(counters, member, action) {
        Ok(role) => Ok(Actor::Member(role)),
        Err(_) if manages(caller) => Ok(Actor::Administrator),
        Err(denied) => Err(denied),
    }
}

/// A role that a caller may grant, as far as the age of the authentication is concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grant(OrganizationRole);

impl Grant {
    /// Judges a grant. The role of owners needs a recent authentication: a stolen session
    /// could otherwise take over an organisation without a transfer, which needs it, too.
    pub(crate) async fn judge(
        caller: &Caller,
        role: OrganizationRole,
        verifier: &Verifier,
    ) -> Result<Self, Problem> {
        if role == OrganizationRole::Owner {
            caller.must_be_recent(verifier).await?;
        }
        Ok(Self(role))
    }

    /// The granted role.
    pub(crate) fn role(self) -> OrganizationRole {
        self.0
    }
}

/// Refuses an organisation that is not active.
pub(crate) fn must_be_active(counters: &OrganizationCounters) -> Result<(), Denied> {
    match counters.status.known() {
        Some(OrganizationStatus::Active) => Ok(()),
        Some(OrganizationStatus::Closed) => Err(Denied::Closed),
        // No member can act for one of a status of a later release.
        Some(OrganizationStatus::Blocked) | None => Err(Denied::Blocked),
    }
}

/// The role of a member, if this release knows it.
pub(crate) fn known(role: Option<OrganizationRole>) -> Result<OrganizationRole, Failure> {
    role.ok_or_else(|| Failure::internal("the role of a member is not known here"))
}
