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

/// Pages below `/events` that are not those of an event.
const RESERVED: [&str; 2] = ["manage", "sources"];

/// True if a slug is the name of a page.
pub fn is_reserved(slug: &Slug) -> bool {
    RESERVED.contains(&slug.as_str())
}

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
