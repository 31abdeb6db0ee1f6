//! Claim of an event on its slug, made when it is first published.

use serde::{Deserialize, Serialize};
use shared::{
    id::EventId,
    table::{
        item::Entity,
        schema::{self, Key},
    },
    text::Slug,
};

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EventSlugClaim {
    /// Slug.
    pub slug: Slug,
    /// Event.
    pub event_id: EventId,
}

impl Entity for EventSlugClaim {
    const TYPE: &'static str = "event_slug";

    fn key(&self) -> Key {
        schema::event_slug(&self.slug)
    }
}
