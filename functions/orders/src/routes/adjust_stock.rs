//! `POST /api/v1/stock/{sku}`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{
        Faults, Field, IdempotencyRecord, Idempotent, IfMatch, KeyRequired, KeyReused, Path, Replayable,
        Reply, RequiredIdempotencyKey, Stale, Versioned, once,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::AdjustmentId,
    identity::Caller,
    membership::{Denied, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    table::{Attempt, optimistic},
    text::{Invalid, Reason, Sku},
};
use utoipa::ToSchema;

use crate::{
    access::{self, CommandRefusal, manages},
    offer::Adjustment,
    plan::Short,
    problems::Shortage,
    state::Orders,
    store::AdjustRefusal,
    view::{StockView, stock_version},
};

/// Maximum change of one adjustment.
const MAX_CHANGE: i64 = 1_000_000_000;

/// Stock adjustment.
#[derive(Deserialize, ToSchema)]
pub struct AdjustStockRequest {
    /// Number of units to add; negative to remove.
    #[schema(value_type = i64, minimum = -1_000_000_000, maximum = 1_000_000_000, examples(12))]
    change: Field<i64>,
    /// Reason, kept in the ledger.
    #[schema(value_type = Reason)]
    reason: Field<String>,
}

shared::problems! {
    /// Errors of adjusting stock.
    pub enum AdjustStockError {
        KeyRequired(KeyRequired),
        NotFound => NOT_FOUND,
        Forbidden => FORBIDDEN,
        NotPermitted(NotPermitted),
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Short(Shortage),
        Stale(Stale),
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

impl From<CommandRefusal> for AdjustStockError {
    fn from(refusal: CommandRefusal) -> Self {
        match refusal {
            CommandRefusal::NotFound => Self::NotFound,
            CommandRefusal::Denied(Denied::Forbidden) => Self::Forbidden,
            CommandRefusal::Denied(Denied::NotPermitted(needs)) => Self::NotPermitted(needs),
            CommandRefusal::Denied(Denied::Blocked) => Self::Blocked,
            CommandRefusal::Denied(Denied::Closed) => Self::Closed,
        }
    }
}

type AdjustedStock = Replayable<Versioned<Reply<StockView>>>;

/// Adjust stock
///
/// Adds or removes units, and returns the stock after the adjustment. Only available
/// units can be removed, otherwise 409 `insufficient_stock`. `If-Match` refuses the
/// adjustment if the stock has changed, also by orders. For editors and higher roles of the
/// selling organisation, and administrators.
#[utoipa::path(
    post,
    path = "/api/v1/stock/{sku}",
    params(("sku" = Sku, Path, description = "SKU, in any case."), RequiredIdempotencyKey),
    security(("bearer" = []), ("bearer" = ["manage_orders"])),
    request_body = AdjustStockRequest,
    responses(AdjustedStock, AdjustStockError),
)]
pub async fn adjust_stock(
    State(orders): State<Orders>,
    caller: Caller,
    Path(sku): Path<Sku>,
    if_match: IfMatch,
    Idempotent(body, faults, attempt): Idempotent<AdjustStockRequest>,
) -> Result<AdjustedStock, AdjustStockError> {
    if !manages(&caller) {
        access::permit_stock(&orders, &caller, &sku).await?;
    }
    let (change, reason) = parse(body, faults)?;
    let now = orders.context.clock.now();
    let id: AdjustmentId = orders.context.ids.next();
    // The route of a key is a template, so the SKU is added to the key's scope.
    let record = attempt.about(sku.folded()).record(caller.user_id, &[], id, now).ok_or(KeyRequired)?;
    let actor = caller.user_id;
    let adjustment = Adjustment { id, variant_id: None, sku, change, reason, actor, at: now };
    let (orders, caller, record, adjustment) = (&orders, &caller, &record, &adjustment);
    let if_match = &if_match;
    let reply = async || {
        let (offer, buckets) = access::get_stock(orders, caller, &adjustment.sku).await?;
        Ok::<_, AdjustStockError>(StockView::of(offer, &buckets))
    };
    let create = async {
        let adjusted = optimistic(|| adjust((orders, caller), adjustment, record, if_match)).await?;
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

/// Writes an adjustment; `false` for a repeated request.
async fn adjust(
    (orders, caller): (&Orders, &Caller),
    adjustment: &Adjustment,
    record: &IdempotencyRecord,
    if_match: &IfMatch,
) -> Result<Attempt<bool>, AdjustStockError> {
    let sku = &adjustment.sku;
    let ((offer, buckets), check) = access::permit_stock(orders, caller, sku).await?;
    if let Err(stale) = if_match.check(stock_version(&offer, &buckets)) {
        // A repeated request has changed the version itself.
        let is_repeated = orders.store.first_request(record).await?.is_some();
        return if is_repeated { Ok(Attempt::Done(false)) } else { Err(stale.into()) };
    }
    let adjustment = &Adjustment {
        variant_id: Some(offer.entity.variant()),
        sku: offer.entity.sku.clone(),
        ..adjustment.clone()
    };
    let terms = (orders.config.low_stock, if_match.is_given());
    match orders.store.adjust_stock((&offer, &buckets), adjustment, record, terms, check).await {
        Ok(()) => Ok(Attempt::Done(true)),
        Err(Refused::By(AdjustRefusal::Repeated)) => Ok(Attempt::Done(false)),
        Err(Refused::By(AdjustRefusal::Denied)) => Ok(Attempt::Retry),
        Err(Refused::By(AdjustRefusal::Short)) => {
            let change = adjustment.change;
            let requested = u32::try_from(change.unsigned_abs()).unwrap_or(u32::MAX);
            let buckets = buckets.iter().map(|bucket| &bucket.entity.card);
            let cells = std::iter::once(&offer.entity.card).chain(buckets);
            let available = cells.map(|card| card.available).sum();
            // The stock was sufficient when it was read: it has changed since.
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
        let invalid =
            || Invalid::new("invalid_change", "A change is from -1,000,000,000 to 1,000,000,000, and not 0.");
        valid.then_some(change).ok_or_else(invalid)
    });
    let reason = faults.required("/reason", body.reason, |text: String| Reason::parse(&text));
    faults.done((change, reason))
}
