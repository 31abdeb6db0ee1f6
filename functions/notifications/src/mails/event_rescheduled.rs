//! "An event has a new date"

use jiff::{Timestamp, tz::TimeZoneDatabase};
use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};
use crate::store::AnnouncedEvent;

/// Notice of a rescheduled event to a member of the organisation that organizes it.
pub(crate) fn event_rescheduled(reader: Reader<'_>, event: &AnnouncedEvent) -> Mail {
    let title = event.details.title.as_str();
    let start = start(event);
    let words = match reader.locale {
        Locale::En => Words {
            subject: &format!("New date: {title}"),
            message: &match start {
                Some(start) => format!("The event {title} has been rescheduled. It now begins on {start}."),
                None => format!("The event {title} has been rescheduled."),
            },
            link: None,
            footnote: "You get this email as a member of the organisation that organizes the event.",
        },
        Locale::Ru => Words {
            subject: &format!("Новая дата: {title}"),
            message: &match start {
                Some(start) => format!("Событие {title} перенесено. Новое начало: {start}."),
                None => format!("Событие {title} перенесено."),
            },
            link: None,
            footnote: "Вы получили это письмо как участник организации, которая проводит событие.",
        },
    };
    words.render(reader)
}

/// The first start on the clock of the event: `2026-10-27 19:00 (Europe/Berlin)`.
fn start(event: &AnnouncedEvent) -> Option<String> {
    let zone = &event.details.schedule.as_ref()?.time_zone;
    let at = Timestamp::from_millisecond(event.card.starts_at?.millis()).ok()?;
    let at = at.to_zoned(TimeZoneDatabase::bundled().get(zone).ok()?);
    Some(format!("{} ({zone})", at.strftime("%Y-%m-%d %H:%M")))
}
