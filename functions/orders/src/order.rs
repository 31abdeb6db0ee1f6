//! Orders: lines, prices and status.

use serde::{Deserialize, Serialize};
use shared::{
    buckets::Taken,
    bus::{
        DomainEvent,
        events::{OrderState, OrderedLine},
    },
    clock::Timestamp,
    id::{OrderId, ProductId, UserId, VariantId},
    identity::PostalAddress,
    money::{Currency, Money, MoneyError},
    seller::Seller,
    table::{
        item::Entity,
        schema::{self, EXPIRY_SHARDS, IndexKey, Key},
    },
    text::{Note, Reason, Sku, Title},
    vocabulary::{Open, OrderStatus, PaymentStatus},
};
use utoipa::ToSchema;

use crate::{offer::stock_key, transitions::Transition};

/// Maximum number of different SKUs in an order, old and new together in a change: a
/// transaction takes 100 writes.
pub const MAX_SKUS: usize = 90;

/// An order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// Id.
    pub id: OrderId,
    /// Fingerprint of its request.
    pub fingerprint: String,
    /// Lines.
    pub lines: Vec<Line>,
    /// Payment status.
    pub payment_status: Open<PaymentStatus>,
    /// End of its reservation.
    pub reserved_until: Timestamp,
    /// Shipping address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping_address: Option<PostalAddress>,
    /// Note to the packer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// Changes of the status, the oldest first.
    pub history: Vec<Step>,
    /// Time of its removal from all lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// Attributes that lists show.
    pub card: OrderCard,
}

/// Attributes of an order that lists show.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderCard {
    /// Account.
    #[serde(rename = "user")]
    pub user_id: UserId,
    /// Status.
    pub status: Open<OrderStatus>,
    /// Total price.
    pub total: Money,
    /// Time of creation.
    #[serde(rename = "at")]
    pub created_at: Timestamp,
    /// Seller of every line.
    #[serde(default, skip_serializing_if = "Seller::is_platform")]
    pub seller: Seller,
}

/// A line: a quantity of a SKU, at the price of the time of the order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Line {
    /// Id of the variant; none where an earlier release has written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// SKU of the variant at the time of the order.
    pub sku: Sku,
    /// Product.
    #[serde(rename = "product")]
    pub product_id: ProductId,
    /// Title.
    pub title: Title,
    /// Minor units of the order's currency.
    pub unit_price: i64,
    /// Cells that its stock was taken from.
    pub taken: Vec<Taken>,
}

impl Line {
    /// Id of the variant.
    pub fn variant(&self) -> VariantId {
        stock_key(self.variant_id.as_ref(), &self.sku)
    }

    /// Quantity of all cells together.
    pub fn quantity(&self) -> u32 {
        self.taken.iter().map(|taken| taken.quantity).sum()
    }

    /// Price of the line.
    pub fn total(&self, currency: Currency) -> Result<Money, MoneyError> {
        Money { amount: self.unit_price, currency }.checked_mul(self.quantity())
    }
}

/// Actor of a change: an account's id, or `system` for time and events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Actor {
    /// An account.
    User(UserId),
    /// The system: a schedule, or an event.
    System,
    /// An administrator or a member of the seller, in views for customers: never stored.
    Administrator,
    /// The text of an actor that this release does not know.
    Unknown(String),
}

const SYSTEM: &str = "system";
const ADMINISTRATOR: &str = "administrator";

impl From<String> for Actor {
    fn from(text: String) -> Self {
        match text.parse() {
            Ok(user) => Self::User(user),
            Err(_) if text == SYSTEM => Self::System,
            Err(_) if text == ADMINISTRATOR => Self::Administrator,
            Err(_) => Self::Unknown(text),
        }
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::User(user) => user.to_string(),
            Actor::System => SYSTEM.to_owned(),
            Actor::Administrator => ADMINISTRATOR.to_owned(),
            Actor::Unknown(text) => text,
        }
    }
}

/// A status change of an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = OrderStatusChange)]
#[schema(examples(json!({
    "from": "reserved",
    "to": "confirmed",
    "actor": "user_01h455vb4pex5vsknk084sn02q",
    "at": "2026-01-31T12:05:00.000Z",
})))]
pub struct Step {
    /// Previous status.
    #[schema(value_type = OrderStatus)]
    pub from: Open<OrderStatus>,
    /// New status.
    #[schema(value_type = OrderStatus)]
    pub to: Open<OrderStatus>,
    /// Actor: the id of an account, or `system`. Customers see `administrator` in place of
    /// the id of an administrator or of a member of the selling organisation.
    #[schema(value_type = String, examples("user_01h455vb4pex5vsknk084sn02q"))]
    pub actor: Actor,
    /// Reason, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Time of the change.
    pub at: Timestamp,
}

impl Order {
    /// Sum of lines of one currency.
    pub fn sum(lines: &[Line], currency: Currency) -> Result<Money, MoneyError> {
        lines.iter().try_fold(Money::zero(currency), |sum, line| sum.checked_add(line.total(currency)?))
    }

    /// Line of a SKU.
    pub fn line(&self, sku: &Sku) -> Option<&Line> {
        self.lines.iter().find(|line| line.sku.is_same(sku))
    }

    /// The order after a transition.
    #[must_use]
    pub fn after(&self, transition: &Transition, step: Step) -> Self {
        let mut after = self.clone();
        after.card.status = transition.to.into();
        if let Some(payment) = transition.payment {
            after.payment_status = payment.into();
        }
        after.history.push(step);
        after
    }

    /// History in the customer's view, without the ids of administrators and of members of
    /// the seller.
    #[must_use]
    pub fn history_for_customer(&self) -> Vec<Step> {
        let owner = self.card.user_id;
        let mut history = self.history.clone();
        for step in &mut history {
            if matches!(&step.actor, Actor::User(id) if *id != owner) {
                step.actor = Actor::Administrator;
            }
        }
        history
    }

    /// Erases personal data. The fingerprint could be guessed, so it is erased too.
    pub fn erase(&mut self) {
        self.fingerprint.clear();
        (self.shipping_address, self.note) = (None, None);
        for step in &mut self.history {
            step.reason = None;
        }
    }

    /// Removes the order from all lists, with its personal data.
    pub fn delete(&mut self, now: Timestamp) {
        self.erase();
        self.deleted_at = Some(now);
    }

    /// True if there is personal data to erase.
    pub fn is_personal(&self) -> bool {
        self.shipping_address.is_some()
            || self.note.is_some()
            || self.history.iter().any(|step| step.reason.is_some())
    }

    /// Published state of the order.
    pub fn state(&self) -> OrderState {
        let OrderCard { user_id, status, total, created_at: _, seller } = self.card.clone();
        let lines = self.lines.iter().map(|line| OrderedLine {
            variant_id: Some(line.variant()),
            sku: line.sku.clone(),
            product_id: line.product_id,
            quantity: line.quantity(),
            line_total: line.unit_price.saturating_mul(line.quantity().into()),
        });
        OrderState {
            order_id: self.id,
            user_id,
            status,
            payment_status: self.payment_status.clone(),
            total,
            lines: lines.collect(),
            removed_variants: Vec::new(),
            seller: Some(seller),
        }
    }

    /// The event of an order that has reached `status`.
    pub fn reached(&self, status: OrderStatus) -> DomainEvent {
        let state = self.state();
        match status {
            OrderStatus::Reserved => DomainEvent::OrderCreated(state),
            OrderStatus::Confirmed => DomainEvent::OrderConfirmed(state),
            OrderStatus::Fulfilled => DomainEvent::OrderFulfilled(state),
            OrderStatus::Completed => DomainEvent::OrderCompleted(state),
            OrderStatus::Expired => DomainEvent::OrderExpired(state),
            OrderStatus::Cancelled => DomainEvent::OrderCancelled(state),
            OrderStatus::Refunded => DomainEvent::OrderRefunded(state),
        }
    }
}

impl Entity for Order {
    const TYPE: &'static str = "order";

    fn key(&self) -> Key {
        schema::order(self.id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        if self.deleted_at.is_some() {
            return Vec::new();
        }
        let OrderCard { user_id, status, created_at, total: _, seller } = &self.card;
        let mut keys = vec![
            schema::orders_by_user(*user_id, *created_at, self.id),
            schema::orders_by_status(status, *created_at, self.id),
        ];
        if let Some(seller) = seller.organization() {
            keys.push(schema::seller_orders(seller, status, *created_at, self.id));
        }
        if *status == OrderStatus::Reserved {
            // The last byte is random, or that of a hash, for every way of making the
            // id.
            let [.., last] = self.id.to_bytes();
            keys.push(schema::orders_by_expiry(last % EXPIRY_SHARDS, self.reserved_until, self.id));
        }
        keys
    }
}
