//! Personal data of the group: the creators of products and categories. It is exported
//! and erased.

use serde_json::json;
use shared::{
    Failure,
    bus::batch::Delivery,
    id::{CategoryId, ProductId, ProductKind, UserId},
    identity::{
        ExportJob, ExportPart,
        export::{finish_part, put_part},
    },
    table::{
        Attempt, Condition, Listed, Query,
        item::{Entity, Stored},
        optimistic, schema,
        units::Operation,
    },
    walk::{CONCURRENCY, PAGE, Page, Walk},
};

use super::Listener;
use crate::{category::Category, operations, product::Product};

/// Name of this group's part of an export.
const GROUP: &str = "catalog";

impl Listener {
    /// Erases the creator of all items of a person. The list is walked by its sort key,
    /// as it loses each erased item.
    pub(super) async fn forget(&self, delivery: &Delivery, user: UserId) -> Result<(), Failure> {
        let list = |after| self.made_by(user, after);
        let forget = |made: Listed<Made>| self.forget_maker(made);
        // Nothing follows the last item.
        self.walker.walk(delivery, CONCURRENCY, list, forget).await.map(|_| ())
    }

    async fn forget_maker(&self, made: Listed<Made>) -> Result<(), Failure> {
        if let Ok(id) = made.id::<ProductKind>() {
            optimistic(|| self.forget_maker_of_product(id)).await
        } else {
            let id = made.id()?;
            optimistic(|| self.forget_maker_of_category(id)).await
        }
    }

    /// Succeeds also for an item that is erased already, because a lagging list shows
    /// it still. `None` if a concurrent writer has changed it.
    async fn forget_maker_of_product(&self, id: ProductId) -> Result<Attempt<()>, Failure> {
        match self.store.get_product(id).await? {
            Some(Stored { entity, version }) if entity.created_by.is_some() => {
                let forgotten = Product { created_by: None, ..entity };
                self.rewrite(&operations::FORGET_PRODUCT_MAKER, &forgotten, version).await
            }
            Some(_) | None => Ok(Attempt::Done(())),
        }
    }

    async fn forget_maker_of_category(&self, id: CategoryId) -> Result<Attempt<()>, Failure> {
        match self.store.get_category(&operations::GET_CATEGORY, id).await? {
            Some(Stored { entity, version }) if entity.created_by.is_some() => {
                let forgotten = Category { created_by: None, ..entity };
                self.rewrite(&operations::FORGET_CATEGORY_MAKER, &forgotten, version).await
            }
            Some(_) | None => Ok(Attempt::Done(())),
        }
    }

    async fn rewrite<T: Entity>(
        &self,
        operation: &'static Operation,
        entity: &T,
        version: u64,
    ) -> Result<Attempt<()>, Failure> {
        Attempt::of(
            self.table.operation(operation).put(entity, Condition::Version(version), Vec::new()).await,
        )
    }

    /// A page of the items created by a person, after the sort key `after`.
    async fn made_by(
        &self,
        user: UserId,
        after: Option<String>,
    ) -> Result<Page<Listed<Made>, String>, Failure> {
        let query = Query::index(schema::made_by(user, "")).after(after).limit(PAGE);
        let made = self.table.operation(&operations::LIST_MADE_BY).list_cards(query).await?;
        Ok(Page::of(made, PAGE, |made: &Listed<Made>| made.sort.clone()))
    }

    /// Writes the person's part of an export: the ids of the items they created, one
    /// part a page.
    pub(super) async fn export(&self, delivery: &Delivery, job: &ExportJob) -> Result<(), Failure> {
        let list = |after| async move {
            let Page { items, next } = self.made_by(job.user_id, after).await?;
            let ids: Vec<String> = items.into_iter().map(|made| made.sort).collect();
            Ok(Page { items: if ids.is_empty() { Vec::new() } else { vec![ids] }, next })
        };
        let put = |ids: Vec<String>| async move {
            let end = ids.last().map(String::as_str).unwrap_or_default();
            let part = ExportPart::new(job, format!("{GROUP}.made.{end}"), &json!({ "made": ids }))?;
            put_part(&self.table, &operations::PUT_EXPORT_PART, &part).await
        };
        match self.walker.walk(delivery, CONCURRENCY, list, put).await? {
            Walk::Finished => finish_part(&self.table, &operations::FINISH_EXPORT, job, GROUP).await,
            Walk::Continued => Ok(()),
        }
    }
}

/// An item created by a person: only its key is needed.
#[derive(Debug, serde::Deserialize)]
struct Made {}
