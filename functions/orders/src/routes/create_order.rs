//! `POST /api/v1/orders`

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{
        Created, Faults, Field, Idempotent, KeyRequired, KeyReused, Replayable, RequiredIdempotencyKey,
        Versioned, once,
    },
    id::{OrderId, ProductId},
    identity::{Caller, PostalAddress},
    table::item::Stored,
    text::{Note, Sku},
};
use utoipa::ToSchema;

use crate::{
    access::{Sight, manages},
    body::{self, LineItem, LineRequest, SingleLine},
    order::Order,
    placing::{New, PlaceRefusal, Placed},
    plan::PlanRefusal,
    problems::{
        BUYER_BLOCKED, EMAIL_NOT_CONFIRMED, HoldLimit, ORDER_DELETED, PriceChanges, SeveralSellers, Shortage,
    },
    state::Orders,
    view::OrderView,
};

/// A new order. The fields of a single line may replace `lines`.
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
    /// Lines: up to 90 different SKUs of one currency and one seller.
    #[schema(value_type = Option<Vec<LineRequest>>)]
    lines: Field<Vec<Map<String, Value>>>,
    /// Shipping address.
    #[schema(value_type = Option<PostalAddress>)]
    shipping_address: Field<Map<String, Value>>,
    /// Note for the warehouse.
    #[schema(value_type = Option<Note>)]
    note: Field<String>,
    /// SKU of a single line, instead of `lines`.
    #[schema(value_type = Option<Sku>)]
    sku: Field<String>,
    /// Product without variants of a single line, instead of `lines`.
    #[schema(value_type = Option<ProductId>)]
    product_id: Field<ProductId>,
    /// Quantity of a single line, instead of `lines`.
    #[schema(value_type = Option<u32>)]
    quantity: Field<u32>,
}

shared::problems! {
    /// Errors of creating an order.
    pub enum CreateOrderError {
        KeyRequired(KeyRequired),
        Blocked => BUYER_BLOCKED,
        EmailNotConfirmed => EMAIL_NOT_CONFIRMED,
        SeveralSellers(SeveralSellers),
        Short(Shortage),
        TooMuchHeld(HoldLimit),
        PriceChanged(PriceChanges),
        Deleted => ORDER_DELETED,
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

impl From<PlaceRefusal> for CreateOrderError {
    fn from(refusal: PlaceRefusal) -> Self {
        match refusal {
            PlaceRefusal::Blocked => Self::Blocked,
            PlaceRefusal::EmailNotConfirmed => Self::EmailNotConfirmed,
            PlaceRefusal::TooMuchHeld(held) => Self::TooMuchHeld(HoldLimit(held)),
            PlaceRefusal::Plan(PlanRefusal::Invalid(found)) => Self::Invalid(body::faults(found)),
            PlaceRefusal::Plan(PlanRefusal::SeveralSellers(lines)) => {
                Self::SeveralSellers(SeveralSellers(lines))
            }
            PlaceRefusal::Plan(PlanRefusal::Changed(changed)) => Self::PriceChanged(PriceChanges(changed)),
            PlaceRefusal::Plan(PlanRefusal::Short(short)) => Self::Short(Shortage(short)),
        }
    }
}

type CreatedOrder = Versioned<Created<OrderView>>;

/// Create an order
///
/// Reserves all lines or none. Lines of several sellers are refused (409
/// `several_sellers`). The reservation expires after 15 minutes (configurable)
/// unless the order is confirmed. An account has a maximum number of reserved orders, and
/// a maximum quantity of one SKU in them (409 `reservation_limit`). The `Idempotency-Key`
/// never expires: a repeated request returns the order's current state.
#[utoipa::path(
    post,
    path = "/api/v1/orders",
    params(RequiredIdempotencyKey),
    security(("bearer" = [])),
    request_body = CreateOrderRequest,
    responses(Replayable<CreatedOrder>, CreateOrderError),
)]
pub async fn create_order(
    State(orders): State<Orders>,
    caller: Caller,
    Idempotent(body, faults, attempt): Idempotent<CreateOrderRequest>,
) -> Result<Replayable<CreatedOrder>, CreateOrderError> {
    let id = attempt.required_id(caller.user_id)?;
    place(&orders, &caller, id, attempt.fingerprint(), (body, faults)).await
}

/// Handler of the alias, whose callers send no idempotency key.
pub async fn create_order_without_key(
    State(orders): State<Orders>,
    caller: Caller,
    Idempotent(body, faults, attempt): Idempotent<CreateOrderRequest>,
) -> Result<Replayable<CreatedOrder>, CreateOrderError> {
    let id = attempt.id(caller.user_id).unwrap_or_else(|| orders.context.ids.next());
    place(&orders, &caller, id, attempt.fingerprint(), (body, faults)).await
}

/// Places the order `id`, or replays the existing one.
async fn place(
    orders: &Orders,
    caller: &Caller,
    id: OrderId,
    fingerprint: String,
    (body, faults): (CreateOrderRequest, Faults),
) -> Result<Replayable<CreatedOrder>, CreateOrderError> {
    let (asked, shipping_address, note) = parse(body, faults)?;
    let now = orders.context.clock.now();
    let reserved_until = now + orders.config.reservation.0;
    let user = caller.user_id;
    let terms = orders.terms();
    let new = New { id, fingerprint, user, shipping_address, note, now, reserved_until, terms };
    let create = async {
        let wanted = body::wanted(&orders.store, asked).await?;
        let pick = |count| orders.pick(count);
        match new.place(&orders.store, &wanted, orders.policy(caller, &pick)).await? {
            Placed::New(order) => Ok(Some(created(caller, Stored { entity: *order, version: 1 }))),
            Placed::Exists => Ok(None),
        }
    };
    let first = async {
        match orders.store.get_order(id).await? {
            Some(order) if order.entity.deleted_at.is_some() => Err(CreateOrderError::Deleted),
            Some(order) if order.entity.fingerprint != new.fingerprint => Err(KeyReused.into()),
            order => Ok(order.map(|order| created(caller, order))),
        }
    };
    once(create, first).await
}

fn created(caller: &Caller, order: Stored<Order>) -> CreatedOrder {
    let sight = if manages(caller) { Sight::Whole } else { Sight::Customer };
    let location = format!("/api/v1/orders/{}", order.entity.id);
    Versioned(order.version, Created { location, body: sight.view(order) })
}

type Parsed = (Vec<LineItem>, Option<PostalAddress>, Option<Note>);

fn parse(body: CreateOrderRequest, mut faults: Faults) -> Result<Parsed, Faults> {
    let CreateOrderRequest { lines, shipping_address, note, sku, product_id, quantity } = body;
    let short = SingleLine { sku, product_id, quantity };
    let asked = match lines {
        Field::Missing if short.is_missing() => faults.required("/lines", Field::Missing, Ok),
        Field::Missing => short.of(&mut faults, &[]).map(|line| vec![line]),
        lines => {
            short.refuse(&mut faults);
            let lines = faults.required("/lines", lines, Ok);
            lines.and_then(|lines| body::lines(&mut faults, lines))
        }
    };
    let address = faults.optional("/shipping_address", shipping_address, Ok).flatten();
    let address =
        address.and_then(|object| PostalAddress::parse(&mut faults, "/shipping_address", object, None));
    let note = faults.optional("/note", note, |text: String| Note::parse(&text));
    let (asked, note) = faults.done((asked, note))?;
    Ok((asked, address, note))
}
