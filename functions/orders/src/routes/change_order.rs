//! Common part of `replace_order` and `update_order`.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    Refused,
    bus::DomainEvent,
    http::{Faults, IfMatch, Patch, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::{OrderId, ProductId},
    identity::{Caller, PostalAddress},
    membership::{
        Denied, MemberAction, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, OrganizationCheck,
    },
    table::{Attempt, item::Stored, optimistic},
    text::{Invalid, Note, Sku},
    vocabulary::OrderStatus,
};
use utoipa::ToSchema;

use super::move_order::is_late;
use crate::{
    access::{self, CommandRefusal, Permitted},
    body::{self, LineRequest, SingleLine},
    buyer::Buyer,
    order::{Line, Order},
    plan::{LineFault, Plan, PlanRefusal, Wanted, plan},
    problems::ORDER_NOT_RESERVED,
    problems::{HoldLimit, PriceChanges, SeveralSellers, Shortage},
    state::Orders,
    stock::StockChange,
    store::{BuyerWrite, WriteRefusal},
    view::OrderView,
};

/// Changes of an order. The fields of a single line may replace `lines`; `quantity`
/// alone changes the only line.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(examples(json!({
    "lines": [{ "sku": "TEA-EARL-GREY-100", "quantity": 3 }],
    "note": "Please ring twice.",
})))]
pub struct UpdateOrderRequest {
    /// All lines of the order. A line keeps its price unless its quantity grows.
    #[serde(default)]
    #[schema(value_type = Option<Vec<LineRequest>>)]
    lines: Patch<Vec<Map<String, Value>>>,
    /// Shipping address.
    #[serde(default)]
    #[schema(value_type = Option<PostalAddress>)]
    shipping_address: Patch<Map<String, Value>>,
    /// Note for the warehouse.
    #[serde(default)]
    #[schema(value_type = Option<Note>)]
    note: Patch<String>,
    /// SKU of a single line, instead of `lines`.
    #[serde(default)]
    #[schema(value_type = Option<Sku>)]
    sku: Patch<String>,
    /// Product without variants of a single line, instead of `lines`.
    #[serde(default)]
    #[schema(value_type = Option<ProductId>)]
    product_id: Patch<ProductId>,
    /// Quantity of a single line, instead of `lines`.
    #[serde(default)]
    #[schema(value_type = Option<u32>)]
    quantity: Patch<u32>,
}

shared::problems! {
    /// Errors of changing an order.
    pub enum ChangeOrderError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        NotReserved => ORDER_NOT_RESERVED,
        SeveralSellers(SeveralSellers),
        Short(Shortage),
        TooMuchHeld(HoldLimit),
        PriceChanged(PriceChanges),
        Stale(Stale),
        Invalid(Faults),
    }
}

impl From<PlanRefusal> for ChangeOrderError {
    fn from(refusal: PlanRefusal) -> Self {
        match refusal {
            PlanRefusal::Invalid(found) => Self::Invalid(body::faults(found)),
            PlanRefusal::SeveralSellers(lines) => Self::SeveralSellers(SeveralSellers(lines)),
            PlanRefusal::Changed(changed) => Self::PriceChanged(PriceChanges(changed)),
            PlanRefusal::Short(short) => Self::Short(Shortage(short)),
        }
    }
}

impl From<CommandRefusal> for ChangeOrderError {
    fn from(refusal: CommandRefusal) -> Self {
        match refusal {
            CommandRefusal::NotFound | CommandRefusal::Denied(Denied::Forbidden) => Self::NotFound,
            CommandRefusal::Denied(Denied::NotPermitted(needs)) => Self::NotPermitted(needs),
            CommandRefusal::Denied(Denied::Blocked) => Self::Blocked,
            CommandRefusal::Denied(Denied::Closed) => Self::Closed,
        }
    }
}

/// Method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// PUT: removes the fields that it does not name.
    Replace,
    /// PATCH: keeps the fields that it does not name.
    Merge,
}

/// Applies a request to an order; gives the result.
pub(super) async fn change(
    orders: &Orders,
    caller: &Caller,
    id: OrderId,
    if_match: &IfMatch,
    (body, faults): (UpdateOrderRequest, Faults),
    method: Method,
) -> Result<Versioned<Reply<OrderView>>, ChangeOrderError> {
    let (body, faults) = (&body, &faults);
    let (changed, sight) = optimistic(|| async move {
        let permission = (MemberAction::ManageOrders, true);
        let Permitted { order: before, sight, check } =
            access::permit(orders, caller, id, permission).await?;
        if_match.check(before.version)?;
        let (mut after, asked) = parse(body.clone(), faults.clone(), &before.entity, method)?;
        if before.entity.card.status != OrderStatus::Reserved
            || is_late(&before.entity, orders.context.clock.now())
        {
            return Err(ChangeOrderError::NotReserved);
        }
        let (changes, buyer, faults) = match asked {
            None => (Vec::new(), None, Vec::new()),
            Some(asked) => {
                let wanted: Vec<Wanted> = body::wanted(&orders.store, asked).await?;
                let skus: Vec<Sku> = wanted.iter().map(|wanted| wanted.sku.clone()).collect();
                // The customer's limits hold, whoever changes the order.
                let customer = before.entity.card.user_id;
                let (stock, buyer) = orders.store.get_stock_and_buyer(&skus, customer).await?;
                let pick = |count| orders.pick(count);
                let policy = orders.policy(caller, &pick);
                let Plan { lines, total, changes, seller: _ } =
                    plan(&wanted, &stock, Some(&before.entity), policy)?;
                (after.lines, after.card.total) = (lines, total);
                let version = buyer.as_ref().map(|buyer| buyer.version);
                let buyer = buyer.map_or_else(|| Buyer::unknown(customer), |buyer| buyer.entity);
                let holding = buyer.holding(&after, orders.terms().limits, orders.context.clock.now());
                let buyer = BuyerWrite {
                    before: version,
                    after: holding.map_err(|held| ChangeOrderError::TooMuchHeld(HoldLimit(held)))?,
                };
                let faults = wanted.iter().map(|wanted| LineFault::NotForSale(wanted.line)).collect();
                (changes, Some(buyer), faults)
            }
        };
        // More units need an active organisation, whoever changes the order.
        let is_more = changes.iter().any(|change| change.change == StockChange::Reserve);
        let seller = before.entity.card.seller.organization().filter(|_| is_more && !check.is_some());
        let write_check = seller.map_or(check, OrganizationCheck::Active);
        let mut state = after.state();
        let before_lines = before.entity.lines.iter().map(Line::variant);
        state.removed_variants = before_lines
            .filter(|variant| !after.lines.iter().any(|line| line.variant() == *variant))
            .collect();
        let updated = vec![DomainEvent::OrderUpdated(state)];
        let beside = (changes.as_slice(), buyer.as_ref(), write_check);
        match orders.store.replace_order(&before, &after, beside, updated).await {
            Ok(()) => {
                let after = Stored { entity: after, version: before.version + 1 };
                Ok(Attempt::Done((after, sight)))
            }
            Err(Refused::By(WriteRefusal::Denied)) if !check.is_some() => {
                Err(ChangeOrderError::Invalid(body::faults(faults)))
            }
            Err(Refused::By(WriteRefusal::Outdated | WriteRefusal::Moved | WriteRefusal::Denied)) => {
                Ok(Attempt::Retry)
            }
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await?;
    Ok(Versioned(changed.version, Reply(sight.view(changed))))
}

/// The order with the new address and note, and the requested lines.
fn parse(
    body: UpdateOrderRequest,
    mut faults: Faults,
    before: &Order,
    method: Method,
) -> Result<(Order, Option<Vec<body::LineItem>>), ChangeOrderError> {
    let mut after = before.clone();
    let stored = after.shipping_address.clone();
    if method == Method::Replace {
        (after.shipping_address, after.note) = (None, None);
    }
    let short = SingleLine {
        sku: body.sku.into(),
        product_id: body.product_id.into(),
        quantity: body.quantity.into(),
    };
    let asked = match body.lines {
        Patch::Absent if !short.is_missing() => short.of(&mut faults, &before.lines).map(|line| vec![line]),
        Patch::Absent => {
            if method == Method::Replace {
                faults.add("/lines", Invalid::new("required", "This field is required."));
            }
            None
        }
        lines => {
            short.refuse(&mut faults);
            let lines = faults.patch_required("/lines", lines, Ok).flatten();
            lines.and_then(|lines| body::lines(&mut faults, lines))
        }
    };
    match body.shipping_address.onto(&after.shipping_address) {
        Patch::Absent => {}
        Patch::Null => after.shipping_address = None,
        other => {
            let object = faults.patch_required("/shipping_address", other, Ok).flatten();
            after.shipping_address = object.and_then(|object| {
                PostalAddress::parse(&mut faults, "/shipping_address", object, stored.as_ref())
            });
        }
    }
    if let Some(change) = faults.patch("/note", body.note, |text: String| Note::parse(&text)) {
        change.apply(&mut after.note);
    }
    faults.done(Some(()))?;
    Ok((after, asked))
}
