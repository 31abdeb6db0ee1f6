//! Members of organisations. `organizations` writes these items; every other group
//! reads them by key, and puts [`check`] into its writes: so a removed or demoted member
//! can do nothing from the moment at which the removal is acknowledged, in every group.
//!
//! The members of an organisation and its counters are one partition, so that a policy
//! can allow just them.

mod action;
mod counters;
mod invitation;
mod member;
mod problems;
mod standing;

pub use self::{
    action::MemberAction,
    counters::{Counted, INVITATIONS_A_DAY, MEMBERS, OrganizationCounters, until_tomorrow},
    invitation::{INVITATION_LIFETIME, Invitation, InvitationCard},
    member::{Member, MemberCard, absent},
    problems::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    standing::{Denied, OrganizationCheck, Standing},
};
use crate::{
    id::{OrganizationId, UserId},
    table::{Transaction, item::Reader, schema},
};

/// Entities of memberships.
pub const ENTITIES: &[Reader] =
    &[Reader::of::<Member>(), Reader::of::<OrganizationCounters>(), Reader::of::<Invitation>()];

/// Adds the condition that the account is a member whose role may perform `action`. A
/// conflict with another write of the member alone is retried until the deadline.
pub fn check<E>(
    transaction: Transaction<'_, E>,
    (organization, user): (OrganizationId, UserId),
    action: MemberAction,
    refusal: E,
) -> Transaction<'_, E> {
    transaction.check(schema::member(organization, user), action.condition()).or(refusal)
}
