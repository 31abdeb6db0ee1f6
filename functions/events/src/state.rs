//! State that the group's handlers share.

use shared::{Failure, group::Group};

use crate::{body::EventRequest, categories::EventCategories, store::Store};

shared::configuration! {
    /// Configuration from the template.
    pub struct Config: group {}
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
