//! How the function uses the table.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{
    Failure, Refused, UnlessRefused as _,
    clock::Timestamp,
    id::UserId,
    identity::{Login, OutgoingMail, User},
    table::{
        Condition, ConditionFailed, Expression, Table,
        item::{Entity, Reader},
        schema::{self, Key},
    },
};

shared::operations! {
    /// Reads the account that a mail goes to.
    GET_USER = "notifications.get_user": 1 round trip, 1.0 read, 0.0 write;
    /// Reads what an address logs in with, to find its account.
    GET_LOGIN = "notifications.get_login": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the last address of an account that is gone, or a former one.
    GET_OUTGOING_MAIL = "notifications.get_outgoing_mail": 1 round trip, 1.0 read, 0.0 write;
    /// Removes the last address of an account that is gone, or a former one.
    REMOVE_OUTGOING_MAIL = "notifications.remove_outgoing_mail": 1 round trip, 0.0 read, 1.0 write;
    /// Claims the mail of an event.
    CLAIM_MAIL = "notifications.claim_mail": 1 round trip, 0.0 read, 1.0 write;
    /// Notes that the mail of an event has been sent.
    MARK_SENT = "notifications.mark_sent": 1 round trip, 0.0 read, 1.0 write;
}

/// How long a claim keeps others off: longer than the function's time-out, so
/// that whoever claimed is gone when it is over, and shorter than the queue's
/// visibility, so that a retry finds it over.
const LEASE: Duration = Duration::from_secs(15);

/// Markers outlive the bus' archive and the dead letters, from which an event
/// may come again.
const MARKER_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// That an event's mail is being sent or has been.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MailMarker {
    event_id: String,
    claimed_by: String,
    /// Absent once the mail has been sent: then nobody may claim it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    lease_until: Option<Timestamp>,
    remove_at: Timestamp,
}

/// The entities that the group keeps.
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

/// What came of a claim.
#[derive(Debug)]
pub(crate) enum Claim {
    /// The mail is ours to send.
    Ours(MailMarker),
    /// It has been sent.
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

    /// The account, if there still is one.
    pub(crate) async fn get_user(&self, id: UserId) -> Result<Option<User>, Failure> {
        let stored = self.table.operation(&GET_USER).get(schema::user(id)).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// What the address that `address_mac` stands for logs in with.
    pub(crate) async fn get_login(&self, address_mac: &str) -> Result<Option<Login>, Failure> {
        let stored = self.table.operation(&GET_LOGIN).get(schema::login(address_mac)).await?;
        Ok(stored.map(|stored| stored.entity))
    }

    /// Where the owner of an account that is gone is reached once more.
    pub(crate) async fn get_outgoing_mail(&self, user: UserId) -> Result<Option<OutgoingMail>, Failure> {
        self.get_outgoing(schema::outgoing_mail(user)).await
    }

    /// The address that an account had before `version`.
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

    /// Forgets an address to which the mail has been sent.
    pub(crate) async fn remove_outgoing_mail(&self, mail: &OutgoingMail) -> Result<(), Failure> {
        self.table.operation(&REMOVE_OUTGOING_MAIL).remove(mail.key()).await
    }

    /// Claims the mail of an event for `claimed_by`. One that somebody else is
    /// sending just now is a failure: whether it gets out shows later.
    pub(crate) async fn claim_mail(
        &self,
        event_id: &str,
        claimed_by: String,
        now: Timestamp,
    ) -> Result<Claim, Failure> {
        // Our own claim is tried again where its answer got lost. One that comes
        // late finds our mark, and must leave it.
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

    /// Notes that the mail of a claim is out.
    pub(crate) async fn mark_sent(&self, claim: MailMarker) -> Result<(), Failure> {
        let condition = Condition::When(Expression::new("#claimed_by = :me").text(":me", &claim.claimed_by));
        let sent = MailMarker { lease_until: None, ..claim };
        // Refused where we were slower than our lease, and somebody else has
        // sent it too.
        self.table.operation(&MARK_SENT).put(&sent, condition, Vec::new()).await.unless_refused().map(drop)
    }
}
