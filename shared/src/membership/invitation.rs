//! An invitation of an email address to an organisation: one for each organisation and
//! address. `organizations` writes it, `notifications` reads it for the email.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    id::{InvitationId, OrganizationId, UserId},
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{Email, OrganizationName},
    vocabulary::{InvitationStatus, Open, OrganizationRole},
};

/// Lifetime of an invitation.
pub const INVITATION_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// Time for which an invitation is kept after its lifetime: longer than the bus's archive and
/// the dead-letter queues keep events, so that no two events have one id.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invitation {
    /// Id, derived from organisation and address.
    pub id: InvitationId,
    /// MAC of the address, which accounts are compared with.
    pub address_mac: String,
    /// Name of the organisation at the time of the invitation, for the email.
    pub organization_name: OrganizationName,
    /// Member who has invited last.
    pub inviter_id: UserId,
    /// Number of the invitation of this address. Links of earlier ones are void.
    pub round: u32,
    /// Account that has accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_by: Option<UserId>,
    /// Fields of lists.
    pub card: InvitationCard,
}

/// An invitation in a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InvitationCard {
    /// Organisation.
    pub organization_id: OrganizationId,
    /// Address; no other item has it. It is removed when the invitation is accepted, declined
    /// or revoked. An expired one keeps it, so that it can be sent again, until it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Role of the new member.
    pub role: Open<OrganizationRole>,
    /// Status; a pending one may have expired.
    pub status: Open<InvitationStatus>,
    /// Time of the invitation.
    pub invited_at: Timestamp,
    /// End of the invitation.
    pub expires_at: Timestamp,
}

impl Invitation {
    /// The id of the invitations of an address to an organisation.
    pub fn id_of(organization: OrganizationId, address_mac: &str) -> InvitationId {
        let hash = digest(&SHA256, format!("{organization}\n{address_mac}").as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_ref()[..16]);
        InvitationId::from_bytes(bytes)
    }

    /// Value that a link's token is bound to: a later invitation voids it.
    pub fn bound_to(&self) -> String {
        format!("{} {}", self.round, self.address_mac)
    }
}

impl InvitationCard {
    /// True if the invitation can be accepted.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.status == InvitationStatus::Pending && now < self.expires_at
    }

    /// The address with only the first character of its mailbox.
    pub fn masked_email(&self) -> Option<String> {
        let email = self.email.as_ref()?.as_str();
        let (mailbox, domain) = email.split_once('@').unwrap_or((email, ""));
        Some(format!("{}…@{domain}", mailbox.chars().next().unwrap_or_default()))
    }
}

impl Entity for Invitation {
    const TYPE: &'static str = "invitation";

    fn key(&self) -> Key {
        schema::invitation(self.id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        let InvitationCard { organization_id, status, invited_at, .. } = &self.card;
        let for_address = (*status == InvitationStatus::Pending)
            .then(|| schema::invitations_for(&self.address_mac, *invited_at, self.id));
        let of_organization = schema::invitations_of(*organization_id, status, *invited_at, self.id);
        [of_organization].into_iter().chain(for_address).collect()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.card.expires_at + KEPT)
    }
}
