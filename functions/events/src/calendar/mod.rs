//! Events for calendars, search engines and feed readers: three formats of one model.
//!
//! Pure: no table, no HTTP, no clock. `now` is a parameter. Access is the caller's: the
//! model has public fields only, and no link that only registered people may see.
//!
//! | module | content |
//! |---|---|
//! | `happening` | the model: an event as others may see it |
//! | `ics` | iCalendar (RFC 5545, RFC 7986) |
//! | `ld` | JSON-LD with the vocabulary of schema.org |
//! | `json_feed` | JSON Feed 1.1 |
//! | `stamp` | times with an offset, for the two JSON formats |

mod happening;
pub mod ics;
pub mod json_feed;
pub mod ld;
mod stamp;

pub use happening::{Attendance, Happening, Place, Prices, Status};
