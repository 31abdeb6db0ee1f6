//! Any text as a rule, and any JSON as a schedule: it is refused, or it is expanded in
//! bounded time and read again as it is written.

use events::schedule::{Days, Exceptions, Occurrence, Range, Rule, Schedule, ScheduleRequest};
use jiff::SignedDuration;

/// Runs one input.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(rule) = text.parse::<Rule>() {
        assert_eq!(rule.to_string().parse(), Ok(rule.clone()));
        let start = "2026-10-06".parse().expect("a date");
        assert!(Days::new(&rule, start).take(50).is_sorted_by(|one, two| one < two));
    }
    let requested = serde_json::from_str::<ScheduleRequest>(&text).ok();
    let parsed = requested.and_then(|request| request.parse(None).ok());
    if let Some(schedule) = &parsed {
        let stored = serde_json::to_string(schedule).expect("written");
        assert_eq!(&serde_json::from_str::<Schedule>(&stored).expect("read"), schedule);
    }
    if let Some(schedule) = &parsed {
        let dates = expand(schedule);
        assert_eq!(schedule.missing(dates.iter().map(|date| date.key)), []);
    }
    // Stored text is not checked again: parts can be out of order, but the work is bounded.
    if let Ok(schedule) = serde_json::from_str::<Schedule>(&text) {
        expand(&schedule);
    }
}

fn expand(schedule: &Schedule) -> Vec<Occurrence> {
    let from = "2026-01-01T00:00Z".parse::<jiff::Timestamp>().expect("an instant");
    let to = from + SignedDuration::from_hours(400 * 24);
    let dates = schedule.occurrences(Range::new(from, to).expect("a range"), &Exceptions::new());
    assert!(dates.dates.len() <= 750);
    for date in &dates.dates {
        assert!(date.starts_at < to && date.ends_at >= date.starts_at);
    }
    let _ = schedule.next(from);
    dates.dates
}
