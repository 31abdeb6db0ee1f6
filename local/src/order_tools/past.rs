//! Past orders, for a demo shop: placed and moved by the code of the orders group, each
//! step at its own time.

use orders::{
    lifecycle::{CleanUp, Move},
    order::Actor,
    placing::{New, PlaceRefusal, Placed, Terms},
    plan::{PlanRefusal, StockPolicy, Wanted},
    state::RESERVATION,
    store::Store,
};
use serde::{Deserialize, Serialize};
use shared::{
    Context, Failure, Refused,
    clock::{Clock, Timestamp},
    context::SdkConfig,
    id::{OrderId, UserId},
    membership::OrganizationCheck,
    table::{Attempt, Table, optimistic},
    text::Sku,
    vocabulary::OrderStatus,
};

/// A past order with its steps.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PastOrder {
    /// Fixed id, so that it is created once.
    pub id: OrderId,
    /// Account that ordered.
    pub user_id: UserId,
    /// SKUs and quantities, at today's prices.
    pub lines: Vec<(Sku, u32)>,
    /// Time of placing.
    pub placed_at: Timestamp,
    /// Status changes, the oldest first.
    pub steps: Vec<PastStep>,
}

/// A change of an order's status.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PastStep {
    /// New status.
    pub to: OrderStatus,
    /// Account that made the change; `None` for the system.
    pub by: Option<UserId>,
    /// Time.
    pub at: Timestamp,
}

/// Outcome of recording an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// Created.
    Made,
    /// Existing before; its missing steps are taken.
    Present,
    /// Insufficient stock.
    SoldOut,
    /// An item is not for sale, or not yet.
    NotForSale,
}

/// Records a past order, in the table `name`.
pub async fn record(
    aws: &SdkConfig,
    name: &str,
    context: &Context,
    order: &PastOrder,
) -> Result<Recorded, Failure> {
    let store_at = |at: Timestamp| {
        let context =
            Context { function: "orders-api", clock: Clock::from_fn(move || at), ..context.clone() };
        Store::new(Table::new(aws, name.to_owned(), context))
    };
    let new = New {
        id: order.id,
        fingerprint: String::new(),
        user: order.user_id,
        shipping_address: None,
        note: None,
        now: order.placed_at,
        // The goods stay reserved during this, so that the sweeper does not expire the
        // order.
        reserved_until: context.clock.now() + RESERVATION,
        // Several customers' orders of a whole year are recorded at once.
        terms: Terms::NONE,
    };
    let lines = order.lines.iter().enumerate();
    let wanted = lines.map(|(line, (sku, quantity))| Wanted {
        sku: sku.clone(),
        quantity: *quantity,
        expected: Vec::new(),
        line,
    });
    let wanted: Vec<Wanted> = wanted.collect();
    let store = store_at(order.placed_at);
    let placed = if store.get_order(order.id).await?.is_some() {
        // Its items may be sold out by now, or no longer for sale.
        Ok(Placed::Exists)
    } else {
        new.place(&store, &wanted, StockPolicy::FIRST).await
    };
    let recorded = match placed {
        Ok(Placed::New(_)) => Recorded::Made,
        Ok(Placed::Exists) => Recorded::Present,
        // Products of several sellers are left out, too.
        Err(Refused::By(PlaceRefusal::Plan(PlanRefusal::Short(_) | PlanRefusal::SeveralSellers(_)))) => {
            return Ok(Recorded::SoldOut);
        }
        Err(Refused::By(_)) => return Ok(Recorded::NotForSale),
        Err(Refused::Failed(failure)) => return Err(failure),
    };
    for step in &order.steps {
        take(&store_at(step.at), order.id, step).await?;
    }
    Ok(recorded)
}

/// Takes a step that the order has not taken, if the transition is allowed.
async fn take(store: &Store, id: OrderId, step: &PastStep) -> Result<(), Failure> {
    let command = Move {
        to: step.to,
        actor: step.by.map_or(Actor::System, Actor::User),
        reason: None,
        now: step.at,
        restock: false,
        clean_up: CleanUp::None,
        check: OrganizationCheck::None,
    };
    optimistic(|| async {
        let Some(order) = store.get_order(id).await? else { return Ok(Attempt::Done(())) };
        if order.entity.history.iter().any(|taken| taken.to == step.to) {
            return Ok(Attempt::Done(()));
        }
        match command.make(store, &order, StockPolicy::FIRST).await {
            Ok(moved) => Ok(moved.map(drop)),
            Err(Refused::By(_)) => Ok(Attempt::Done(())),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    })
    .await
}
