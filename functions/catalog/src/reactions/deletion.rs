//! What is left of a category that is gone: its children go where the tree says
//! that they are, or with it; its products lose it, or get its successor. What is
//! more than an invocation's work is left to the same event anew.

use futures::future::try_join_all;
use shared::{
    Failure, Refused, UnlessRefused as _,
    bus::{
        DomainEvent, Envelope,
        events::{CategoryDeleted, CategoryMoved},
    },
    clock::Timestamp,
    id::{CategoryId, ProductId},
    table::{
        Condition, ConditionFailed, Listed, Query,
        item::{Stored, Tombstone},
        schema,
    },
    vocabulary::ProductStatus,
};

use super::{Listener, failure};
use crate::{
    category::{Category, CategoryCount},
    operations,
    product::ProductCard,
    store::{TOMBSTONE_LIFETIME, close},
    tree::{Committed, Tree, TreeChange, TreeLogEntry},
    writer::{WriteProductError, Written},
};

/// So much of a category that is gone is cleared up in one invocation.
const AT_ONCE: usize = 20;

impl Listener {
    /// Carries what was in a category that is gone.
    pub(super) async fn clear_up(
        &self,
        envelope: &Envelope,
        deleted: &CategoryDeleted,
    ) -> Result<(), Failure> {
        // From here on no product gets the category.
        self.close_count(deleted.category_id).await?;
        let more_children = self.settle_children(deleted.category_id).await?;
        let more_products = self.take_out_products(deleted).await?;
        if more_children || more_products {
            return self.go_on(envelope, deleted).await;
        }
        // The list may lag behind; the count does not.
        match self.close_count(deleted.category_id).await? {
            ..=0 => Ok(()),
            _ => Err(Failure::unavailable("not every product of a category that is gone is listed yet")),
        }
    }

    /// Says once more that a category is gone.
    async fn go_on(&self, envelope: &Envelope, deleted: &CategoryDeleted) -> Result<(), Failure> {
        let key = schema::category(deleted.category_id);
        let tombstone = Tombstone::new(key, self.context.clock.now(), TOMBSTONE_LIFETIME);
        let again = DomainEvent::CategoryDeleted(deleted.clone());
        let operation = self.table.operation(&operations::CONTINUE_DELETION);
        // Another delivery of this event has said so already.
        operation
            .put(&tombstone, Condition::Version(envelope.aggregate_version), vec![again])
            .await
            .unless_refused()
            .map(drop)
    }

    /// Lets a category that is gone take no product, and says how many it has
    /// still.
    async fn close_count(&self, id: CategoryId) -> Result<i64, Failure> {
        let operation = self.table.operation(&operations::CLOSE_COUNT);
        let key = schema::category_count(id);
        let count = operation.update::<CategoryCount>(key, close(id)).await.map_err(failure)?;
        Ok(count.entity.products)
    }

    /// Brings the items of some that were in a category to where the tree has
    /// them, or to their ends; says whether there are more. The tree has kept all
    /// of them in mind: an index might not have shown the last one yet.
    async fn settle_children(&self, gone: CategoryId) -> Result<bool, Failure> {
        let mut children: Vec<CategoryId> =
            self.tree.fresh().await?.left_behind(gone).take(AT_ONCE + 1).collect();
        let more = children.len() > AT_ONCE;
        children.truncate(AT_ONCE);
        let items = children.iter().map(|id| self.store.get_category(&operations::GET_CATEGORY, *id));
        let items = try_join_all(items).await?;
        // Read behind the items: whoever changes one from here on changes its version.
        let tree = self.tree.fresh().await?;
        for before in items.into_iter().flatten() {
            self.settle_child(before, &tree).await?;
        }
        drop(tree);
        self.note_settled(gone, &children).await?;
        Ok(more)
    }

    async fn settle_child(&self, before: Stored<Category>, tree: &Tree) -> Result<(), Failure> {
        let id = before.entity.id;
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

    /// Lets the tree forget those that were in a category that is gone.
    async fn note_settled(&self, gone: CategoryId, children: &[CategoryId]) -> Result<(), Failure> {
        self.tree
            .commit(|tree| async move {
                let left = tree.left_behind(gone).filter(|id| children.contains(id)).collect::<Vec<_>>();
                if left.is_empty() {
                    return Ok(Committed::Done((), None));
                }
                let entry = TreeLogEntry::after(&tree, &[TreeChange::Settle { id: gone, children: left }])?;
                let operation = self.table.operation(&operations::NOTE_SETTLED);
                match operation.put(&entry, Condition::New, Vec::new()).await {
                    Ok(()) => Ok(Committed::Done((), Some(entry))),
                    Err(Refused::By(ConditionFailed(_))) => Ok(Committed::Overtaken),
                    Err(Refused::Failed(failure)) => Err(failure),
                }
            })
            .await
    }

    /// Takes some products out of a category; says whether there may be more.
    async fn take_out_products(&self, deleted: &CategoryDeleted) -> Result<bool, Failure> {
        let tree = self.tree.fresh().await?;
        let successor = deleted.successor_id.filter(|id| tree.get(*id).is_some());
        drop(tree);
        let mut more = false;
        for status in ProductStatus::ALL {
            let listed = self.products(deleted.category_id, *status).await?;
            more |= listed.len() == AT_ONCE;
            for product in listed {
                self.take_out(product, deleted.category_id, successor).await?;
            }
        }
        Ok(more)
    }

    async fn products(&self, category: CategoryId, status: ProductStatus) -> Result<Vec<ProductId>, Failure> {
        let first = ProductId::earliest(Timestamp::from_millis(0));
        let key = schema::category_products(category, &status.into(), first);
        let query = Query::index(key).limit(AT_ONCE);
        let operation = self.table.operation(&operations::LIST_CATEGORY);
        let listed = operation.list_cards::<ProductCard>(query).await?;
        listed.iter().map(Listed::id).collect()
    }

    /// Takes a product out of a category, if it stands there still.
    async fn take_out(
        &self,
        id: ProductId,
        category: CategoryId,
        successor: Option<CategoryId>,
    ) -> Result<(), Failure> {
        let Some(before) = self.store.get_product(id).await? else { return Ok(()) };
        if !before.entity.category_ids.contains(&category) {
            return Ok(());
        }
        let mut after = before.entity.clone();
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
}
