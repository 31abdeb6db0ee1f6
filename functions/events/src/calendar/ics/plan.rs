//! The dates of a part in the terms of the format.
//!
//! A part is written as its rule, without skipped dates and with added ones. Its dates are
//! listed instead where the rule would show one that the schedule does not have, and where
//! readers differ about a rule that has an end.

use super::{
    plain::is_plain,
    starts::{gives, starts},
    twins::{self, Twins},
};
use crate::schedule::{Local, Schedule};

/// Maximum number of dates that are compared with each other: `count` has at most 730.
const MAX_COMPARED: usize = 800;

/// Maximum number of dates that are listed in place of a rule.
const MAX_LISTED: usize = 200;

/// The dates of one part.
#[derive(Debug)]
pub struct Plan {
    /// Index of the part.
    pub part: usize,
    /// DTSTART.
    pub start: Local,
    /// Value of RRULE.
    pub rule: Option<String>,
    /// RDATE; with the start if there is no rule, since ical.js 2.2.1 leaves it out else.
    pub added: Vec<Local>,
    /// EXDATE.
    pub skipped: Vec<Local>,
    /// Last start; `None` for a rule without end.
    pub last: Option<Local>,
}

impl Plan {
    /// True for a component of a single date.
    pub fn is_single(&self) -> bool {
        self.rule.is_none() && self.added.len() == 1
    }
}

/// The dates of the parts that have any, and the dates that stand for others.
pub fn plans(schedule: &Schedule) -> (Vec<Plan>, Twins) {
    let twins = Twins::of(schedule);
    let skipped = schedule.given(schedule.skipped.iter().copied());
    let added = schedule.given(schedule.added.iter().map(|added| added.key));
    let plan = |part: usize| {
        let is_added = |start: Local| schedule.added.iter().any(|added| added.start == start);
        let of_part = skipped.iter().filter(|ruled| ruled.part == part).map(|ruled| ruled.start);
        let mut without: Vec<Local> =
            of_part.filter(|start| !is_added(*start) || gives(schedule, part, *start)).collect();
        without.retain(|start| !twins.shows(part, *start));
        without.extend(twins.hidden(part));
        let of_part = added.iter().filter(|ruled| ruled.part == part && !twins.is_hidden(ruled.key));
        let of_part = of_part.filter(|ruled| !schedule.skipped.contains(&ruled.key));
        let further: Vec<Local> =
            of_part.map(|ruled| ruled.start).filter(|start| !gives(schedule, part, *start)).collect();
        planned(schedule, part, further, without)
    };
    ((0..schedule.parts.len()).filter_map(plan).collect(), twins)
}

fn planned(schedule: &Schedule, index: usize, added: Vec<Local>, skipped: Vec<Local>) -> Option<Plan> {
    let part = schedule.parts.get(index)?;
    if part.rule.is_some() && is_endless(schedule, index) {
        let rule = schedule.recurrence(index);
        return Some(Plan { part: index, start: part.start, rule, added, skipped, last: None });
    }
    let mut ruled: Vec<Local> = starts(schedule, index)?.collect();
    let last = ruled.iter().chain(&added).max().copied();
    let is_understood = |rule| {
        let compared = ruled.get(..MAX_COMPARED).unwrap_or(&ruled);
        !twins::any(schedule, compared) && (is_plain(rule, part.start) || ruled.len() > MAX_LISTED)
    };
    if part.rule.as_ref().is_some_and(is_understood) && !ruled.is_empty() {
        ruled.retain(|start| !skipped.contains(start));
        if ruled.is_empty() && added.is_empty() {
            return None;
        }
        let rule = schedule.recurrence(index);
        return Some(Plan { part: index, start: part.start, rule, added, skipped, last });
    }
    ruled.retain(|start| !skipped.contains(start));
    ruled.extend(added);
    // Of two at one instant the later start exists, and the other is in a gap.
    let instant = |start: &Local| schedule.time_zone.instant(start.datetime());
    ruled.sort_unstable_by_key(|start| (instant(start), std::cmp::Reverse(*start)));
    ruled.dedup_by_key(|start| instant(start));
    let start = *ruled.first()?;
    Some(Plan { part: index, start, rule: None, added: ruled, skipped: Vec::new(), last })
}

fn is_endless(schedule: &Schedule, index: usize) -> bool {
    let is_last = index + 1 >= schedule.parts.len();
    is_last && schedule.parts.get(index).is_some_and(|part| part.until.is_none() && part.count.is_none())
}
