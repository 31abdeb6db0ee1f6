//! Placing of an order: the only code that creates one.

use shared::{
    Refused,
    clock::Timestamp,
    id::{OrderId, UserId},
    identity::PostalAddress,
    membership::OrganizationCheck,
    table::{Attempt, item::Stored, optimistic},
    text::{Note, Sku},
    vocabulary::{OrderStatus, PaymentStatus},
};

use crate::{
    buyer::{Buyer, BuyerStatus, HoldLimits, ReservedOrders, TooMuchHeld},
    order::{Order, OrderCard},
    plan::{CellChange, LineFault, Plan, PlanRefusal, Stock, StockPolicy, Wanted, plan},
    store::{BuyerWrite, Store, WriteRefusal},
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
    /// Conditions on the customer.
    pub terms: Terms,
}

/// Conditions on a customer.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// True if the address of the account must be confirmed.
    pub confirmed_email: bool,
    /// Limits of reservations.
    pub limits: HoldLimits,
}

impl Terms {
    /// No conditions: for orders that an operator records.
    pub const NONE: Self = Self {
        confirmed_email: false,
        limits: HoldLimits { orders: ReservedOrders(u32::MAX), quantity: u32::MAX },
    };
}

/// Reason for a refused order.
#[derive(Debug)]
pub enum PlaceRefusal {
    /// The customer may not order.
    Blocked,
    /// The address of the customer is not confirmed.
    EmailNotConfirmed,
    /// The reservations of the customer are at their limit.
    TooMuchHeld(TooMuchHeld),
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
                let (stock, before) = if is_first {
                    store.get_offers(skus, self.user).await?
                } else {
                    store.get_stock_and_buyer(skus, self.user).await?
                };
                let (order, changes, buyer) = match self.judge(wanted, &stock, before, policy) {
                    Ok(placed) => placed,
                    // The first read may be stale: a refusal requires a second one.
                    Err(_) if is_first => return Ok(Attempt::Retry),
                    Err(refusal) => return Err(Refused::By(refusal)),
                };
                let seller = order.card.seller.organization();
                let check = seller.map_or(OrganizationCheck::None, OrganizationCheck::Active);
                match store.place_order(&order, (&changes, &buyer), check).await {
                    Ok(()) => Ok(Attempt::Done(Placed::New(Box::new(order)))),
                    Err(Refused::By(WriteRefusal::Outdated)) => Ok(Attempt::Done(Placed::Exists)),
                    Err(Refused::By(WriteRefusal::Moved)) => Ok(Attempt::Retry),
                    // The offers of a blocked, closed or deleted organisation are closed.
                    Err(Refused::By(WriteRefusal::Denied)) => Err(Refused::By(not_for_sale(wanted))),
                    Err(Refused::Failed(failure)) => Err(failure.into()),
                }
            }
        })
        .await
    }

    /// The order with its writes, if the customer and the stock allow it.
    fn judge(
        &self,
        wanted: &[Wanted],
        stock: &Stock,
        before: Option<Stored<Buyer>>,
        policy: StockPolicy<'_>,
    ) -> Result<(Order, Vec<CellChange>, BuyerWrite), PlaceRefusal> {
        let buyer = before.as_ref().map_or_else(|| Buyer::unknown(self.user), |it| it.entity.clone());
        if buyer.status != BuyerStatus::Active {
            return Err(PlaceRefusal::Blocked);
        }
        if self.terms.confirmed_email && !buyer.has_confirmed_email() {
            return Err(PlaceRefusal::EmailNotConfirmed);
        }
        let plan = plan(wanted, stock, None, policy).map_err(PlaceRefusal::Plan)?;
        let (order, changes) = self.with(plan);
        let after = buyer.holding(&order, self.terms.limits, self.now).map_err(PlaceRefusal::TooMuchHeld)?;
        Ok((order, changes, BuyerWrite { before: before.map(|it| it.version), after }))
    }

    fn with(&self, Plan { lines, total, changes, seller }: Plan) -> (Order, Vec<CellChange>) {
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
                seller,
            },
        };
        (order, changes)
    }
}

fn not_for_sale(wanted: &[Wanted]) -> PlaceRefusal {
    let lines = wanted.iter().map(|wanted| LineFault::NotForSale(wanted.line));
    PlaceRefusal::Plan(PlanRefusal::Invalid(lines.collect()))
}
