//! A member of an organisation.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    id::{MembershipId, OrganizationId, UserId},
    table::{
        Condition, Expression,
        item::{Entity, Tombstone},
        schema::{self, IndexKey, Key},
    },
    vocabulary::{Open, OrganizationRole},
};

/// Lifetime of the tombstone of a former member: longer than the bus's archive and the
/// dead-letter queues keep events.
const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Member {
    /// Id of the membership, which has the time of joining.
    pub id: MembershipId,
    /// Organisation.
    pub organization_id: OrganizationId,
    /// Fields of lists.
    pub card: MemberCard,
}

/// A member in a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MemberCard {
    /// Id of the account.
    pub user_id: UserId,
    /// Role.
    pub role: Open<OrganizationRole>,
    /// True if the member has chosen to be shown to everyone.
    #[serde(default)]
    pub public: bool,
}

impl Member {
    /// The tombstone that replaces a member who leaves.
    pub fn tombstone(&self, now: Timestamp) -> Tombstone {
        Tombstone::new(self.key(), now, TOMBSTONE_LIFETIME)
    }
}

/// The condition that there is no member, or a former one.
pub fn absent() -> Condition {
    let former = Expression::new("attribute_not_exists(#pk) OR #type = :tombstone");
    Condition::When(former.text(":tombstone", Tombstone::TYPE))
}

impl Entity for Member {
    const TYPE: &'static str = "member";

    fn key(&self) -> Key {
        schema::member(self.organization_id, self.card.user_id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        let (organization, rank) = (self.organization_id, self.card.role.rank());
        let public = self.card.public.then(|| schema::public_members(organization, rank, self.id));
        let lists = [
            schema::memberships_of(self.card.user_id, rank, organization),
            schema::members_by_role(organization, rank, self.id),
        ];
        lists.into_iter().chain(public).collect()
    }
}
