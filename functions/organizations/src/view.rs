//! Views of organisations, members and invitations.

use serde::Serialize;
use shared::{
    clock::Timestamp,
    id::{InvitationId, OrganizationId, UserId},
    membership::{InvitationCard, Member, MemberAction, MemberCard},
    table::item::Stored,
    text::{City, Email, OrganizationDescription, OrganizationName, PersonName, Slug, Summary, WebUrl},
    vocabulary::{InvitationStatus, Open, OrganizationRole, OrganizationStatus},
};
use utoipa::ToSchema;

use crate::organization::{Organization, OrganizationCard};

/// An organisation in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrganizationSummary {
    id: OrganizationId,
    name: OrganizationName,
    slug: Slug,
    summary: Option<Summary>,
    logo_url: Option<WebUrl>,
    city: Option<City>,
    /// True if the platform has verified the organisation under its present name.
    #[schema(examples(true))]
    verified: bool,
}

impl OrganizationSummary {
    /// The organisation `id`.
    pub fn new(id: OrganizationId, card: OrganizationCard) -> Self {
        let OrganizationCard { name, slug, summary, logo_url, city, verified } = card;
        Self { id, name, slug, summary, logo_url, city, verified }
    }
}

/// An organisation of the caller.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = OwnOrganization)]
pub struct OwnOrganizationView {
    #[serde(flatten)]
    organization: OrganizationSummary,
    #[schema(value_type = OrganizationStatus)]
    status: Open<OrganizationStatus>,
    /// Role of the caller.
    #[schema(value_type = OrganizationRole)]
    role: Open<OrganizationRole>,
}

impl OwnOrganizationView {
    /// The organisation with the caller's role.
    pub fn new(organization: Organization, role: Open<OrganizationRole>) -> Self {
        let Organization { id, status, card, .. } = organization;
        Self { organization: OrganizationSummary::new(id, card), status, role }
    }
}

/// Membership of the caller.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnMembership {
    /// Role of the caller.
    #[schema(value_type = OrganizationRole)]
    role: Open<OrganizationRole>,
    /// Actions that the role permits.
    permissions: Vec<MemberAction>,
}

/// An organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Organization)]
pub struct OrganizationView {
    #[serde(flatten)]
    summary: OrganizationSummary,
    description: Option<OrganizationDescription>,
    website: Option<WebUrl>,
    /// Further links.
    links: Vec<WebUrl>,
    #[schema(value_type = OrganizationStatus)]
    status: Open<OrganizationStatus>,
    /// Number of members.
    #[schema(examples(12))]
    member_count: u32,
    /// Membership of the caller; absent for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    me: Option<OwnMembership>,
    /// Version, incremented by each change and held by the `ETag`.
    #[schema(examples(1))]
    version: u64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl OrganizationView {
    /// An organisation with `members` members, for a caller.
    pub fn new(
        organization: Stored<Organization>,
        members: u32,
        me: Option<&Open<OrganizationRole>>,
    ) -> Self {
        let Stored { entity: organization, version } = organization;
        let me = me.map(|role| OwnMembership {
            role: role.clone(),
            permissions: role.known().map(permissions).unwrap_or_default(),
        });
        Self {
            description: organization.description,
            website: organization.website,
            links: organization.links,
            status: organization.status,
            member_count: members,
            me,
            version,
            created_at: organization.id.created_at(),
            updated_at: organization.updated_at,
            summary: OrganizationSummary::new(organization.id, organization.card),
        }
    }
}

fn permissions(role: OrganizationRole) -> Vec<MemberAction> {
    MemberAction::ALL.iter().copied().filter(|action| action.is_of(role)).collect()
}

/// A member of an organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    user_id: UserId,
    /// Display name; `null` if the account has none.
    name: Option<PersonName>,
    #[schema(value_type = OrganizationRole)]
    role: Open<OrganizationRole>,
    /// Time of joining.
    since: Timestamp,
    /// True if the member is shown to everyone.
    #[schema(examples(false))]
    public: bool,
}

impl MemberView {
    /// A member in a list, who has joined at `since`.
    pub fn new(card: MemberCard, since: Timestamp, name: Option<PersonName>) -> Self {
        let MemberCard { user_id, role, public } = card;
        Self { user_id, name, role, since, public }
    }

    /// A member.
    pub fn of(member: Member, name: Option<PersonName>) -> Self {
        Self::new(member.card, member.id.created_at(), name)
    }
}

/// An invitation, for members of the organisation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    id: InvitationId,
    organization_id: OrganizationId,
    /// Invited address; `null` once the invitation has been accepted, declined or revoked.
    email: Option<Email>,
    #[schema(value_type = OrganizationRole)]
    role: Open<OrganizationRole>,
    #[schema(value_type = InvitationStatus)]
    status: Open<InvitationStatus>,
    /// True if a pending invitation has expired.
    #[schema(examples(false))]
    expired: bool,
    invited_at: Timestamp,
    expires_at: Timestamp,
}

impl InvitationView {
    /// The invitation `id` at `now`.
    pub fn new(id: InvitationId, card: InvitationCard, now: Timestamp) -> Self {
        let expired = card.status == InvitationStatus::Pending && !card.is_open(now);
        let InvitationCard { organization_id, email, role, status, invited_at, expires_at } = card;
        Self { id, organization_id, email, role, status, expired, invited_at, expires_at }
    }
}

/// An invitation, for the invited person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnInvitation {
    id: InvitationId,
    organization: OrganizationSummary,
    /// Role of the new member.
    #[schema(value_type = OrganizationRole)]
    role: Open<OrganizationRole>,
    invited_at: Timestamp,
    expires_at: Timestamp,
}

impl OwnInvitation {
    /// The invitation `id` to an organisation.
    pub fn new(id: InvitationId, card: &InvitationCard, organization: Organization) -> Self {
        let InvitationCard { role, invited_at, expires_at, .. } = card;
        Self {
            id,
            organization: OrganizationSummary::new(organization.id, organization.card),
            role: role.clone(),
            invited_at: *invited_at,
            expires_at: *expires_at,
        }
    }
}
