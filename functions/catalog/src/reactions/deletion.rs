//! Clean-up after the deletion of a category: its children move as the tree says, or
//! are deleted with it; its products leave it, or get its successor.

use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use shared::{
    Failure, Refused,
    bus::{
        DomainEvent,
        batch::Delivery,
        events::{CategoryDeleted, CategoryMoved},
    },
    clock::Timestamp,
    id::{CategoryId, ProductId},
    listed_status::ListedStatus,
    membership::OrganizationCheck,
    table::{
        Condition, ConditionFailed, Query,
        item::{Stored, Tombstone},
        schema,
    },
    walk::{PAGE, Page, Walk},
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

/// Number of children settled at a time: one change of the tree, of under a kilobyte,
/// records all of them.
const CHILDREN: usize = 20;

/// Items of a page in work at the same time: every product's transaction changes the
/// count of the category, so two would conflict.
const CONCURRENCY: usize = 1;

/// A part of the clean-up.
enum Content {
    /// Some children.
    Children(Vec<CategoryId>),
    /// A product, and the category that replaces the deleted one.
    Product(ProductId, Option<CategoryId>),
}

/// Position of the clean-up: children first, then products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Place {
    /// After a child.
    Child(CategoryId),
    /// After all children, and after the product of a sort key.
    Product(Option<String>),
}

impl Listener {
    /// Settles the content of a deleted category.
    pub(super) async fn clear_up(
        &self,
        delivery: &Delivery,
        deleted: &CategoryDeleted,
    ) -> Result<(), Failure> {
        // After this, no product gets the category.
        self.close_count(deleted.category_id).await?;
        let list = |after| self.left(deleted, after);
        let clear = |left: Content| self.clear(deleted.category_id, left);
        match self.walker.walk(delivery, CONCURRENCY, list, clear).await? {
            Walk::Finished => self.check(deleted).await,
            Walk::Continued => Ok(()),
        }
    }

    /// Fails while the category has products. The list may lag, the count does not: a
    /// row that appears late may be before the walk's cursor.
    async fn check(&self, deleted: &CategoryDeleted) -> Result<(), Failure> {
        if self.close_count(deleted.category_id).await? <= 0 {
            return Ok(());
        }
        for late in self.products_left(deleted, None).await?.items {
            self.clear(deleted.category_id, late).await?;
        }
        match self.close_count(deleted.category_id).await? {
            ..=0 => Ok(()),
            _ => Err(Failure::unavailable("some products of a deleted category are not listed yet")),
        }
    }

    /// A page of the clean-up. The tree keeps the children, because an index may not
    /// show the last one yet.
    async fn left(
        &self,
        deleted: &CategoryDeleted,
        after: Option<Place>,
    ) -> Result<Page<Content, Place>, Failure> {
        let after = match after {
            Some(Place::Product(after)) => return self.products_left(deleted, after).await,
            Some(Place::Child(last)) => Some(last),
            None => None,
        };
        let tree = self.tree.fresh().await?;
        let left = tree.left_behind(deleted.category_id);
        let left = left.filter(|id| after.is_none_or(|after| *id > after));
        let children: Vec<CategoryId> = left.take(CHILDREN).collect();
        drop(tree);
        match children.last() {
            Some(last) => {
                let next = Some(Place::Child(*last));
                Ok(Page { items: vec![Content::Children(children)], next })
            }
            None => self.products_left(deleted, None).await,
        }
    }

    /// A page of the products of a category, after the sort key `after`.
    async fn products_left(
        &self,
        deleted: &CategoryDeleted,
        after: Option<String>,
    ) -> Result<Page<Content, Place>, Failure> {
        let tree = self.tree.fresh().await?;
        let successor = deleted.successor_id.filter(|id| tree.get(*id).is_some());
        drop(tree);
        let first = ProductId::earliest(Timestamp::from_millis(0));
        let of = |status| schema::category_products(deleted.category_id, &status, first);
        let query = Query::merged(ListedStatus::all().map(of)).after(after).limit(PAGE);
        let operation = self.table.operation_on(&operations::LIST_CATEGORY, query.partitions());
        let listed = operation.list_cards::<ProductCard>(query).await?;
        let Page { items, next } = Page::of(listed, PAGE, |last| Place::Product(Some(last.sort.clone())));
        let items = items.iter().map(|listed| Ok(Content::Product(listed.id()?, successor)));
        Ok(Page { items: items.collect::<Result<_, Failure>>()?, next })
    }

    async fn clear(&self, gone: CategoryId, left: Content) -> Result<(), Failure> {
        match left {
            Content::Children(children) => self.settle_children(gone, &children).await,
            Content::Product(id, successor) => self.take_out(id, gone, successor).await,
        }
    }

    /// Closes the count of a deleted category to new products; gives the number of its
    /// products.
    async fn close_count(&self, id: CategoryId) -> Result<i64, Failure> {
        let operation = self.table.operation(&operations::CLOSE_COUNT);
        let key = schema::category_count(id);
        let count = operation.update::<CategoryCount>(key, close(id)).await.map_err(failure)?;
        Ok(count.entity.products)
    }

    /// Updates the items of some children to their place in the tree, or deletes them.
    async fn settle_children(&self, gone: CategoryId, children: &[CategoryId]) -> Result<(), Failure> {
        let items = children.iter().map(|id| self.store.get_category(&operations::GET_CATEGORY, *id));
        let items = try_join_all(items).await?;
        // Read after the items: a later writer of one of them changes its version.
        let tree = self.tree.fresh().await?;
        for before in items.into_iter().flatten() {
            self.settle_child(before, &tree).await?;
        }
        drop(tree);
        self.note_settled(gone, children).await
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

    /// Removes the settled children of a deleted category from the tree.
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

    /// Removes the category from a product, if the product still has it.
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
        match self.writer.replace(&before, after, OrganizationCheck::None).await {
            Ok(Written::Done(_)) => Ok(()),
            Ok(Written::Repeated | Written::Outdated | Written::Denied) => {
                Err(Failure::unavailable("a concurrent write of this product"))
            }
            Err(WriteProductError::Failed(failure)) => Err(failure),
            Err(refused) => Err(Failure::unavailable(format!("a product was refused: {refused:?}"))),
        }
    }
}
