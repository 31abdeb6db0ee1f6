//! Status of an organisation and the numbers of its owners and members, as conditions of
//! writes. They are apart from the profile, so that a member who joins does not make the
//! version of the profile stale.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Failure,
    clock::Timestamp,
    id::OrganizationId,
    table::{
        Access, Condition, Expression, Update,
        item::{Entity, Stored},
        schema::{self, Key},
    },
    vocabulary::{Open, OrganizationRole, OrganizationStatus},
};

/// Maximum number of members of an organisation.
pub const MEMBERS: u32 = 1_000;

/// Maximum number of invitations of an organisation in a day (UTC).
pub const INVITATIONS_A_DAY: u32 = 50;

const DAY_SECONDS: i64 = 24 * 3_600;

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrganizationCounters {
    /// Organisation.
    pub organization_id: OrganizationId,
    /// Status, as in the organisation.
    pub status: Open<OrganizationStatus>,
    /// Number of owners.
    pub owners: u32,
    /// Number of members, owners included.
    pub members: u32,
    /// Day of the last invitation, in days since 1970.
    #[serde(default)]
    pub invited_day: i64,
    /// Number of invitations of that day.
    #[serde(default)]
    pub invited: u32,
}

/// Changes of the numbers by one write.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Change of the number of owners.
    pub owners: i32,
    /// Change of the number of members.
    pub members: i32,
}

impl Counted {
    /// A member with a role joins.
    pub fn joining(role: OrganizationRole) -> Self {
        Self { owners: i32::from(role == OrganizationRole::Owner), members: 1 }
    }

    /// A member with a role leaves.
    pub fn leaving(role: &Open<OrganizationRole>) -> Self {
        Self { owners: -i32::from(*role == OrganizationRole::Owner), members: -1 }
    }

    /// The role of a member changes.
    pub fn changing(before: &Open<OrganizationRole>, after: OrganizationRole) -> Self {
        let left = i32::from(*before == OrganizationRole::Owner);
        Self { owners: i32::from(after == OrganizationRole::Owner) - left, members: 0 }
    }

    /// The update of the counters. An owner must remain; there is room for each new
    /// member; and only an active organisation gains owners or members.
    pub fn update(self) -> Update {
        self.update_when(self.owners > 0 || self.members > 0)
    }

    /// The update of the counters by a member who acts for the organisation: as
    /// [`Self::update`], and the organisation must be active.
    pub fn update_active(self) -> Update {
        self.update_when(true)
    }

    fn update_when(self, must_be_active: bool) -> Update {
        let set = Expression::new("#owners = #owners + :owners, #members = #members + :members");
        let set = set.number(":owners", self.owners).number(":members", self.members);
        let mut conditions = Vec::new();
        let mut values = Expression::default();
        if self.owners < 0 {
            conditions.push("#owners > :last");
            values = values.number(":last", 1);
        }
        if self.members > 0 {
            conditions.push("#members < :most");
            values = values.number(":most", MEMBERS);
        }
        if must_be_active {
            conditions.push("#status = :active");
            values = values.text(":active", OrganizationStatus::Active);
        } else if conditions.is_empty() {
            // A tombstone has no counters.
            conditions.push("attribute_exists(#members)");
        }
        Update::set(set).when(values.and(&conditions.join(" AND ")))
    }
}

impl OrganizationCounters {
    /// The counters of a new organisation, with its first owner.
    pub fn new(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            status: OrganizationStatus::Active.into(),
            owners: 1,
            members: 1,
            invited_day: 0,
            invited: 0,
        }
    }

    /// True if the organisation is active.
    pub fn is_active(&self) -> bool {
        self.status == OrganizationStatus::Active
    }

    /// Number of today's invitations.
    pub fn invited_at(&self, now: Timestamp) -> u32 {
        if self.invited_day == day(now) { self.invited } else { 0 }
    }

    /// The update that counts an invitation of today, refused beyond the limits. These are
    /// the counters as they were read.
    pub fn invite(&self, now: Timestamp) -> Update {
        let today = day(now);
        let is_first = self.invited_day != today;
        let set =
            if is_first { "#invited = :one, #invited_day = :today" } else { "#invited = #invited + :one" };
        let set = Expression::new(set).number(":one", 1).number(":today", today);
        let room =
            if is_first { "#invited_day <> :today" } else { "#invited_day = :today AND #invited < :limit" };
        let condition = Expression::new(room)
            .and(" AND #members < :most AND #status = :active")
            .number(":most", MEMBERS)
            .text(":active", OrganizationStatus::Active);
        let limit = |condition: Expression| condition.number(":limit", INVITATIONS_A_DAY);
        Update::set(set).when(if is_first { condition } else { limit(condition) })
    }

    /// The update that closes an organisation whose last owner ends, refused if anybody has
    /// joined or left since the counters were read.
    pub fn close(&self) -> Update {
        let set = Expression::new("#status = :closed, #owners = :none, #members = #members - :one");
        let set = set.text(":closed", OrganizationStatus::Closed).number(":none", 0).number(":one", 1);
        let unchanged = Expression::new("#owners = :one AND #members = :members");
        Update::set(set).when(unchanged.number(":members", self.members))
    }

    /// The condition that the organisation is active. A deleted one has no status.
    pub fn active() -> Condition {
        Condition::When(Expression::new("#status = :active").text(":active", OrganizationStatus::Active))
    }

    /// The condition that the organisation is not active, or deleted.
    pub fn inactive() -> Condition {
        let inactive = Expression::new("attribute_not_exists(#status) OR #status <> :active");
        Condition::When(inactive.text(":active", OrganizationStatus::Active))
    }

    /// Reads the status of an organisation, consistently; `None` for a deleted one: 1 round
    /// trip, 1 RRU.
    pub async fn read_status(
        access: Access<'_>,
        organization: OrganizationId,
    ) -> Result<Option<Open<OrganizationStatus>>, Failure> {
        let counters: Option<Stored<Self>> = access.get(schema::organization_counters(organization)).await?;
        Ok(counters.map(|counters| counters.entity.status))
    }

    /// The update to another status.
    pub fn set_status(status: OrganizationStatus) -> Update {
        let set = Expression::new("#status = :status").text(":status", status);
        // A tombstone has no counters.
        Update::set(set).when(Expression::new("attribute_exists(#members)"))
    }
}

/// Time until the day of `now` ends.
pub fn until_tomorrow(now: Timestamp) -> Duration {
    let passed = now.seconds().rem_euclid(DAY_SECONDS);
    Duration::from_secs(u64::try_from(DAY_SECONDS - passed).unwrap_or_default())
}

fn day(now: Timestamp) -> i64 {
    now.seconds().div_euclid(DAY_SECONDS)
}

impl Entity for OrganizationCounters {
    const TYPE: &'static str = "organization_counters";

    fn key(&self) -> Key {
        schema::organization_counters(self.organization_id)
    }
}
