//! Orders: placing, changes and lists.

use shared::{
    Failure, Refused,
    bus::DomainEvent,
    clock::Timestamp,
    id::{OrderId, OrganizationId, UserId},
    membership::{OrganizationCheck, Standing},
    table::{
        Condition, ConditionFailed, Listed, Query, Transaction,
        item::Stored,
        schema::{self, EXPIRY_SHARDS},
        units::Operation,
    },
    vocabulary::OrderStatus,
    walk::{PAGE, Page},
};

use super::Store;
use crate::{
    buyer::Buyer,
    offer::{Bucket, Offer},
    operations::{
        CHANGE_ORDER, GET_ORDER, GET_STANDING, LIST_EXPIRED, LIST_ORDERS, PLACE_ORDER, REPLACE_ORDER,
    },
    order::{Order, OrderCard},
    plan::CellChange,
    stock::{StockChange, cell},
};

/// Reason for a refused write of an order.
#[derive(Debug)]
pub enum WriteRefusal {
    /// The order exists, or has another version.
    Outdated,
    /// The stock, a price or the buyer has changed.
    Moved,
    /// The permission of the writer, or the status of the organisation, has changed.
    Denied,
}

/// The buyer's part of an order's write.
#[derive(Debug)]
pub struct BuyerWrite {
    /// Version that was read; none without an item.
    pub before: Option<u64>,
    /// The buyer after the write.
    pub after: Buyer,
}

/// Filters of a list of orders.
#[derive(Debug, Clone, Copy)]
pub struct OrderFilter {
    /// Customer.
    pub user: Option<UserId>,
    /// Selling organisation; not together with `user`.
    pub seller: Option<OrganizationId>,
    /// Status; not together with `user`.
    pub status: Option<OrderStatus>,
    /// Lower bound of the creation time.
    pub created_after: Option<Timestamp>,
    /// Upper bound of the creation time.
    pub created_before: Option<Timestamp>,
    /// Newest first.
    pub descending: bool,
}

/// Entry of an order list.
#[derive(Debug, Clone)]
pub struct ListedOrder {
    /// Id.
    pub id: OrderId,
    /// Sort key in the list.
    pub sort: String,
    /// Attributes that lists show.
    pub card: OrderCard,
}

impl OrderFilter {
    /// All orders of a customer.
    pub fn of(user: UserId) -> Self {
        Self {
            user: Some(user),
            seller: None,
            status: None,
            created_after: None,
            created_before: None,
            descending: false,
        }
    }
}

impl Store {
    /// Reads the order, if there is one: also one that is deleted from all lists.
    pub async fn get_order(&self, id: OrderId) -> Result<Option<Stored<Order>>, Failure> {
        self.table.operation(&GET_ORDER).get(schema::order(id)).await
    }

    /// Reads the standing of an account in an organisation.
    pub(crate) async fn get_standing(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Standing, Failure> {
        Standing::read(self.table.operation(&GET_STANDING), organization, user).await
    }

    /// Places an order of a buyer, and publishes the event.
    pub async fn place_order(
        &self,
        order: &Order,
        (changes, buyer): (&[CellChange], &BuyerWrite),
        check: OrganizationCheck,
    ) -> Result<(), Refused<WriteRefusal>> {
        let access = self.table.operation_on(&PLACE_ORDER, changes.len() + of_seller(order));
        let transaction = access
            .transaction()
            .put(order, Condition::New, vec![order.reached(OrderStatus::Reserved)])
            .or(WriteRefusal::Outdated);
        let transaction = check.add(transaction, || WriteRefusal::Denied);
        with_buyer(with_stock(transaction, changes), Some(buyer)).commit().await
    }

    /// Replaces `before` with `after`, with its changes of the stock and the buyer, and
    /// publishes the event.
    pub async fn replace_order(
        &self,
        before: &Stored<Order>,
        after: &Order,
        (changes, buyer, check): (&[CellChange], Option<&BuyerWrite>, OrganizationCheck),
        events: Vec<DomainEvent>,
    ) -> Result<(), Refused<WriteRefusal>> {
        let condition = Condition::Version(before.version);
        if changes.is_empty() && buyer.is_none() && !check.is_some() {
            let access = self.table.operation_on(&REPLACE_ORDER, 1 + of_seller(after));
            return match access.put(after, condition, events).await {
                Ok(()) => Ok(()),
                Err(Refused::By(ConditionFailed(_))) => Err(Refused::By(WriteRefusal::Outdated)),
                Err(Refused::Failed(failure)) => Err(failure.into()),
            };
        }
        let access = self.table.operation_on(&CHANGE_ORDER, changes.len().max(1) + of_seller(after));
        let transaction = access.transaction().put(after, condition, events).or(WriteRefusal::Outdated);
        let transaction = check.add(transaction, || WriteRefusal::Denied);
        with_buyer(with_stock(transaction, changes), buyer).commit().await
    }

    /// Lists up to `limit` orders by creation, after the sort key `after`.
    pub async fn list_orders(
        &self,
        filter: OrderFilter,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedOrder>, Failure> {
        let (origin, any) = (Timestamp::from_millis(0), OrderId::from_bytes([0; 16]));
        let statuses = OrderStatus::ALL.iter();
        let statuses = statuses
            .filter(|status| filter.status.is_none_or(|wanted| wanted == **status))
            .map(|status| (*status).into());
        let query = match (filter.user, filter.seller) {
            (Some(user), _) => Query::index(schema::orders_by_user(user, origin, any)),
            (None, Some(seller)) => {
                Query::merged(statuses.map(|status| schema::seller_orders(seller, &status, origin, any)))
            }
            (None, None) => {
                Query::merged(statuses.map(|status| schema::orders_by_status(&status, origin, any)))
            }
        };
        let mut query = query.descending(filter.descending);
        if let Some(moment) = filter.created_after {
            query = query.from(moment.to_string());
        }
        if let Some(moment) = filter.created_before {
            query = query.to(moment.to_string());
        }
        self.list(&LIST_ORDERS, query, after, limit).await
    }

    /// A page of a customer's orders, for a walk: after the order of the sort key
    /// `after`.
    pub(crate) async fn page_of_orders(
        &self,
        user: UserId,
        after: Option<String>,
    ) -> Result<Page<ListedOrder, String>, Failure> {
        let orders = self.list_orders(OrderFilter::of(user), after.as_deref(), PAGE).await?;
        Ok(Page::of(orders, PAGE, |order| order.sort.clone()))
    }

    /// Lists up to `limit` orders of a shard whose reservation is over at `now`, after
    /// the sort key `after`.
    pub async fn list_expired(
        &self,
        shard: u8,
        now: Timestamp,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedOrder>, Failure> {
        let any = OrderId::from_bytes([0; 16]);
        let query = Query::index(schema::orders_by_expiry(shard % EXPIRY_SHARDS, now, any));
        self.list(&LIST_EXPIRED, query.to(format!("{now}{}", char::MAX)), after, limit).await
    }

    pub(super) async fn list(
        &self,
        operation: &'static Operation,
        query: Query,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ListedOrder>, Failure> {
        let query = query.after(after).limit(limit);
        let access = self.table.operation_on(operation, query.partitions());
        access.list_cards(query).await?.into_iter().map(ListedOrder::try_from).collect()
    }
}

/// Additional uses of an operation for an order of an organisation: its row in the list of
/// the seller, and the checks of a member and of the status.
fn of_seller(order: &Order) -> usize {
    usize::from(!order.card.seller.is_platform())
}

/// A transaction with the change of the buyer.
fn with_buyer<'t>(
    transaction: Transaction<'t, WriteRefusal>,
    buyer: Option<&BuyerWrite>,
) -> Transaction<'t, WriteRefusal> {
    let Some(BuyerWrite { before, after }) = buyer else { return transaction };
    let condition = before.map_or(Condition::New, Condition::Version);
    transaction.put(after, condition, Vec::new()).or(WriteRefusal::Moved)
}

/// A transaction with the changes of the stock.
fn with_stock<'t>(
    mut transaction: Transaction<'t, WriteRefusal>,
    changes: &[CellChange],
) -> Transaction<'t, WriteRefusal> {
    for change in changes {
        let key = cell(&change.variant, change.bucket);
        transaction = match change.bucket {
            Some(_) => transaction.update::<Bucket>(key, change.update()),
            None => transaction.update::<Offer>(key, change.update()),
        };
        match change.change {
            StockChange::Reserve | StockChange::SellAvailable => {
                transaction = transaction.or(WriteRefusal::Moved);
            }
            // Units that an order has reserved or bought exist: anything else is a bug.
            StockChange::Release | StockChange::Sell | StockChange::Return => {}
        }
    }
    transaction
}

impl TryFrom<Listed<OrderCard>> for ListedOrder {
    type Error = Failure;

    fn try_from(listed: Listed<OrderCard>) -> Result<Self, Failure> {
        Ok(Self { id: listed.id()?, sort: listed.sort, card: listed.card })
    }
}
