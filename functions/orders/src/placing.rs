//! The beginning of an order: the only code that makes one.

use shared::{
    Failure,
    clock::Timestamp,
    id::{OrderId, UserId},
    identity::PostalAddress,
    table::optimistic,
    text::{Note, Sku},
    vocabulary::{OrderStatus, PaymentStatus},
};

use crate::{
    buyer::BuyerStatus,
    order::{Order, OrderCard},
    plan::{self, CellChange, Plan, Wanted, plan},
    store::{Refusal, Store},
};

/// An order but for its lines.
pub(crate) struct New {
    pub(crate) id: OrderId,
    /// What its request was like.
    pub(crate) fingerprint: String,
    pub(crate) user: UserId,
    pub(crate) shipping_address: Option<PostalAddress>,
    pub(crate) note: Option<Note>,
    pub(crate) now: Timestamp,
    pub(crate) reserved_until: Timestamp,
}

/// Why there is no order.
#[derive(Debug)]
pub(crate) enum PlaceError {
    /// Its buyer may not order.
    Blocked,
    /// What is wanted cannot be had.
    Refused(plan::Refusal),
    /// Nobody's fault.
    Failed(Failure),
}

impl From<Failure> for PlaceError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl New {
    /// Places the order; `None` where one of its id is there. `low` is how much
    /// counts as little; `pick` gives a number below its argument.
    pub(crate) async fn place(
        &self,
        store: &Store,
        wanted: &[Wanted],
        low: u64,
        pick: impl Fn(usize) -> usize,
    ) -> Result<Option<Order>, PlaceError> {
        let skus: Vec<Sku> = wanted.iter().map(|wanted| wanted.sku.clone()).collect();
        let (skus, pick) = (&skus, &pick);
        let mut first = true;
        optimistic(|| {
            let is_first = std::mem::replace(&mut first, false);
            async move {
                let stock = if is_first {
                    let (stock, buyer) = store.get_offers(skus, self.user).await?;
                    if buyer.is_some_and(|buyer| buyer.status != BuyerStatus::Active) {
                        return Err(PlaceError::Blocked);
                    }
                    stock
                } else {
                    store.get_stock(skus).await?
                };
                let plan = match plan(wanted, &stock, None, low, pick) {
                    Ok(plan) => plan,
                    // What was read first may be out of date: refused is by what is.
                    Err(_) if is_first => return Ok(None),
                    Err(refusal) => return Err(PlaceError::Refused(refusal)),
                };
                let (order, changes) = self.with(plan);
                match store.place_order(&order, &changes).await {
                    Ok(()) => Ok(Some(Some(order))),
                    Err(Refusal::Outdated) => Ok(Some(None)),
                    Err(Refusal::Moved) => Ok(None),
                    Err(Refusal::Failed(failure)) => Err(failure.into()),
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
