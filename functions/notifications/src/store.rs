//! Table operations of the group.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{
    Failure, Refused, UnlessRefused as _,
    clock::Timestamp,
    id::{EventId, InvitationId, OrganizationId, UserId},
    identity::{Login, OutgoingMail, User},
    membership::{Invitation, Member},
    table::{
        Condition, ConditionFailed, Expression, Query, Table,
        item::{Entity, Reader},
        schema::{self, Key},
    },
    text::{EventTitle, Reason},
};

use crate::operations::{
    CLAIM_MAIL, GET_EVENT, GET_INVITATION, GET_LOGIN, GET_OUTGOING_MAIL, GET_USER, LIST_MEMBERS, MARK_SENT,
    REMOVE_OUTGOING_MAIL,
};

/// Lease of a claim: longer than the function's time limit, so that the claimant has
/// ended when it expires, and shorter than the queue's visibility timeout, so that a
/// retry finds it expired.
const LEASE: Duration = Duration::from_secs(45);

/// Markers outlive the bus' archive and the dead letters, which may deliver an event
/// again.
const MARKER_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// Marker of an event's email.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MailMarker {
    event_id: String,
    claimed_by: String,
    /// End of the claim. Absent once the email is sent: it cannot be claimed any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_until: Option<Timestamp>,
    remove_at: Timestamp,
}

/// Entities of the group.
pub const ENTITIES: &[Reader] = &[Reader::of::<MailMarker>()];

impl Entity for MailMarker {
    const TYPE: &'static str = "mail";

    fn key(&self) -> Key {
        schema::mail(&self.event_id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.remove_at)
    }
}

/// Event, as far as emails announce its changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AnnouncedEvent {
    id: EventId,
    pub(crate) details: AnnouncedDetails,
    pub(crate) card: AnnouncedCard,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
}

/// See [`AnnouncedEvent`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AnnouncedDetails {
    pub(crate) title: EventTitle,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) schedule: Option<AnnouncedSchedule>,
}

/// See [`AnnouncedEvent`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AnnouncedSchedule {
    pub(crate) time_zone: String,
}

/// See [`AnnouncedEvent`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AnnouncedCard {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) starts_at: Option<Timestamp>,
}

impl Entity for AnnouncedEvent {
    const TYPE: &'static str = "event";

    fn key(&self) -> Key {
        schema::event(self.id)
    }
}

/// Outcome of a claim.
#[derive(Debug)]
pub(crate) enum Claim {
    /// Claimed for this invocation.
    Ours(MailMarker),
    /// Already sent.
    Sent,
}

#[derive(Debug, Clone)]
pub(crate) struct Store {
    table: Table,
}

impl Store {
    pub(crate) fn new(table: Table) -> Self {
        Self { table }
    }

    /// Reads the account, if there is one.
    pub(crate) async fn get_user(&self, id: UserId) -> Result<Option<User>, Failure> {
        let stored = self.table.operation(&GET_USER).get(schema::user(id)).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Reads the login of the address of `address_mac`.
    pub(crate) async fn get_login(&self, address_mac: &str) -> Result<Option<Login>, Failure> {
        let stored = self.table.operation(&GET_LOGIN).get(schema::login(address_mac)).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Reads the last address of a deleted account.
    pub(crate) async fn get_outgoing_mail(&self, user: UserId) -> Result<Option<OutgoingMail>, Failure> {
        self.get_outgoing(schema::outgoing_mail(user)).await
    }

    /// Reads the address that an account had before `version`.
    pub(crate) async fn get_former_address(
        &self,
        user: UserId,
        version: u64,
    ) -> Result<Option<OutgoingMail>, Failure> {
        self.get_outgoing(schema::former_address(user, version)).await
    }

    async fn get_outgoing(&self, key: Key) -> Result<Option<OutgoingMail>, Failure> {
        let stored = self.table.operation(&GET_OUTGOING_MAIL).get(key).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Reads an invitation, if there is one.
    pub(crate) async fn get_invitation(&self, id: InvitationId) -> Result<Option<Invitation>, Failure> {
        let stored = self.table.operation(&GET_INVITATION).get(schema::invitation(id)).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Reads an event, if there is one.
    pub(crate) async fn get_event(&self, id: EventId) -> Result<Option<AnnouncedEvent>, Failure> {
        let stored = self.table.operation(&GET_EVENT).get(schema::event(id)).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Lists up to `limit` members of an organisation, after an account.
    pub(crate) async fn list_members_after(
        &self,
        organization: OrganizationId,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, Failure> {
        // The partition also has the counters.
        let first = UserId::earliest(Timestamp::from_millis(0));
        let query = Query::table(schema::member(organization, first)).prefix("user_");
        let query = query.after(after.map(|user| user.to_string())).limit(limit);
        let members = self.table.operation(&LIST_MEMBERS).list::<Member>(query).await?;
        Ok(members.into_iter().map(|member| member.entity.card.user_id).collect())
    }

    /// Removes an address whose mail has been sent.
    pub(crate) async fn remove_outgoing_mail(&self, mail: &OutgoingMail) -> Result<(), Failure> {
        self.table.operation(&REMOVE_OUTGOING_MAIL).remove(mail.key()).await
    }

    /// Claims the email of an event for `claimed_by`. A concurrent claim is a failure:
    /// the retry shows if it was sent.
    pub(crate) async fn claim_mail(
        &self,
        event_id: &str,
        claimed_by: String,
        now: Timestamp,
    ) -> Result<Claim, Failure> {
        // The same claim is repeated if its reply is lost. A late repetition finds the
        // mark, and must leave it.
        let condition = Expression::new(
            "attribute_not_exists(#pk) OR #lease_until < :now \
             OR (#claimed_by = :me AND attribute_exists(#lease_until))",
        );
        let condition = Condition::When(condition.text(":now", now).text(":me", &claimed_by));
        let marker = MailMarker {
            event_id: event_id.to_owned(),
            claimed_by,
            lease_until: Some(now + LEASE),
            remove_at: now + MARKER_LIFETIME,
        };
        match self.table.operation(&CLAIM_MAIL).put(&marker, condition, Vec::new()).await {
            Ok(()) => Ok(Claim::Ours(marker)),
            Err(Refused::By(ConditionFailed(Some(found)))) if found.entity.lease_until.is_none() => {
                Ok(Claim::Sent)
            }
            Err(Refused::By(ConditionFailed(_))) => {
                Err(Failure::unavailable("another instance is sending this mail"))
            }
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }

    /// Marks the email of a claim as sent.
    pub(crate) async fn mark_sent(&self, claim: MailMarker) -> Result<(), Failure> {
        let condition = Condition::When(Expression::new("#claimed_by = :me").text(":me", &claim.claimed_by));
        let sent = MailMarker { lease_until: None, ..claim };
        // Refused if the lease expired first and another invocation has sent the email
        // too.
        self.table.operation(&MARK_SENT).put(&sent, condition, Vec::new()).await.unless_refused().map(drop)
    }
}
