//! The events of organisations. Each has the moment that the change stores, and the kind
//! of its actor; the envelope has the actor's id. Names and addresses are read by id.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Timestamp,
    id::{InvitationId, MembershipId, OrganizationId, UserId},
    text::OrganizationName,
    vocabulary::{ActorKind, Open, OrganizationRole, OrganizationStatus},
};

/// See [`DomainEvent::OrganizationCreated`](super::DomainEvent::OrganizationCreated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationCreated {
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Account of the first owner.
    pub user_id: UserId,
    /// Time of creation.
    pub at: Timestamp,
}

/// See [`DomainEvent::OrganizationUpdated`](super::DomainEvent::OrganizationUpdated).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationUpdated {
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Names of the changed fields.
    pub changed: Vec<String>,
    /// Status.
    #[schema(value_type = OrganizationStatus)]
    pub status: Open<OrganizationStatus>,
    /// True if the platform has verified the organisation.
    #[schema(examples(true))]
    pub verified: bool,
    /// Time of the change.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// See [`DomainEvent::OrganizationDeleted`](super::DomainEvent::OrganizationDeleted).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationDeleted {
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Status before.
    #[schema(value_type = OrganizationStatus)]
    pub previous_status: Open<OrganizationStatus>,
    /// Time of the deletion.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// Change of the status of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationStatusChanged {
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Status.
    #[schema(value_type = OrganizationStatus)]
    pub status: Open<OrganizationStatus>,
    /// Status before.
    #[schema(value_type = OrganizationStatus)]
    pub previous_status: Open<OrganizationStatus>,
    /// Time of the change.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// See [`DomainEvent::OrganizationBlocked`](super::DomainEvent::OrganizationBlocked).
pub type OrganizationBlocked = OrganizationStatusChanged;
/// See [`DomainEvent::OrganizationUnblocked`](super::DomainEvent::OrganizationUnblocked).
pub type OrganizationUnblocked = OrganizationStatusChanged;
/// See [`DomainEvent::OrganizationClosed`](super::DomainEvent::OrganizationClosed).
pub type OrganizationClosed = OrganizationStatusChanged;

/// See [`DomainEvent::OrganizationInvited`](super::DomainEvent::OrganizationInvited).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationInvited {
    /// Id of the invitation: that of its organisation and address.
    pub invitation_id: InvitationId,
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Account of the inviting member.
    pub inviter_id: UserId,
    /// Role of the new member.
    #[schema(value_type = OrganizationRole)]
    pub role: Open<OrganizationRole>,
    /// Number of the invitation of this address.
    #[schema(examples(1))]
    pub round: u32,
    /// Time of the invitation.
    pub at: Timestamp,
}

/// End of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationInvitationEnded {
    /// Id of the invitation: that of its organisation and address.
    pub invitation_id: InvitationId,
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Role of the new member.
    #[schema(value_type = OrganizationRole)]
    pub role: Open<OrganizationRole>,
    /// Number of the invitation of this address.
    #[schema(examples(1))]
    pub round: u32,
    /// Time of the end.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// See [`DomainEvent::OrganizationInvitationAccepted`](super::DomainEvent::OrganizationInvitationAccepted).
pub type OrganizationInvitationAccepted = OrganizationInvitationEnded;
/// See [`DomainEvent::OrganizationInvitationDeclined`](super::DomainEvent::OrganizationInvitationDeclined).
pub type OrganizationInvitationDeclined = OrganizationInvitationEnded;
/// See [`DomainEvent::OrganizationInvitationRevoked`](super::DomainEvent::OrganizationInvitationRevoked).
pub type OrganizationInvitationRevoked = OrganizationInvitationEnded;

/// See [`DomainEvent::OrganizationMemberJoined`](super::DomainEvent::OrganizationMemberJoined).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationMemberJoined {
    /// Id of the membership.
    pub membership_id: MembershipId,
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Account of the member.
    pub user_id: UserId,
    /// Role.
    #[schema(value_type = OrganizationRole)]
    pub role: Open<OrganizationRole>,
    /// Account of the inviting member; absent for the founder, and for an owner whom an
    /// administrator has appointed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inviter_id: Option<UserId>,
    /// Time of joining.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// See [`DomainEvent::OrganizationMemberRoleChanged`](super::DomainEvent::OrganizationMemberRoleChanged).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationMemberRoleChanged {
    /// Id of the membership.
    pub membership_id: MembershipId,
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Account of the member.
    pub user_id: UserId,
    /// Role.
    #[schema(value_type = OrganizationRole)]
    pub role: Open<OrganizationRole>,
    /// Role before.
    #[schema(value_type = OrganizationRole)]
    pub previous_role: Open<OrganizationRole>,
    /// Time of the change.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// See [`DomainEvent::OrganizationMemberLeft`](super::DomainEvent::OrganizationMemberLeft).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationMemberLeft {
    /// Id of the membership.
    pub membership_id: MembershipId,
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Account of the former member.
    pub user_id: UserId,
    /// Role before.
    #[schema(value_type = OrganizationRole)]
    pub previous_role: Open<OrganizationRole>,
    /// Time of leaving.
    pub at: Timestamp,
    /// Kind of the actor: the person leaves, another member or an administrator removes
    /// the person, or the account is deleted.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// New owner in the place of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationOwnerChanged {
    /// Id of the membership of the new owner.
    pub membership_id: MembershipId,
    /// Id of the organisation.
    pub organization_id: OrganizationId,
    /// Account of the new owner.
    pub user_id: UserId,
    /// Account of the previous owner.
    pub previous_owner_id: UserId,
    /// Role of the new owner before.
    #[schema(value_type = OrganizationRole)]
    pub previous_role: Open<OrganizationRole>,
    /// Name of the organisation, for the email to a successor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<OrganizationName>,
    /// Time of the change.
    pub at: Timestamp,
    /// Kind of the actor.
    #[schema(value_type = ActorKind)]
    pub actor_kind: Open<ActorKind>,
}

/// See [`DomainEvent::OrganizationOwnershipTransferred`](super::DomainEvent::OrganizationOwnershipTransferred).
pub type OrganizationOwnershipTransferred = OrganizationOwnerChanged;
/// See [`DomainEvent::OrganizationOwnerSucceeded`](super::DomainEvent::OrganizationOwnerSucceeded).
pub type OrganizationOwnerSucceeded = OrganizationOwnerChanged;
