//! State that the group's handlers share.

use std::{sync::Arc, time::Duration};

use shared::{
    Context, Failure,
    clock::Timestamp,
    config::{AllowedOrigins, ClientAddressHeader, ProxySecret, PublicUrl},
    group::Group,
    table::Table,
};
use tokio::sync::Mutex;

use crate::{agenda::AgendaKeeper, body::EventRequest, categories::EventCategories, store::Store};

shared::configuration! {
    /// Configuration from the template.
    pub struct Config: group {
        /// URL that users reach the platform at, for links in calendars.
        pub public_url: PublicUrl = "PUBLIC_URL",
    }
}

/// The state of the group's handlers.
#[derive(Debug, Clone)]
pub(crate) struct Events {
    group: Group<Config>,
    pub(crate) store: Store,
}

impl Events {
    pub(crate) fn new(group: Group<Config>) -> Self {
        Self { store: Store::new(group.table.clone()), group }
    }

    /// The categories that a request can choose from, if it names any.
    pub(crate) async fn offer_for(&self, request: &EventRequest) -> Result<Option<EventCategories>, Failure> {
        if !request.names_categories() {
            return Ok(None);
        }
        self.store.get_categories().await.map(|stored| Some(stored.entity))
    }
}

shared::group_state!(Events, Config);

shared::configuration! {
    /// Configuration of the search from the template.
    pub struct SearchConfig {
        /// Name of the table.
        pub table_name: String = "TABLE_NAME",
        /// Web origins that may call.
        pub allowed_origins: AllowedOrigins = "ALLOWED_ORIGINS" or AllowedOrigins::default(),
        /// Header in which a proxy before the API passes on the client's address.
        pub client_address_header: ClientAddressHeader = "CLIENT_ADDRESS_HEADER" or ClientAddressHeader::default(),
        /// Secret that proves that a request came through the proxy.
        pub proxy_secret: ProxySecret = "PROXY_SECRET" or ProxySecret::default(),
        /// URL that users reach the platform at, for links in feeds.
        pub public_url: PublicUrl = "PUBLIC_URL",
    }
}

/// The categories and their read time.
type KnownCategories = Option<(Timestamp, Arc<EventCategories>)>;

/// Maximum age of the categories for searches.
const CATEGORIES_AGE: Duration = Duration::from_mins(1);

/// The state of the search's handlers. The search is the same for everyone: it reads no
/// tokens.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    pub(crate) context: Context,
    pub(crate) public_url: PublicUrl,
    pub(crate) store: Store,
    pub(crate) agenda: AgendaKeeper,
    categories: Arc<Mutex<KnownCategories>>,
}

impl Search {
    pub(crate) fn new(table: Table, public_url: PublicUrl, context: Context) -> Self {
        Self {
            store: Store::new(table.clone()),
            agenda: AgendaKeeper::new(table, context.clone()),
            categories: Arc::default(),
            public_url,
            context,
        }
    }

    /// The categories, up to [`CATEGORIES_AGE`] old.
    pub(crate) async fn categories(&self) -> Result<Arc<EventCategories>, Failure> {
        let mut known = self.categories.lock().await;
        let now = self.context.clock.now();
        if let Some((read_at, categories)) = known.as_ref()
            && now.since(*read_at) < CATEGORIES_AGE
        {
            return Ok(Arc::clone(categories));
        }
        let categories = Arc::new(self.store.get_categories().await?.entity);
        *known = Some((now, Arc::clone(&categories)));
        Ok(categories)
    }
}
