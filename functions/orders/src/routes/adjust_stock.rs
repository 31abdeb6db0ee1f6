//! `POST /api/v1/stock/{sku}`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{
        Faults, Field, IdempotencyRecord, Idempotent, KeyRequired, KeyReused, Path, Replayable, Reply,
        RequiredIdempotencyKey, once, problem::NOT_FOUND,
    },
    id::AdjustmentId,
    table::{Attempt, optimistic},
    text::{Invalid, Reason, Sku},
};
use utoipa::ToSchema;

use super::get_stock::stock;
use crate::{
    offer::Adjustment,
    plan::Short,
    problems::Shortage,
    state::{Manager, Orders},
    store::AdjustRefusal,
    view::StockView,
};

/// The most that a stock changes at once.
const MAX_CHANGE: i64 = 1_000_000_000;

/// That there are more of a thing than was known, or fewer.
#[derive(Deserialize, ToSchema)]
pub struct AdjustStockRequest {
    /// How many more; below zero: how many fewer.
    #[schema(value_type = i64, minimum = -1_000_000_000, maximum = 1_000_000_000, examples(12))]
    change: Field<i64>,
    /// Why: it stands in the ledger.
    #[schema(value_type = Reason)]
    reason: Field<String>,
}

shared::problems! {
    /// Why a stock stays as it is.
    pub enum AdjustStockError {
        KeyRequired(KeyRequired),
        NotFound => NOT_FOUND,
        Short(Shortage),
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

type AdjustedStock = Replayable<Reply<StockView>>;

/// Change how many there are of a thing
///
/// For administrators: goods have come, or are gone, or were counted. Only what is
/// held for nobody can go. Gives the stock as it is then.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{sku}",
    params(("sku" = Sku, Path, description = "The thing."), RequiredIdempotencyKey),
    security(("bearer" = ["manage_orders"])),
    request_body = AdjustStockRequest,
    responses(AdjustedStock, AdjustStockError),
)]
pub async fn adjust_stock(
    State(orders): State<Orders>,
    manager: Manager,
    Path(sku): Path<Sku>,
    Idempotent(body, faults, attempt): Idempotent<AdjustStockRequest>,
) -> Result<AdjustedStock, AdjustStockError> {
    let (change, reason) = parse(body, faults)?;
    let now = orders.context.clock.now();
    let id: AdjustmentId = orders.context.ids.next();
    // The route of a key is a template: which thing it is about is a part of it.
    let record = attempt.about(&sku).record(manager.user_id, &[], id, now).ok_or(KeyRequired)?;
    let adjustment = Adjustment { id, sku: sku.clone(), change, reason, actor: manager.user_id, at: now };
    let (orders, sku, record, adjustment) = (&orders, &sku, &record, &adjustment);
    let reply = async || {
        let view = stock(orders, sku.clone()).await?.ok_or(AdjustStockError::NotFound)?;
        Ok::<_, AdjustStockError>(Reply(view))
    };
    let create = async {
        let adjusted = optimistic(|| adjust(orders, sku, adjustment, record)).await?;
        if adjusted { Ok(Some(reply().await?)) } else { Ok(None) }
    };
    let first = async {
        match orders.store.first_request(record).await? {
            Some(_) => Ok(Some(reply().await?)),
            None => Ok(None),
        }
    };
    once(create, first).await
}

/// Writes an adjustment; `false` where the request is a repeated one.
async fn adjust(
    orders: &Orders,
    sku: &Sku,
    adjustment: &Adjustment,
    record: &IdempotencyRecord,
) -> Result<Attempt<bool>, AdjustStockError> {
    let mut stock = orders.store.get_stock(std::slice::from_ref(sku)).await?;
    let offer = stock.offers.remove(sku).ok_or(AdjustStockError::NotFound)?;
    let buckets = stock.buckets.remove(sku).unwrap_or_default();
    let low = orders.config.low_stock;
    match orders.store.adjust_stock(&offer, &buckets, adjustment, record, low).await {
        Ok(()) => Ok(Attempt::Done(true)),
        Err(Refused::By(AdjustRefusal::Repeated)) => Ok(Attempt::Done(false)),
        Err(Refused::By(AdjustRefusal::Short)) => {
            let change = adjustment.change;
            let requested = u32::try_from(change.unsigned_abs()).unwrap_or(u32::MAX);
            let cells = std::iter::once(&offer.card).chain(buckets.iter().map(|bucket| &bucket.card));
            let available = cells.map(|card| card.available).sum();
            // It was enough when it was read: it has changed since.
            if change > 0 || available >= requested.into() {
                return Ok(Attempt::Retry);
            }
            Err(AdjustStockError::Short(Shortage(vec![Short { sku: sku.clone(), requested, available }])))
        }
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

fn parse(body: AdjustStockRequest, mut faults: Faults) -> Result<(i64, Reason), Faults> {
    let change = faults.required("/change", body.change, |change| {
        let valid = change != 0 && (-MAX_CHANGE..=MAX_CHANGE).contains(&change);
        let invalid = || Invalid::new("invalid_change", "A change is not 0, and at most 1,000,000,000.");
        valid.then_some(change).ok_or_else(invalid)
    });
    let reason = faults.required("/reason", body.reason, |text: String| Reason::parse(&text));
    faults.done((change, reason))
}
