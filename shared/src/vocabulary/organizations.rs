//! Words of organisations, their members and invitations.

use crate::{vocabulary, vocabulary::Open};

vocabulary! {
    /// Role of a member in an organisation, the highest first.
    pub enum OrganizationRole {
        /// All permissions in the organisation.
        Owner = "owner",
        /// Manages the profile and the members.
        Admin = "admin",
        /// Manages what the organisation offers.
        Editor = "editor",
        /// Reads and fulfils.
        Staff = "staff",
        /// Reads.
        Viewer = "viewer",
    }
}

impl OrganizationRole {
    /// Position in the order of the roles; 0 is the highest.
    pub fn rank(self) -> usize {
        Self::ALL.iter().position(|role| *role == self).unwrap_or(Self::ALL.len())
    }
}

impl Open<OrganizationRole> {
    /// Position in the order of the roles, one digit; a role of a later release is the
    /// last.
    pub fn rank(&self) -> usize {
        self.known().map_or(9, OrganizationRole::rank)
    }
}

vocabulary! {
    /// Status of an organisation.
    pub enum OrganizationStatus {
        /// May act.
        Active = "active",
        /// Blocked by an administrator of the platform.
        Blocked = "blocked",
        /// Without an owner. Nobody can act for it any more.
        Closed = "closed",
    }
}

vocabulary! {
    /// Status of an invitation.
    pub enum InvitationStatus {
        /// Can be accepted until it expires.
        Pending = "pending",
        /// Accepted.
        Accepted = "accepted",
        /// Declined by the invited person.
        Declined = "declined",
        /// Revoked by the organisation.
        Revoked = "revoked",
    }
}

vocabulary! {
    /// Kind of the actor of a change in an organisation, or of an event.
    pub enum ActorKind {
        /// The person whom the change concerns.
        Person = "person",
        /// Another member of the organisation.
        Member = "member",
        /// An administrator of the platform.
        Administrator = "administrator",
        /// The system, as a reaction to an event.
        System = "system",
    }
}
