//! Transitions of an order: the only code that follows the table of
//! [`transitions`](crate::transitions).

use shared::{
    Refused,
    bus::DomainEvent,
    clock::Timestamp,
    id::VariantId,
    membership::OrganizationCheck,
    table::{Attempt, item::Stored},
    text::Reason,
    vocabulary::{Open, OrderStatus},
};

use crate::{
    buyer::{Buyer, BuyerStatus},
    order::{Actor, Line, Order, Step},
    plan::{self, CellChange, Short, StockPolicy},
    stock::StockChange,
    store::{BuyerWrite, Store, WriteRefusal},
    transitions::{self, Effect},
};

/// A transition of an order.
#[derive(Debug, Clone)]
pub struct Move {
    /// New status.
    pub to: OrderStatus,
    /// Actor of the change.
    pub actor: Actor,
    /// Reason, where one is given.
    pub reason: Option<Reason>,
    /// Time of the change.
    pub now: Timestamp,
    /// True if the goods of a fulfilled order are restocked.
    pub restock: bool,
    /// Additional change of the order.
    pub clean_up: CleanUp,
    /// Conditions of the seller.
    pub check: OrganizationCheck,
}

/// See [`Move::clean_up`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CleanUp {
    /// No additional change.
    None,
    /// Erases personal data.
    Erase,
    /// Erases personal data, and removes the order from all lists.
    Delete,
}

/// Reason for a refused transition.
#[derive(Debug)]
pub enum MoveRefusal {
    /// The transition is not allowed.
    NotAllowed(Open<OrderStatus>),
    /// The customer's account is deleted, so nothing can be delivered.
    BuyerGone,
    /// Stock is insufficient for a new reservation.
    Short(Vec<Short>),
}

impl Move {
    /// A transition by the system.
    pub fn by_system(to: OrderStatus, now: Timestamp) -> Self {
        Self {
            to,
            actor: Actor::System,
            reason: None,
            now,
            restock: false,
            clean_up: CleanUp::None,
            check: OrganizationCheck::None,
        }
    }

    /// Moves an order. To be retried if a concurrent writer has changed it, or has
    /// taken the stock that it needs, and judged again if the actor is denied.
    pub async fn make(
        &self,
        store: &Store,
        before: &Stored<Order>,
        policy: StockPolicy<'_>,
    ) -> Result<Attempt<Stored<Order>>, Refused<MoveRefusal>> {
        let from = before.entity.card.status.clone();
        let transition = from.known().and_then(|from| transitions::find(from, self.to));
        let transition = transition.ok_or_else(|| Refused::By(MoveRefusal::NotAllowed(from.clone())))?;
        let is_reserved = from == OrderStatus::Reserved;
        let buyer = if is_reserved || self.to == OrderStatus::Confirmed {
            store.get_buyer(before.entity.card.user_id).await?
        } else {
            None
        };
        let clean_up = self.clean_up(&before.entity, buyer.as_ref())?;
        // An order of an earlier release holds nothing that its buyer's item tells of.
        let buyer = buyer.filter(|it| is_reserved && it.entity.holds.contains_key(&before.entity.id));
        let buyer = buyer.map(|it| BuyerWrite {
            before: Some(it.version),
            after: it.entity.releasing(before.entity.id, self.now),
        });
        let Self { to, actor, reason, now, .. } = self.clone();
        let mut after = before.entity.after(transition, Step { from, to: to.into(), actor, reason, at: now });
        let changes = match transition.stock {
            Effect::Always(StockChange::SellAvailable) => {
                let variants: Vec<VariantId> = after.lines.iter().map(Line::variant).collect();
                let stock = store.get_stock_of(&variants).await?;
                plan::sell_again(&mut after.lines, &stock, policy)
                    .map_err(|short| Refused::By(MoveRefusal::Short(short)))?
            }
            Effect::Always(change) => of_lines(&after, change),
            Effect::IfRestocked(change) if self.restock => of_lines(&after, change),
            Effect::IfRestocked(_) | Effect::None => Vec::new(),
        };
        let mut events = vec![after.reached(to)];
        match clean_up {
            CleanUp::None => {}
            CleanUp::Erase => after.erase(),
            CleanUp::Delete => {
                after.delete(now);
                events.push(DomainEvent::OrderDeleted(after.state()));
            }
        }
        match store.replace_order(before, &after, (&changes, buyer.as_ref(), self.check), events).await {
            Ok(()) => Ok(Attempt::Done(Stored { entity: after, version: before.version + 1 })),
            Err(Refused::By(WriteRefusal::Outdated | WriteRefusal::Moved | WriteRefusal::Denied)) => {
                Ok(Attempt::Retry)
            }
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    }

    /// Additional change of the order. An order of a deleted account, deleted while the
    /// order was placed or before a lagging list showed it, is never confirmed, and
    /// loses its personal data when it ends.
    fn clean_up(
        &self,
        order: &Order,
        buyer: Option<&Stored<Buyer>>,
    ) -> Result<CleanUp, Refused<MoveRefusal>> {
        let may_be_missed = order.card.status == OrderStatus::Reserved || self.to == OrderStatus::Confirmed;
        let is_gone = buyer.is_some_and(|buyer| buyer.entity.status == BuyerStatus::Deleted);
        if self.clean_up != CleanUp::None || !may_be_missed || !is_gone {
            return Ok(self.clean_up);
        }
        if self.to == OrderStatus::Confirmed {
            return Err(Refused::By(MoveRefusal::BuyerGone));
        }
        Ok(CleanUp::Erase)
    }
}

fn of_lines(order: &Order, change: StockChange) -> Vec<CellChange> {
    order.lines.iter().flat_map(|line| CellChange::of_line(line, change)).collect()
}
