//! `POST /api/v1/orders`

use axum::extract::{MatchedPath, State};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    bus::events::{OrderStatus, PaymentStatus},
    http::{
        Created, Faults, Field, IdempotencyKey, Idempotent, KeyRequired, KeyReused, Replayable,
        Versioned,
    },
    id::{OrderId, ProductId, UserId},
    identity::{Caller, PostalAddress},
    table::{item::Stored, optimistic},
    text::{Note, Sku},
};
use utoipa::ToSchema;

use crate::{
    body::{self, Asked, LineRequest, WantedError},
    buyer::BuyerStatus,
    order::{Order, OrderCard},
    plan::{self, Plan, Wanted, plan},
    state::Orders,
    store::Refusal,
    view::{OrderView, PriceChanges, Shortage},
};

/// An order that is to be. One of a single line may have the fields of that line
/// in place of `lines`.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({
    "lines": [{
        "sku": "TEA-EARL-GREY-100",
        "quantity": 2,
        "expected_unit_price": { "amount": 890, "currency": "EUR" },
    }],
    "shipping_address": { "street": "12 St James's Square", "city": "London", "country": "GB" },
    "note": "Please ring twice.",
})))]
pub struct CreateOrderRequest {
    /// What is ordered: up to 90 different skus of one currency.
    #[schema(value_type = Option<Vec<LineRequest>>)]
    lines: Field<Vec<Map<String, Value>>>,
    /// Where it goes.
    #[schema(value_type = Option<PostalAddress>)]
    shipping_address: Field<Map<String, Value>>,
    /// What whoever packs it should know.
    #[schema(value_type = Option<Note>)]
    note: Field<String>,
    /// What is ordered, without `lines`.
    #[schema(value_type = Option<Sku>)]
    sku: Field<String>,
    /// The product that is ordered, without `lines`.
    #[schema(value_type = Option<ProductId>)]
    product_id: Field<ProductId>,
    /// How many, without `lines`.
    #[schema(value_type = Option<u32>)]
    quantity: Field<u32>,
}

shared::problems! {
    /// Why nothing is ordered.
    pub enum CreateOrderError {
        /// This wants an Idempotency-Key.
        KeyRequired(#[from] KeyRequired) => 400 idempotency_key_required,
        /// This account may not order.
        Blocked => 403 buyer_blocked,
        /// There is too little of what is ordered.
        Short(Shortage) => 409 insufficient_stock,
        /// Something has another price than was expected.
        PriceChanged(PriceChanges) => 409 price_changed,
        /// The order that this Idempotency-Key has made is deleted.
        Deleted => 409 order_deleted,
        /// One or more fields are not valid.
        Invalid(#[from] Faults) => 422 invalid_fields,
        /// This Idempotency-Key was used for another request.
        KeyReused(#[from] KeyReused) => 422 idempotency_key_reused,
    }
}

impl From<WantedError> for CreateOrderError {
    fn from(error: WantedError) -> Self {
        match error {
            WantedError::Invalid(faults) => Self::Invalid(faults),
            WantedError::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl From<plan::Refusal> for CreateOrderError {
    fn from(refusal: plan::Refusal) -> Self {
        match refusal {
            plan::Refusal::Invalid(faults) => Self::Invalid(faults),
            plan::Refusal::Changed(changed) => Self::PriceChanged(PriceChanges(changed)),
            plan::Refusal::Short(short) => Self::Short(Shortage(short)),
        }
    }
}

type CreatedOrder = Replayable<Versioned<Created<OrderView>>>;

/// Order
///
/// Reserves everything that is ordered at once, or nothing. What is reserved is
/// held for some minutes, until the order is confirmed. The `Idempotency-Key` is
/// this order's for ever: the same request gives it as it is then.
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    params(IdempotencyKey),
    security(("bearer" = [])),
    request_body = CreateOrderRequest,
    responses(CreatedOrder, CreateOrderError),
)]
pub async fn create_order(
    State(orders): State<Orders>,
    caller: Caller,
    path: MatchedPath,
    Idempotent(body, faults, attempt): Idempotent<CreateOrderRequest>,
) -> Result<CreatedOrder, CreateOrderError> {
    let id = match attempt.required_id(caller.user_id) {
        Ok(id) => id,
        // Those who call the alias do not know of keys.
        Err(_) if path.as_str() == "/api/v1/order" => orders.context.ids.next(),
        Err(required) => return Err(required.into()),
    };
    let (asked, shipping_address, note) = parse(body, faults)?;
    let new = New { id, fingerprint: attempt.fingerprint(), user: caller.user_id, shipping_address, note };
    match place(&orders, &new, asked).await {
        Ok(Some(order)) => Ok(reply(false, Stored { entity: order, version: 1 })),
        Err(CreateOrderError::Failed(failure)) => Err(failure.into()),
        // Whatever is refused now: there may be an order of this key.
        answer => match (orders.store.get_order(id).await?, answer) {
            (Some(order), _) if order.entity.fingerprint != new.fingerprint => Err(KeyReused.into()),
            (Some(order), _) if order.entity.deleted_at.is_some() => Err(CreateOrderError::Deleted),
            (Some(order), _) => Ok(reply(true, order)),
            (None, Err(refusal)) => Err(refusal),
            (None, Ok(_)) => Err(shared::Failure::unavailable("an order of this key was there").into()),
        },
    }
}

fn reply(replayed: bool, order: Stored<Order>) -> CreatedOrder {
    let location = format!("/api/v1/orders/{}", order.entity.id);
    let reply = Versioned(order.version, Created { location, body: order.into() });
    Replayable { replayed, reply }
}

type Parsed = (Vec<Asked>, Option<PostalAddress>, Option<Note>);

fn parse(body: CreateOrderRequest, mut faults: Faults) -> Result<Parsed, Faults> {
    let CreateOrderRequest { lines, shipping_address, note, sku, product_id, quantity } = body;
    let asked = match (lines, &sku, &product_id) {
        (Field::Missing, Field::Missing, Field::Missing) => faults.required("/lines", Field::Missing, Ok),
        (Field::Missing, _, _) => {
            let line = LineRequest { sku, product_id, quantity, expected_unit_price: Field::Missing };
            body::line(&mut faults, "", line).map(|line| vec![line])
        }
        (lines, _, _) => {
            let lines = faults.required("/lines", lines, Ok);
            lines.and_then(|lines| body::lines(&mut faults, lines))
        }
    };
    let address = faults.optional("/shipping_address", shipping_address, Ok).flatten();
    let address = address.and_then(|object| body::address(&mut faults, "/shipping_address", object));
    let note = faults.optional("/note", note, |text: String| Note::parse(&text));
    let (asked, note) = faults.done((asked, note))?;
    Ok((asked, address, note))
}

/// An order but for its lines.
struct New {
    id: OrderId,
    fingerprint: String,
    user: UserId,
    shipping_address: Option<PostalAddress>,
    note: Option<Note>,
}

/// Places the order; `None` where one of its id is there.
async fn place(orders: &Orders, new: &New, asked: Vec<Asked>) -> Result<Option<Order>, CreateOrderError> {
    let wanted: Vec<Wanted> = body::wanted(&orders.store, asked).await?;
    let skus: Vec<Sku> = wanted.iter().map(|wanted| wanted.sku.clone()).collect();
    let (wanted, skus) = (&wanted, &skus);
    let mut first = true;
    optimistic(|| {
        let is_first = std::mem::replace(&mut first, false);
        async move {
            let stock = if is_first {
                let (stock, buyer) = orders.store.get_offers(skus, new.user).await?;
                if buyer.is_some_and(|buyer| buyer.status != BuyerStatus::Active) {
                    return Err(CreateOrderError::Blocked);
                }
                stock
            } else {
                orders.store.get_stock(skus).await?
            };
            let plan = match plan(wanted, &stock, None, orders.config.low_stock, |count| orders.pick(count)) {
                Ok(plan) => plan,
                // What was read first may be out of date: refused is by what is.
                Err(_) if is_first => return Ok(None),
                Err(refusal) => return Err(refusal.into()),
            };
            let (order, changes) = order(orders, new, plan);
            match orders.store.place_order(&order, &changes).await {
                Ok(()) => Ok(Some(Some(order))),
                Err(Refusal::Outdated) => Ok(Some(None)),
                Err(Refusal::Moved) => Ok(None),
                Err(Refusal::Failed(failure)) => Err(failure.into()),
            }
        }
    })
    .await
}

fn order(orders: &Orders, new: &New, plan: Plan) -> (Order, Vec<plan::CellChange>) {
    let Plan { lines, total, changes } = plan;
    let now = orders.context.clock.now();
    let order = Order {
        id: new.id,
        fingerprint: new.fingerprint.clone(),
        lines,
        payment_status: PaymentStatus::Unpaid,
        reserved_until: now + orders.config.reservation.0,
        shipping_address: new.shipping_address.clone(),
        note: new.note.clone(),
        history: Vec::new(),
        deleted_at: None,
        card: OrderCard { user_id: new.user, status: OrderStatus::Reserved, total, created_at: now },
    };
    (order, changes)
}
