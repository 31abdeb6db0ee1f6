//! "An event has been cancelled"

use shared::{text::Reason, vocabulary::Locale};

use super::{Mail, Reader, Words};
use crate::store::AnnouncedEvent;

/// Notice of a cancelled event to a member of the organisation that organizes it.
pub(crate) fn event_cancelled(reader: Reader<'_>, event: &AnnouncedEvent) -> Mail {
    let title = event.details.title.as_str();
    let reason = event.reason.as_ref().map(Reason::as_str);
    let words = match reader.locale {
        Locale::En => Words {
            subject: &format!("Cancelled: {title}"),
            message: &match reason {
                Some(reason) => format!("The event {title} has been cancelled. Reason: {reason}"),
                None => format!("The event {title} has been cancelled."),
            },
            link: None,
            footnote: "You get this email as a member of the organisation that organizes the event.",
        },
        Locale::Ru => Words {
            subject: &format!("Отменено: {title}"),
            message: &match reason {
                Some(reason) => format!("Событие {title} отменено. Причина: {reason}"),
                None => format!("Событие {title} отменено."),
            },
            link: None,
            footnote: "Вы получили это письмо как участник организации, которая проводит событие.",
        },
    };
    words.render(reader)
}
