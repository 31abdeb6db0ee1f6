//! Placing of an order: the only code that creates one.

use shared::{
    Refused,
    clock::Timestamp,
    id::{OrderId, UserId},
    identity::PostalAddress,
    table::{Attempt, optimistic},
    text::{Note, Sku},
    vocabulary::{OrderStatus, PaymentStatus},
};

use crate::{
    buyer::BuyerStatus,
    order::{Order, OrderCard},
    plan::{CellChange, Plan, PlanRefusal, StockPolicy, Wanted, plan},
    store::{Store, WriteRefusal},
};

/// A new order, without its lines.
pub struct New {
    /// Id.
    pub id: OrderId,
    /// Fingerprint of its request.
    pub fingerprint: String,
    /// Account that orders.
    pub user: UserId,
    /// Shipping address.
    pub shipping_address: Option<PostalAddress>,
    /// Note to the packer.
    pub note: Option<Note>,
    /// Time of the change.
    pub now: Timestamp,
    /// Time until which the goods are reserved.
    pub reserved_until: Timestamp,
}

/// Reason for a refused order.
#[derive(Debug)]
pub enum PlaceRefusal {
    /// The customer may not order.
    Blocked,
    /// The lines cannot be ordered.
    Plan(PlanRefusal),
}

/// Outcome of placing an order.
#[derive(Debug)]
pub enum Placed {
    /// The order is placed.
    New(Box<Order>),
    /// An order of its id exists.
    Exists,
}

impl New {
    /// Places the order.
    pub async fn place(
        &self,
        store: &Store,
        wanted: &[Wanted],
        policy: StockPolicy<'_>,
    ) -> Result<Placed, Refused<PlaceRefusal>> {
        let skus: Vec<Sku> = wanted.iter().map(|wanted| wanted.sku.clone()).collect();
        let skus = &skus;
        let mut first = true;
        optimistic(|| {
            let is_first = std::mem::replace(&mut first, false);
            async move {
                let stock = if is_first {
                    let (stock, buyer) = store.get_offers(skus, self.user).await?;
                    if buyer.is_some_and(|buyer| buyer.status != BuyerStatus::Active) {
                        return Err(Refused::By(PlaceRefusal::Blocked));
                    }
                    stock
                } else {
                    store.get_stock(skus).await?
                };
                let plan = match plan(wanted, &stock, None, policy) {
                    Ok(plan) => plan,
                    // The first read may be stale: a refusal requires a second one.
                    Err(_) if is_first => return Ok(Attempt::Retry),
                    Err(refusal) => return Err(Refused::By(PlaceRefusal::Plan(refusal))),
                };
                let (order, changes) = self.with(plan);
                match store.place_order(&order, &changes).await {
                    Ok(()) => Ok(Attempt::Done(Placed::New(Box::new(order)))),
                    Err(Refused::By(WriteRefusal::Outdated)) => Ok(Attempt::Done(Placed::Exists)),
                    Err(Refused::By(WriteRefusal::Moved)) => Ok(Attempt::Retry),
                    Err(Refused::Failed(failure)) => Err(failure.into()),
                }
            }
        })
        .await
    }

    fn with(&self, Plan { lines, total, changes }: Plan) -> (Order, Vec<CellChange>) {
        let order = Order {
            id: self.id,
            fingerprint: self.fingerprint.clone(),
            lines,
            payment_status: PaymentStatus::Unpaid.into(),
            reserved_until: self.reserved_until,
            shipping_address: self.shipping_address.clone(),
            note: self.note.clone(),
            history: Vec::new(),
            deleted_at: None,
            card: OrderCard {
                user_id: self.user,
                status: OrderStatus::Reserved.into(),
                total,
                created_at: self.now,
            },
        };
        (order, changes)
    }
}
