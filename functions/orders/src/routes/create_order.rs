//! `POST /api/v1/orders`

use axum::extract::{MatchedPath, State};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{
        Created, Faults, Field, Idempotent, KeyRequired, KeyReused, Replayable, RequiredIdempotencyKey,
        Versioned,
    },
    id::ProductId,
    identity::{Caller, PostalAddress},
    table::item::Stored,
    text::{Invalid, Note, Sku},
};
use utoipa::ToSchema;

use crate::{
    body::{self, Asked, LineRequest, WantedError},
    order::Order,
    placing::{New, PlaceError},
    plan,
    state::Orders,
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

impl From<PlaceError> for CreateOrderError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::Blocked => Self::Blocked,
            PlaceError::Refused(refusal) => refusal.into(),
            PlaceError::Failed(failure) => Self::Failed(failure),
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
    params(RequiredIdempotencyKey),
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
    let now = orders.context.clock.now();
    let new = New {
        id,
        fingerprint: attempt.fingerprint(),
        user: caller.user_id,
        shipping_address,
        note,
        now,
        reserved_until: now + orders.config.reservation.0,
    };
    match place(&orders, &new, asked).await {
        Ok(Some(order)) => Ok(reply(false, Stored { entity: order, version: 1 })),
        Err(CreateOrderError::Failed(failure)) => Err(failure.into()),
        // Whatever is refused now: there may be an order of this key.
        answer => match (orders.store.get_order(id).await?, answer) {
            (Some(order), _) if order.entity.deleted_at.is_some() => Err(CreateOrderError::Deleted),
            (Some(order), _) if order.entity.fingerprint != new.fingerprint => Err(KeyReused.into()),
            (Some(order), _) => Ok(reply(true, order)),
            (None, Err(refusal)) => Err(refusal),
            (None, Ok(_)) => Err(shared::Failure::unavailable("an order of this key was there").into()),
        },
    }
}

async fn place(orders: &Orders, new: &New, asked: Vec<Asked>) -> Result<Option<Order>, CreateOrderError> {
    let wanted = body::wanted(&orders.store, asked).await?;
    let pick = |count| orders.pick(count);
    Ok(new.place(&orders.store, &wanted, orders.config.low_stock, pick).await?)
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
            faults.optional("/sku", sku, beside_lines);
            faults.optional("/product_id", product_id, beside_lines);
            faults.optional("/quantity", quantity, beside_lines);
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

/// What is refused of a line's field beside `lines`: it would else be passed over,
/// and less ordered than was asked for.
fn beside_lines<T>(_: T) -> Result<(), Invalid> {
    Err(Invalid::new("unexpected", "An order has either lines or the fields of one."))
}
