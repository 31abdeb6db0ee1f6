//! State that the group's handlers share.

use std::{collections::HashMap, sync::Arc, time::Duration};

use shared::{
    Failure,
    clock::Timestamp,
    group::Group,
    id::{CategoryId, ProductId, UserId},
    identity::{Caller, Permission},
    journal::Folded,
    table::{Query, item::Stored, schema},
    vocabulary::{LOW_STOCK, ProductStatus},
};
use tokio::sync::Mutex;

use crate::{
    cache::{Cache, MAX_AGE},
    category::{Category, CategoryCount},
    operations,
    product::Product,
    store::Store,
    tree::{Audience, Tree, TreeKeeper},
    writer::ProductWriter,
};

shared::configuration! {
    /// Configuration from the template.
    pub struct Config: group {
        /// Low-stock threshold: greatest number of a variant that counts as low stock.
        pub low_stock: u64 = "LOW_STOCK" or LOW_STOCK,
    }
}

/// Maximum age of product counts, for every reader: reading one means reading those of
/// all categories.
const COUNTS_AGE: Duration = Duration::from_mins(1);

/// Number of active products by category.
type Counts = HashMap<CategoryId, i64>;

/// The counts and their read time.
type KnownCounts = Option<(Timestamp, Arc<Counts>)>;

/// The state of the group's handlers.
#[derive(Debug, Clone)]
pub(crate) struct Catalog {
    group: Group<Config>,
    pub(crate) store: Store,
    pub(crate) tree: TreeKeeper,
    pub(crate) writer: ProductWriter,
    pub(crate) products: Cache<ProductId, Option<Stored<Product>>>,
    pub(crate) slugs: Cache<String, Option<ProductId>>,
    pub(crate) categories: Cache<CategoryId, Option<Stored<Category>>>,
    counts: Arc<Mutex<KnownCounts>>,
}

impl Catalog {
    pub(crate) fn new(group: Group<Config>) -> Self {
        let store = Store::new(group.table.clone());
        let tree = TreeKeeper::new(group.table.clone(), group.context.clone());
        let clock = &group.context.clock;
        Self {
            writer: ProductWriter::new(store.clone(), tree.clone(), clock.clone(), group.config.low_stock),
            products: Cache::new(clock.clone()),
            slugs: Cache::new(clock.clone()),
            categories: Cache::new(clock.clone()),
            counts: Arc::default(),
            store,
            tree,
            group,
        }
    }

    /// The tree for a reader, and its age.
    pub(crate) async fn tree_for(&self, reader: Reader) -> Result<(Arc<Folded<Tree>>, Duration), Failure> {
        if reader.anonymous {
            self.tree.recent(MAX_AGE).await
        } else {
            Ok((self.tree.fresh().await?, Duration::ZERO))
        }
    }

    /// A product for a reader, and the age of the copy; true if the reader sees it as its
    /// seller does.
    pub(crate) async fn product_for(
        &self,
        reader: Reader,
        id: ProductId,
    ) -> Result<(Option<(Stored<Product>, bool)>, Duration), Failure> {
        let read = self.store.get_product(id);
        let (product, age) = if reader.anonymous {
            self.products.get_or_read(id, read).await?
        } else {
            (read.await?, Duration::ZERO)
        };
        let Some(product) = product else { return Ok((None, age)) };
        let to_seller = self.shows_all(reader, &product.entity.seller).await?;
        let is_shown = to_seller || reader.sees(&product.entity);
        Ok((is_shown.then_some((product, to_seller)), age))
    }

    /// Item of a category for a reader, and the age of the copy.
    pub(crate) async fn category_for(
        &self,
        reader: Reader,
        id: CategoryId,
    ) -> Result<(Option<Stored<Category>>, Duration), Failure> {
        let read = self.store.get_category(&operations::GET_CATEGORY, id);
        if reader.anonymous {
            self.categories.get_or_read(id, read).await
        } else {
            Ok((read.await?, Duration::ZERO))
        }
    }

    /// Number of active products by category, up to [`COUNTS_AGE`] old.
    pub(crate) async fn counts(&self) -> Result<Arc<Counts>, Failure> {
        let mut known = self.counts.lock().await;
        let now = self.context.clock.now();
        if let Some((read_at, counts)) = known.as_ref()
            && now.since(*read_at) < COUNTS_AGE
        {
            return Ok(Arc::clone(counts));
        }
        let operation = self.store.table().operation(&operations::LIST_COUNTS);
        let zero = CategoryId::earliest(Timestamp::from_millis(0));
        let query = Query::table(schema::category_count(zero));
        let counts = operation.list::<CategoryCount>(query).await?.into_iter();
        let counts = counts.map(|stored| (stored.entity.category_id, stored.entity.active));
        let counts = Arc::new(counts.collect());
        *known = Some((now, Arc::clone(&counts)));
        Ok(counts)
    }
}

shared::group_state!(Catalog, Config);

/// Reader of the catalogue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    /// True without a token: the reply may come from memory.
    pub(crate) anonymous: bool,
    /// Part of the tree that the reader may see.
    pub(crate) audience: Audience,
    /// Account of the reader, if there is a token.
    pub(crate) user: Option<UserId>,
}

impl Reader {
    pub(crate) fn of(caller: Option<&Caller>) -> Self {
        let administrator = caller.is_some_and(|caller| caller.may(Permission::ManageCatalog));
        let audience = if administrator { Audience::Administrators } else { Audience::Public };
        Self { anonymous: caller.is_none(), audience, user: caller.map(|caller| caller.user_id) }
    }

    /// True if the reader manages the whole catalogue.
    pub(crate) fn is_administrator(self) -> bool {
        self.audience == Audience::Administrators
    }

    /// Cache time of a reply that is `age` old: the rest of its time here, and none for
    /// a reply made for the caller.
    pub(crate) fn max_age_seconds(self, age: Duration) -> Option<u32> {
        let left = MAX_AGE.saturating_sub(age).as_secs();
        self.anonymous.then(|| u32::try_from(left).unwrap_or(0))
    }

    /// True if the reader may see the product, of any seller.
    pub(crate) fn sees(self, product: &Product) -> bool {
        match product.status.known() {
            Some(ProductStatus::Active | ProductStatus::Archived) if !product.withheld => true,
            // A status of a later release may not be public.
            Some(_) | None => self.is_administrator(),
        }
    }
}
