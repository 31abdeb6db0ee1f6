//! Every type of domain event. A new one is a line in [`domain_events!`] and a
//! struct; `agora write` makes its page in `docs/events.md`, its schema, and a
//! golden JSON file in `events/eventbridge/` where there is none.

mod catalog;
mod happenings;
mod orders;
mod organizations;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema},
};

pub use self::catalog::{
    CategoryCreated, CategoryDeleted, CategoryMoved, CategoryUpdated, ImportChunkAdded, ProductCreated,
    ProductDeleted, ProductState, ProductUpdated, VariantState,
};
pub use self::happenings::{
    EventBlocked, EventCancelled, EventChanged, EventCompleted, EventCreated, EventDeleted,
    EventOccurrenceCancelled, EventOccurrenceChanged, EventPostponed, EventPublished, EventRescheduled,
    EventTransferred, EventUnblocked, EventUnpublished, EventUpdated,
};
pub use self::orders::{
    OrderCancelled, OrderCompleted, OrderConfirmed, OrderCreated, OrderDeleted, OrderExpired, OrderFulfilled,
    OrderRefunded, OrderState, OrderUpdated, OrderedLine, StockAdjusted, StockAvailabilityChanged,
};

pub use self::organizations::{
    OrganizationBlocked, OrganizationClosed, OrganizationCreated, OrganizationDeleted,
    OrganizationInvitationAccepted, OrganizationInvitationDeclined, OrganizationInvitationEnded,
    OrganizationInvitationRevoked, OrganizationInvited, OrganizationMemberJoined, OrganizationMemberLeft,
    OrganizationMemberRoleChanged, OrganizationOwnerChanged, OrganizationOwnerSucceeded,
    OrganizationOwnershipTransferred, OrganizationStatusChanged, OrganizationUnblocked, OrganizationUpdated,
};

use crate::{
    id::{ExportId, RequestId, SessionId, UserId},
    vocabulary::{Open, RevocationReason, Role, Status},
};

/// A type of event in the event catalogue.
#[derive(Debug, Clone, Copy)]
pub struct EventDocument {
    /// Name.
    pub kind: &'static str,
    /// Description.
    pub description: &'static str,
    /// See [`DomainEvent::schema_version`].
    pub schema_version: u32,
    /// Groups that write such events.
    pub groups: &'static [&'static str],
    /// Schema of its data.
    pub data: fn() -> DataSchema,
}

/// A schema, and those that it refers to by name.
pub struct DataSchema {
    /// The schema.
    pub schema: RefOr<Schema>,
    /// The schemas that it refers to.
    pub named: Vec<(String, RefOr<Schema>)>,
}

fn of<T: ToSchema>() -> DataSchema {
    let mut named = Vec::new();
    T::schemas(&mut named);
    DataSchema { schema: T::schema(), named }
}

/// Name of the operator's commands, `agora`, among the groups of a type.
pub const OPERATOR: &str = "agora";

macro_rules! domain_events {
    ($($(#[doc = $doc:literal])+ $name:ident = $kind:literal, schema $version:literal, about $($aggregate:ident).+, by $groups:tt, at $keys:tt;)+) => {
        /// A domain event.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        pub enum DomainEvent {
            $($(#[doc = $doc])+ $name($name),)+
        }

        /// Type of a domain event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum EventType {
            $($(#[doc = $doc])+ $name,)+
        }

        impl EventType {
            /// The name of the type in rules and consumers.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $kind,)+
                }
            }
        }

        impl DomainEvent {
            /// Names of all types.
            pub const TYPES: &'static [&'static str] = &[$($kind),+];

            /// All types, for the event catalogue.
            pub const DOCUMENTS: &'static [EventDocument] = &[$(EventDocument {
                kind: $kind,
                description: concat!($($doc, "\n"),+),
                schema_version: $version,
                groups: &$groups,
                data: of::<$name>,
            },)+];

            /// The name of the event's type in rules and consumers.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => EventType::$name.name(),)+
                }
            }

            /// The schema version of its data. It is raised only if a consumer of the
            /// previous version could not read the next.
            pub fn schema_version(&self) -> u32 {
                match self {
                    $(Self::$name(_) => $version,)+
                }
            }

            /// The id of its aggregate.
            pub fn aggregate_id(&self) -> String {
                match self {
                    $(Self::$name(event) => event.$($aggregate).+.to_string(),)+
                }
            }

            /// True if events of type `kind` are written into items of the partition
            /// key `pk`. A function may write only its own items, so it cannot
            /// announce changes of others' items. A type of another release is judged
            /// by its first word.
            pub fn belongs(kind: &str, pk: &str) -> bool {
                let keys: &[&str] = match kind {
                    $($kind => &$keys,)+
                    other => {
                        let word = other.split('.').next().unwrap_or_default();
                        return pk.split('#').next().is_some_and(|prefix| prefix.eq_ignore_ascii_case(word));
                    }
                };
                keys.iter().any(|key| pk.starts_with(key))
            }

            /// Decodes the data of an event of type `kind`; `None` if this release
            /// does not know the type.
            pub(super) fn decode(kind: &str, data: &RawValue) -> Option<serde_json::Result<Self>> {
                match kind {
                    $($kind => Some(serde_json::from_str(data.get()).map(Self::$name)),)+
                    _ => None,
                }
            }
        }
    };
}

domain_events! {
    /// An account was created.
    UserCreated = "user.created", schema 1, about user_id, by ["auth", "users", OPERATOR], at ["USER#"];
    /// An account was changed.
    UserUpdated = "user.updated", schema 1, about user_id, by ["auth", "users", OPERATOR], at ["USER#"];
    /// An account was deleted, and its personal data erased.
    UserDeleted = "user.deleted", schema 1, about user_id, by ["users"], at ["USER#"];
    /// A change of an account's email address was requested; it applies once confirmed.
    UserEmailChangeRequested = "user.email_change_requested", schema 1, about user_id, by ["users"], at ["USER#"];
    /// A person requested a personal data export.
    UserExportRequested = "user.export_requested", schema 1, about export_id, by ["users"], at ["EXPORT#"];
    /// A password reset was requested for an address.
    UserPasswordResetRequested = "user.password_reset_requested", schema 1, about request_id, by ["auth"], at ["LIMIT#"];
    /// A confirmation email was requested for an address.
    UserEmailVerificationRequested = "user.email_verification_requested", schema 1, about request_id, by ["auth"], at ["LIMIT#"];
    /// An address that has an account was registered again.
    UserRegistrationRepeated = "user.registration_repeated", schema 1, about request_id, by ["auth"], at ["LIMIT#"];
    /// A device was signed in.
    SessionCreated = "session.created", schema 1, about session_id, by ["auth"], at ["SESSION#"];
    /// A device was signed out.
    SessionRevoked = "session.revoked", schema 1, about session_id, by ["auth"], at ["SESSION#", "REVOKED"];
    /// A refresh token was used that had been replaced long before.
    SessionReuseDetected = "session.reuse_detected", schema 1, about session_id, by ["auth"], at ["SESSION#", "REVOKED"];
    /// A product was created.
    ProductCreated = "product.created", schema 1, about product.product_id, by ["catalog"], at ["PRODUCT#"];
    /// A product was changed.
    ProductUpdated = "product.updated", schema 1, about product.product_id, by ["catalog"], at ["PRODUCT#"];
    /// A product was deleted.
    ProductDeleted = "product.deleted", schema 1, about product_id, by ["catalog"], at ["PRODUCT#"];
    /// A category was created.
    CategoryCreated = "category.created", schema 1, about category_id, by ["catalog"], at ["CATEGORY#"];
    /// A category was changed, but not moved.
    CategoryUpdated = "category.updated", schema 1, about category_id, by ["catalog"], at ["CATEGORY#"];
    /// A category was moved with its subtree, to another parent or position.
    CategoryMoved = "category.moved", schema 1, about category_id, by ["catalog"], at ["CATEGORY#"];
    /// A category was deleted.
    CategoryDeleted = "category.deleted", schema 1, about category_id, by ["catalog"], at ["CATEGORY#"];
    /// An order was placed, and its stock reserved.
    OrderCreated = "order.created", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// The lines, address or note of an order were changed.
    OrderUpdated = "order.updated", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// An order was confirmed: it is paid, and its stock sold.
    OrderConfirmed = "order.confirmed", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// An order was fulfilled: its goods are shipped.
    OrderFulfilled = "order.fulfilled", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// An order was completed.
    OrderCompleted = "order.completed", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// An order was cancelled.
    OrderCancelled = "order.cancelled", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// An order expired unpaid, and its stock was released.
    OrderExpired = "order.expired", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// An order was refunded.
    OrderRefunded = "order.refunded", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// An order was deleted from all lists.
    OrderDeleted = "order.deleted", schema 1, about order_id, by ["orders"], at ["ORDER#"];
    /// A stock was adjusted.
    StockAdjusted = "stock.adjusted", schema 1, about adjustment_id, by ["orders"], at ["OFFER#"];
    /// The availability of a variant has changed.
    StockAvailabilityChanged = "stock.availability_changed", schema 1, about stock_id, by ["orders"], at ["OFFER#"];
    /// An organisation was created, with its first owner.
    OrganizationCreated = "organization.created", schema 1, about organization_id, by ["organizations"], at ["ORG#"];
    /// The profile of an organisation was changed.
    OrganizationUpdated = "organization.updated", schema 1, about organization_id, by ["organizations"], at ["ORG#"];
    /// An organisation was deleted.
    OrganizationDeleted = "organization.deleted", schema 1, about organization_id, by ["organizations"], at ["ORG#"];
    /// An organisation was blocked by an administrator of the platform.
    OrganizationBlocked = "organization.blocked", schema 1, about organization_id, by ["organizations"], at ["ORG#"];
    /// An organisation was unblocked.
    OrganizationUnblocked = "organization.unblocked", schema 1, about organization_id, by ["organizations"], at ["ORG#"];
    /// An organisation was closed, because its last owner has no successor.
    OrganizationClosed = "organization.closed", schema 1, about organization_id, by ["organizations"], at ["ORG#"];
    /// An address was invited to an organisation.
    OrganizationInvited = "organization.invited", schema 1, about invitation_id, by ["organizations"], at ["INVITATION#"];
    /// An invitation was accepted.
    OrganizationInvitationAccepted = "organization.invitation_accepted", schema 1, about invitation_id, by ["organizations"], at ["INVITATION#"];
    /// An invitation was declined.
    OrganizationInvitationDeclined = "organization.invitation_declined", schema 1, about invitation_id, by ["organizations"], at ["INVITATION#"];
    /// An invitation was revoked.
    OrganizationInvitationRevoked = "organization.invitation_revoked", schema 1, about invitation_id, by ["organizations"], at ["INVITATION#"];
    /// A member joined an organisation.
    OrganizationMemberJoined = "organization.member_joined", schema 1, about membership_id, by ["organizations"], at ["MEMBER#"];
    /// The role of a member was changed.
    OrganizationMemberRoleChanged = "organization.member_role_changed", schema 1, about membership_id, by ["organizations"], at ["MEMBER#"];
    /// A member left an organisation, or was removed from it.
    OrganizationMemberLeft = "organization.member_left", schema 1, about membership_id, by ["organizations"], at ["MEMBER#"];
    /// The ownership of an organisation was transferred to another member.
    OrganizationOwnershipTransferred = "organization.ownership_transferred", schema 1, about membership_id, by ["organizations"], at ["MEMBER#"];
    /// A member succeeded the last owner, whose account was deleted.
    OrganizationOwnerSucceeded = "organization.owner_succeeded", schema 1, about membership_id, by ["organizations"], at ["MEMBER#"];
    /// An event was created, as a draft.
    EventCreated = "event.created", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was changed.
    EventUpdated = "event.updated", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was published.
    EventPublished = "event.published", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// A published event became a draft again.
    EventUnpublished = "event.unpublished", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was cancelled.
    EventCancelled = "event.cancelled", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was postponed; its new time is not known yet.
    EventPostponed = "event.postponed", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was moved to another time.
    EventRescheduled = "event.rescheduled", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event is over.
    EventCompleted = "event.completed", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was deleted.
    EventDeleted = "event.deleted", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was handed over to another organizer.
    EventTransferred = "event.transferred", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event, or its organizer, was blocked by an administrator of the platform.
    EventBlocked = "event.blocked", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// An event was unblocked.
    EventUnblocked = "event.unblocked", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// A single occurrence of an event was changed, skipped or restored.
    EventOccurrenceChanged = "event.occurrence_changed", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// A single occurrence of an event was cancelled.
    EventOccurrenceCancelled = "event.occurrence_cancelled", schema 1, about event_id, by ["events"], at ["EVENT#"];
    /// A chunk of an import is ready for processing.
    ImportChunkAdded = "import.chunk_added", schema 1, about chunk_id, by ["catalog"], at ["IMPORT_CHUNK#", "IMPORT#"];
}

/// See [`DomainEvent::UserCreated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserCreated {
    /// Id of the account.
    pub user_id: UserId,
    /// Role.
    #[schema(value_type = Role)]
    pub role: Open<Role>,
    /// Status.
    #[schema(value_type = Status)]
    pub status: Open<Status>,
    /// True if the email address is confirmed.
    pub email_verified: bool,
    /// True if the account has no password yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_password: bool,
}

/// See [`DomainEvent::UserUpdated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserUpdated {
    /// Id of the account.
    pub user_id: UserId,
    /// Names of the changed fields, including `password`.
    pub changed: Vec<String>,
    /// Role.
    #[schema(value_type = Role)]
    pub role: Open<Role>,
    /// Status.
    #[schema(value_type = Status)]
    pub status: Open<Status>,
    /// True if the email address is confirmed.
    pub email_verified: bool,
}

/// See [`DomainEvent::UserDeleted`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserDeleted {
    /// Id of the account.
    pub user_id: UserId,
}

/// See [`DomainEvent::UserEmailChangeRequested`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserEmailChangeRequested {
    /// Id of the account.
    pub user_id: UserId,
}

/// See [`DomainEvent::UserExportRequested`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserExportRequested {
    /// Id of the export, to which each group adds its part.
    pub export_id: ExportId,
    /// Id of the account.
    pub user_id: UserId,
}

/// See [`DomainEvent::UserPasswordResetRequested`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserPasswordResetRequested {
    /// Id of the request.
    pub request_id: RequestId,
    /// MAC of the address. The consumer finds out if it has an account.
    pub address_mac: String,
}

/// See [`DomainEvent::UserEmailVerificationRequested`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserEmailVerificationRequested {
    /// Id of the request.
    pub request_id: RequestId,
    /// See [`UserPasswordResetRequested::address_mac`].
    pub address_mac: String,
}

/// See [`DomainEvent::UserRegistrationRepeated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserRegistrationRepeated {
    /// Id of the request.
    pub request_id: RequestId,
    /// See [`UserPasswordResetRequested::address_mac`].
    pub address_mac: String,
}

/// See [`DomainEvent::SessionCreated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionCreated {
    /// Id of the session.
    pub session_id: SessionId,
    /// Id of the account.
    pub user_id: UserId,
}

/// See [`DomainEvent::SessionRevoked`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionRevoked {
    /// Id of the session.
    pub session_id: SessionId,
    /// Id of the account.
    pub user_id: UserId,
    /// Reason.
    #[schema(value_type = RevocationReason)]
    pub reason: Open<RevocationReason>,
}

/// See [`DomainEvent::SessionReuseDetected`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionReuseDetected {
    /// Id of the session.
    pub session_id: SessionId,
    /// Id of the account.
    pub user_id: UserId,
}
