//! What the group holds about a person: who has made what. It is exported, and
//! forgotten.

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
    walk::{AT_ONCE, PAGE, Page, Walk},
};

use super::Listener;
use crate::{category::Category, operations, product::Product};

/// The name under which this group writes its part of exports.
const GROUP: &str = "catalog";

impl Listener {
    /// Forgets who has made things. The list is walked by its sort key, as it loses
    /// each thing that is forgotten.
    pub(super) async fn forget(&self, delivery: &Delivery, user: UserId) -> Result<(), Failure> {
        let list = |after| self.made_by(user, after);
        let forget = |made: Listed<Made>| self.forget_maker(made);
        // Nothing follows the last thing.
        self.walker.walk(delivery, AT_ONCE, list, forget).await.map(|_| ())
    }

    async fn forget_maker(&self, made: Listed<Made>) -> Result<(), Failure> {
        if let Ok(id) = made.id::<ProductKind>() {
            optimistic(|| self.forget_maker_of_product(id)).await
        } else {
            let id = made.id()?;
            optimistic(|| self.forget_maker_of_category(id)).await
        }
    }

    /// Also of a thing whose maker is forgotten already: a list that lags behind
    /// shows it still. `None` where others have written it meanwhile.
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

    /// A page of what somebody has made, after the sort key `after`.
    async fn made_by(
        &self,
        user: UserId,
        after: Option<String>,
    ) -> Result<Page<Listed<Made>, String>, Failure> {
        let query = Query::index(schema::made_by(user, "")).after(after).limit(PAGE);
        let made = self.table.operation(&operations::LIST_MADE_BY).list_cards(query).await?;
        Ok(Page::of(made, PAGE, |made: &Listed<Made>| made.sort.clone()))
    }

    /// Writes everything that this group holds about a person: what they made. The
    /// ids of a page are one part.
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
        match self.walker.walk(delivery, AT_ONCE, list, put).await? {
            Walk::Finished => finish_part(&self.table, &operations::FINISH_EXPORT, job, GROUP).await,
            Walk::Continued => Ok(()),
        }
    }
}

/// A thing that somebody has made: only its key is wanted.
#[derive(Debug, serde::Deserialize)]
struct Made {}
