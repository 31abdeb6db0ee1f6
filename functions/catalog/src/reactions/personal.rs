//! What the group holds about a person: who has made what. It is exported, and
//! forgotten.

use serde_json::json;
use shared::{
    Failure,
    id::{CategoryId, ProductKind, UserId},
    identity::{
        ExportJob, ExportPart,
        export::{finish_part, put_part},
    },
    table::{
        Condition, Listed, Query,
        item::{Entity, Stored},
        schema,
        units::Operation,
    },
};

use super::{Listener, failure};
use crate::{category::Category, operations, product::Product};

/// The name under which this group writes its part of exports.
const GROUP: &str = "catalog";

/// So many things that somebody has made are read at once.
const PAGE: usize = 100;

impl Listener {
    /// Forgets who has made things.
    pub(super) async fn forget(&self, user: UserId) -> Result<(), Failure> {
        loop {
            let made = self.made_by(user, None).await?;
            if made.is_empty() {
                return Ok(());
            }
            for made in made {
                if let Ok(id) = made.id::<ProductKind>() {
                    if let Some(Stored { entity, version }) = self.store.get_product(id).await? {
                        self.rewrite(
                            &operations::FORGET_PRODUCT_MAKER,
                            &Product { created_by: None, ..entity },
                            version,
                        )
                        .await?;
                    }
                } else {
                    let id: CategoryId = made.id()?;
                    let category = self.store.get_category(&operations::GET_CATEGORY, id).await?;
                    if let Some(Stored { entity, version }) = category {
                        self.rewrite(
                            &operations::FORGET_CATEGORY_MAKER,
                            &Category { created_by: None, ..entity },
                            version,
                        )
                        .await?;
                    }
                }
            }
        }
    }

    async fn rewrite<T: Entity>(
        &self,
        operation: &'static Operation,
        entity: &T,
        version: u64,
    ) -> Result<(), Failure> {
        let operation = self.table.operation(operation);
        operation.put(entity, Condition::Version(version), Vec::new()).await.map_err(failure)
    }

    /// What somebody has made, behind the place `after`.
    async fn made_by(&self, user: UserId, after: Option<&str>) -> Result<Vec<Listed<Made>>, Failure> {
        let query = Query::index(schema::made_by(user, "")).after(after).limit(PAGE);
        self.table.operation(&operations::LIST_MADE_BY).list_cards(query).await
    }

    /// Writes everything that this group holds about a person: what they made.
    pub(super) async fn export(&self, job: &ExportJob) -> Result<(), Failure> {
        let mut after: Option<String> = None;
        loop {
            let made = self.made_by(job.user_id, after.as_deref()).await?;
            let Some(last) = made.last().map(|last| last.sort.clone()) else { break };
            let ids: Vec<&str> = made.iter().map(|it| it.sort.as_str()).collect();
            let part = ExportPart::new(job, format!("{GROUP}.made.{last}"), &json!({ "made": ids }))?;
            put_part(&self.table, &operations::PUT_EXPORT_PART, &part).await?;
            if made.len() < PAGE {
                break;
            }
            after = Some(last);
        }
        finish_part(&self.table, &operations::FINISH_EXPORT, job, GROUP).await
    }
}

/// A thing that somebody has made: only its key is wanted.
#[derive(Debug, serde::Deserialize)]
struct Made {}
