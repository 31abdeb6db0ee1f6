//! This group's part of an export: a person's orders.

use shared::{
    Failure, UnlessRefused as _,
    identity::{ExportJob, ExportPart, export::finish_part},
    table::{Condition, Expression, Table},
};

use crate::{
    store::{OrderFilter, Store},
    view::OrderView,
};

shared::operations! {
    /// Writes a part: an order of under 2 KB.
    PUT_PART = "orders.export.put_part": 1 round trip, 0.0 read, 2.0 write;
    /// Notes that the part is whole.
    FINISH = "orders.export.finish": 1 round trip, 0.0 read, 1.0 write;
}

/// The name under which this group writes.
const GROUP: &str = "orders";

/// How many orders a read asks for.
const PAGE: usize = 100;

/// Writes a person's orders, but for those that they have deleted: of these only
/// what was sold is kept. Once more writes the same anew.
pub(crate) async fn write(table: &Table, store: &Store, job: &ExportJob) -> Result<(), Failure> {
    let filter = OrderFilter::of(job.user_id);
    let mut after: Option<String> = None;
    loop {
        let orders = store.list_orders(filter, after.as_deref(), PAGE).await?;
        for listed in &orders {
            let Some(order) = store.get_order(listed.id).await? else { continue };
            let name = format!("{GROUP}.order.{}", listed.id);
            let data = serde_json::json!({ "order": OrderView::from(order) });
            put(table, &ExportPart::new(job, name, &data)?).await?;
        }
        match orders.last() {
            Some(last) if orders.len() >= PAGE => after = Some(last.sort.clone()),
            Some(_) | None => return finish_part(table, &FINISH, job, GROUP).await,
        }
    }
}

/// Writes a part over the same of an earlier delivery.
async fn put(table: &Table, part: &ExportPart) -> Result<(), Failure> {
    let same = Condition::When(
        Expression::new("attribute_not_exists(#pk) OR #name = :name").text(":name", &part.name),
    );
    table.operation(&PUT_PART).put(part, same, Vec::new()).await.unless_refused().map(drop)
}
