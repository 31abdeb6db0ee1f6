//! What is done about each event.

use serde_json::json;
use shared::{
    Context, Failure,
    bus::{
        DomainEvent, Envelope,
        batch::Reactions,
        events::{CategoryDeleted, CategoryMoved, ImportChunkAdded, ProductStatus},
    },
    clock::Timestamp,
    id::{CategoryId, ProductId, UserId},
    identity::{
        ExportJob, ExportPart,
        export::{finish_part, put_part},
    },
    table::{
        Condition, Listed, Query, Table, WriteError,
        item::{Entity, Stored, Tombstone},
        schema::{self, IndexKey},
        units::Operation,
    },
};

use crate::{
    category::{Category, CategoryCard, CategoryCount},
    imports, operations,
    product::{Product, ProductCard},
    store::{Store, TOMBSTONE_LIFETIME, close},
    tree::{Tree, TreeKeeper},
    writer::{ProductWriter, WriteProductError, Written},
};

shared::configuration! {
    /// What the listener is told by the template.
    pub struct ConsumerConfig {
        /// The one table.
        pub table_name: String = "TABLE_NAME",
        /// After how many changes the tree of categories is drawn together.
        pub tree_snapshot_every: u64 = "TREE_SNAPSHOT_EVERY" or 1_000,
    }
}

/// The types of events that the listener wants.
pub const LISTENS_TO: &[&str] = Listener::LISTENS_TO;

/// The name under which this group writes its part of exports.
const GROUP: &str = "catalog";

/// So much of a category that is gone is cleared up in one invocation.
const AT_ONCE: usize = 20;

/// So many things that somebody has made are read at once.
const PAGE: usize = 100;

/// The group's listener.
#[derive(Debug)]
pub(crate) struct Listener {
    context: Context,
    table: Table,
    store: Store,
    tree: TreeKeeper,
    writer: ProductWriter,
    tree_snapshot_every: u64,
}

impl Listener {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: &ConsumerConfig, context: Context) -> Self {
        let table = Table::new(aws, config.table_name.clone(), context.clone());
        let store = Store::new(table.clone());
        let tree = TreeKeeper::new(table.clone(), context.clone());
        let writer = ProductWriter::new(store.clone(), tree.clone(), context.clock.clone());
        Self { table, store, tree, writer, tree_snapshot_every: config.tree_snapshot_every, context }
    }
}

impl Reactions for Listener {
    const LISTENS_TO: &'static [&'static str] = &[
        "user.deleted",
        "user.export_requested",
        "category.created",
        "category.updated",
        "category.moved",
        "category.deleted",
        "import.chunk_added",
    ];

    async fn react(&self, envelope: Envelope) -> Result<(), Failure> {
        match &envelope.data {
            DomainEvent::UserDeleted(event) => self.forget(event.user_id).await,
            DomainEvent::UserExportRequested(event) => {
                self.export(&ExportJob::new(event.export_id, event.user_id)).await
            }
            DomainEvent::CategoryCreated(event) => self.follow_up(event.category_id, event.parent_id).await,
            DomainEvent::CategoryMoved(event) => self.follow_up(event.category_id, event.parent_id).await,
            DomainEvent::CategoryUpdated(_) => self.tree.save_when_due(self.tree_snapshot_every).await,
            DomainEvent::CategoryDeleted(event) => {
                self.clear_up(&envelope, event).await?;
                self.tree.save_when_due(self.tree_snapshot_every).await
            }
            DomainEvent::ImportChunkAdded(event) => self.import(event).await,
            DomainEvent::UserCreated(_)
            | DomainEvent::UserUpdated(_)
            | DomainEvent::UserEmailChangeRequested(_)
            | DomainEvent::UserPasswordResetRequested(_)
            | DomainEvent::UserEmailVerificationRequested(_)
            | DomainEvent::UserRegistrationRepeated(_)
            | DomainEvent::SessionCreated(_)
            | DomainEvent::SessionRevoked(_)
            | DomainEvent::SessionReuseDetected(_)
            | DomainEvent::ProductCreated(_)
            | DomainEvent::ProductUpdated(_)
            | DomainEvent::ProductDeleted(_)
            | DomainEvent::OrderCreated(_)
            | DomainEvent::OrderUpdated(_)
            | DomainEvent::OrderConfirmed(_)
            | DomainEvent::OrderFulfilled(_)
            | DomainEvent::OrderCompleted(_)
            | DomainEvent::OrderCancelled(_)
            | DomainEvent::OrderExpired(_)
            | DomainEvent::OrderRefunded(_)
            | DomainEvent::OrderDeleted(_) => Ok(()),
        }
    }
}

impl Listener {
    async fn import(&self, added: &ImportChunkAdded) -> Result<(), Failure> {
        imports::run(&self.store, &self.tree, &self.writer, &self.context, added).await
    }

    /// A category came to stand in another: which may be gone since, and its list
    /// may not have had this one yet when it was cleared up.
    async fn follow_up(&self, id: CategoryId, parent: Option<CategoryId>) -> Result<(), Failure> {
        let tree = self.tree.fresh().await?;
        if tree.get(id).is_none_or(|node| node.parent != parent) {
            self.settle_child(id, &tree).await?;
        }
        drop(tree);
        self.tree.save_when_due(self.tree_snapshot_every).await
    }

    /// Carries what was in a category that is gone: children go where the tree
    /// says that they are, or with it; products lose it, or get its successor.
    /// What is more than an invocation's work is left to the same event anew.
    async fn clear_up(&self, envelope: &Envelope, deleted: &CategoryDeleted) -> Result<(), Failure> {
        let id = deleted.category_id;
        // From here on no product gets the category.
        self.close_count(id).await?;
        let tree = self.tree.fresh().await?;
        let children = self.children(id).await?;
        for child in &children {
            self.settle_child(*child, &tree).await?;
        }
        let successor = deleted.successor_id.filter(|id| tree.get(*id).is_some());
        let mut products = 0;
        for status in ProductStatus::ALL {
            let listed = self.products(id, status).await?;
            products = products.max(listed.len());
            for product in listed {
                self.take_out(product, id, successor).await?;
            }
        }
        if children.len() < AT_ONCE && products < AT_ONCE {
            // The list may lag behind; the count does not.
            return match self.close_count(id).await? {
                ..=0 => Ok(()),
                _ => Err(Failure::unavailable("not every product of a category that is gone is listed yet")),
            };
        }
        let tombstone = Tombstone::new(schema::category(id), self.context.clock.now(), TOMBSTONE_LIFETIME);
        let again = DomainEvent::CategoryDeleted(deleted.clone());
        let operation = self.table.operation(&operations::CONTINUE_DELETION);
        match operation.put(&tombstone, Condition::Version(envelope.aggregate_version), vec![again]).await {
            // Another delivery of this event has said so already.
            Ok(()) | Err(WriteError::ConditionFailed(_)) => Ok(()),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }

    /// Lets a category that is gone take no product, and says how many it has
    /// still.
    async fn close_count(&self, id: CategoryId) -> Result<i64, Failure> {
        let operation = self.table.operation(&operations::CLOSE_COUNT);
        let key = schema::category_count(id);
        let count = operation.update::<CategoryCount>(key, close(id)).await.map_err(failure)?;
        Ok(count.entity.products)
    }

    async fn children(&self, parent: CategoryId) -> Result<Vec<CategoryId>, Failure> {
        let IndexKey { index, key } = schema::category_children(parent, parent);
        let query = Query::index(index, key.pk).limit(AT_ONCE);
        let operation = self.table.operation(&operations::LIST_CHILDREN);
        let listed = operation.list_cards::<CategoryCard>(query).await?;
        listed.into_iter().map(|child| child.sort.parse().map_err(Failure::internal)).collect()
    }

    async fn products(&self, category: CategoryId, status: ProductStatus) -> Result<Vec<ProductId>, Failure> {
        let first = ProductId::earliest(Timestamp::from_millis(0));
        let IndexKey { index, key } = schema::category_products(category, status, first);
        let query = Query::index(index, key.pk).limit(AT_ONCE);
        let operation = self.table.operation(&operations::LIST_CATEGORY);
        let listed = operation.list_cards::<ProductCard>(query).await?;
        listed.into_iter().map(|product| product.sort.parse().map_err(Failure::internal)).collect()
    }

    /// Brings a category's item to where the tree has it, or to its end.
    async fn settle_child(&self, id: CategoryId, tree: &Tree) -> Result<(), Failure> {
        let Some(before) = self.store.get_category(&operations::GET_CATEGORY, id).await? else {
            return Ok(());
        };
        let condition = Condition::Version(before.version);
        if let Some(node) = tree.get(id) {
            if node.parent == before.entity.parent_id {
                return Ok(());
            }
            let moved = CategoryMoved { category_id: id, parent_id: node.parent };
            let after = Category { parent_id: node.parent, ..before.entity };
            let operation = self.table.operation(&operations::MOVE_CHILD);
            operation.put(&after, condition, vec![DomainEvent::CategoryMoved(moved)]).await.map_err(failure)
        } else {
            let deleted = CategoryDeleted { category_id: id, successor_id: None };
            let tombstone =
                Tombstone::new(schema::category(id), self.context.clock.now(), TOMBSTONE_LIFETIME);
            let operation = self.table.operation(&operations::DELETE_CHILD);
            operation
                .put(&tombstone, condition, vec![DomainEvent::CategoryDeleted(deleted)])
                .await
                .map_err(failure)
        }
    }

    /// Takes a product out of a category.
    async fn take_out(
        &self,
        id: ProductId,
        category: CategoryId,
        successor: Option<CategoryId>,
    ) -> Result<(), Failure> {
        let Some(before) = self.store.get_product(id).await? else { return Ok(()) };
        let mut after: Product = before.entity.clone();
        let successor = successor.filter(|id| !after.category_ids.contains(id));
        after.category_ids.retain(|id| *id != category);
        after.category_ids.extend(successor);
        if after.primary_category_id == Some(category) {
            after.primary_category_id = successor.or(after.category_ids.first().copied());
        }
        match self.writer.replace(&before, after).await {
            Ok(Written::Done(_)) => Ok(()),
            Ok(Written::Repeated | Written::Outdated) => {
                Err(Failure::unavailable("somebody else writes this product"))
            }
            Err(WriteProductError::Failed(failure)) => Err(failure),
            Err(refused) => Err(Failure::unavailable(format!("a product was refused: {refused:?}"))),
        }
    }

    /// Forgets who has made things.
    async fn forget(&self, user: UserId) -> Result<(), Failure> {
        loop {
            let made = self.made_by(user, None).await?;
            if made.is_empty() {
                return Ok(());
            }
            for Listed { pk, sort, .. } in made {
                if pk.starts_with("PRODUCT#") {
                    let id: ProductId = sort.parse().map_err(Failure::internal)?;
                    if let Some(Stored { entity, version }) = self.store.get_product(id).await? {
                        self.rewrite(
                            &operations::FORGET_PRODUCT_MAKER,
                            &Product { created_by: None, ..entity },
                            version,
                        )
                        .await?;
                    }
                } else {
                    let id: CategoryId = sort.parse().map_err(Failure::internal)?;
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
        let IndexKey { index, key } = schema::made_by(user, "");
        let mut query = Query::index(index, key.pk).limit(PAGE + 1);
        if let Some(after) = after {
            query = query.from(after);
        }
        let made = self.table.operation(&operations::LIST_MADE_BY).list_cards::<Made>(query).await?;
        Ok(made.into_iter().filter(|it| Some(it.sort.as_str()) != after).take(PAGE).collect())
    }

    /// Writes everything that this group holds about a person: what they made.
    async fn export(&self, job: &ExportJob) -> Result<(), Failure> {
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

/// A write that others were faster than is tried anew by the next delivery.
fn failure<T>(error: WriteError<T>) -> Failure {
    match error {
        WriteError::ConditionFailed(_) => Failure::unavailable("somebody else writes this item"),
        WriteError::Failed(failure) => failure,
    }
}
