//! This group's part of an export: a person's orders.

use shared::{
    Failure,
    bus::batch::Delivery,
    identity::{
        ExportJob, ExportPart,
        export::{finish_part, put_part},
    },
    table::Table,
    walk::{CONCURRENCY, Walk, Walker},
};

use crate::{
    operations::{FINISH_EXPORT, PUT_EXPORT_PART},
    store::{ListedOrder, Store},
    view::OrderView,
};

/// Name of this group's part.
const GROUP: &str = "orders";

/// Writes a person's orders, except those that they have deleted: of these only the
/// sale is kept, without personal data. Repeating it writes the same.
pub(crate) async fn write(
    table: &Table,
    store: &Store,
    walker: &Walker,
    delivery: &Delivery,
    job: &ExportJob,
) -> Result<(), Failure> {
    let list = |after| store.page_of_orders(job.user_id, after);
    let put = |listed: ListedOrder| async move {
        let Some(order) = store.get_order(listed.id).await? else { return Ok(()) };
        let name = format!("{GROUP}.order.{}", listed.id);
        let data = serde_json::json!({ "order": OrderView::for_customer(order) });
        put_part(table, &PUT_EXPORT_PART, &ExportPart::new(job, name, &data)?).await
    };
    match walker.walk(delivery, CONCURRENCY, list, put).await? {
        Walk::Finished => finish_part(table, &FINISH_EXPORT, job, GROUP).await,
        Walk::Continued => Ok(()),
    }
}
