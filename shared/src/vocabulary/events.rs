//! Words of events.

use crate::vocabulary;

vocabulary! {
    /// Status of an event.
    pub enum EventStatus {
        /// Not published yet; visible to the organizer only.
        Draft = "draft",
        /// Takes place as announced.
        Published = "published",
        /// Takes place at another time than first announced.
        Rescheduled = "rescheduled",
        /// Does not take place at the announced time; a new one is not known yet.
        Postponed = "postponed",
        /// Does not take place.
        Cancelled = "cancelled",
        /// Over.
        Completed = "completed",
    }
}

vocabulary! {
    /// Visibility of a published event.
    #[derive(Default)]
    pub enum EventVisibility {
        /// Found by searches.
        #[default]
        Listed = "listed",
        /// Visible to whoever has the link.
        Unlisted = "unlisted",
        /// Visible to the organizer.
        Private = "private",
    }
}

vocabulary! {
    /// Mode of attendance of an event.
    #[derive(Default)]
    pub enum EventMode {
        /// At a place.
        #[default]
        Offline = "offline",
        /// Online.
        Online = "online",
        /// At a place and online.
        Mixed = "mixed",
    }
}
