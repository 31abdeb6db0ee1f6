//! Reading a rule from the text of RFC 5545.

use std::str::FromStr;

use jiff::civil::Weekday;

use super::{ByDay, Frequency, Rule, text::WEEKDAYS};
use crate::schedule::fault::Fault;

/// Maximum length of a rule: 20 times that of a long one.
const LENGTH: usize = 500;

/// A rule as RFC 5545 writes it, with its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText<'a> {
    /// The rule without its end.
    pub rule: Rule,
    /// Value of COUNT.
    pub count: Option<&'a str>,
    /// Value of UNTIL.
    pub until: Option<&'a str>,
}

pub(super) fn invalid(detail: impl Into<String>) -> Fault {
    Fault::InvalidRule(detail.into())
}

impl FromStr for Rule {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let read = RuleText::parse(text)?;
        if read.count.is_some() || read.until.is_some() {
            return Err(invalid("State COUNT as \"count\" and UNTIL as \"until\", not in the rule."));
        }
        Ok(read.rule)
    }
}

impl<'a> RuleText<'a> {
    /// Reads a rule with its end.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        if text.len() > LENGTH {
            return Err(invalid("A rule has at most 500 characters."));
        }
        let mut frequency = None;
        let mut read = Self {
            rule: Rule {
                frequency: Frequency::Daily,
                interval: 1,
                by_month: Vec::new(),
                by_week_no: Vec::new(),
                by_year_day: Vec::new(),
                by_month_day: Vec::new(),
                by_day: Vec::new(),
                by_set_pos: Vec::new(),
                week_start: Weekday::Monday,
            },
            count: None,
            until: None,
        };
        let mut seen: Vec<String> = Vec::new();
        for part in text.split(';') {
            let Some((name, value)) = part.split_once('=') else {
                return Err(invalid("A rule is a list of NAME=VALUE, separated by semicolons."));
            };
            let name = name.to_ascii_uppercase();
            if seen.contains(&name) {
                return Err(invalid("A rule states each part once."));
            }
            let rule = &mut read.rule;
            match name.as_str() {
                "FREQ" => frequency = Some(parse_frequency(value)?),
                "INTERVAL" => rule.interval = number(value, 1, 100, "INTERVAL is 1 to 100.")?,
                "BYMONTH" => rule.by_month = numbers(value, 12, false, "BYMONTH is 1 to 12.")?,
                "BYWEEKNO" => {
                    rule.by_week_no = numbers(value, 53, true, "BYWEEKNO is 1 to 53 or -53 to -1.")?;
                }
                "BYYEARDAY" => {
                    rule.by_year_day = numbers(value, 366, true, "BYYEARDAY is 1 to 366 or -366 to -1.")?;
                }
                "BYMONTHDAY" => {
                    rule.by_month_day = numbers(value, 31, true, "BYMONTHDAY is 1 to 31 or -31 to -1.")?;
                }
                "BYSETPOS" => {
                    rule.by_set_pos = numbers(value, 366, true, "BYSETPOS is 1 to 366 or -366 to -1.")?;
                }
                "BYDAY" => rule.by_day = days(value)?,
                "WKST" => rule.week_start = weekday(value).ok_or_else(|| invalid("WKST is MO to SU."))?,
                "COUNT" => read.count = Some(value),
                "UNTIL" => read.until = Some(value),
                "BYHOUR" | "BYMINUTE" | "BYSECOND" => {
                    return Err(invalid(
                        "BYHOUR, BYMINUTE and BYSECOND are not supported: the start has the time.",
                    ));
                }
                _ => {
                    return Err(invalid(
                        "A rule has FREQ, INTERVAL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYSETPOS and WKST.",
                    ));
                }
            }
            seen.push(name);
        }
        read.rule.frequency = frequency.ok_or_else(|| invalid("FREQ is required."))?;
        read.rule.check()?;
        Ok(read)
    }
}

fn parse_frequency(text: &str) -> Result<Frequency, Fault> {
    match text.to_ascii_uppercase().as_str() {
        "DAILY" => Ok(Frequency::Daily),
        "WEEKLY" => Ok(Frequency::Weekly),
        "MONTHLY" => Ok(Frequency::Monthly),
        "YEARLY" => Ok(Frequency::Yearly),
        _ => Err(invalid("FREQ is DAILY, WEEKLY, MONTHLY or YEARLY.")),
    }
}

fn number<T: TryFrom<i32>>(text: &str, least: i32, most: i32, detail: &str) -> Result<T, Fault> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| invalid(detail))
}

/// A list of numbers from 1, and from -1 downwards if `negative`; in order, each once.
fn numbers<T: TryFrom<i32> + Ord>(
    text: &str,
    most: i32,
    negative: bool,
    detail: &str,
) -> Result<Vec<T>, Fault> {
    let least = if negative { -most } else { 1 };
    let mut list = Vec::new();
    for text in text.split(',') {
        if text.trim_start_matches(['+', '-', '0']).is_empty() {
            return Err(invalid(detail));
        }
        list.push(number(text, least, most, detail)?);
    }
    list.sort_unstable();
    list.dedup();
    Ok(list)
}

fn weekday(text: &str) -> Option<Weekday> {
    let place = WEEKDAYS.iter().position(|name| text.eq_ignore_ascii_case(name))?;
    Weekday::from_monday_zero_offset(i8::try_from(place).ok()?).ok()
}

fn days(text: &str) -> Result<Vec<ByDay>, Fault> {
    const DETAIL: &str =
        "BYDAY is a list of MO to SU, each with an ordinal of 1 to 53 or -53 to -1, or none.";
    let mut list = Vec::new();
    for text in text.split(',') {
        let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at));
        let (nth, name) = text.split_at(at.ok_or_else(|| invalid(DETAIL))?);
        let weekday = weekday(name).ok_or_else(|| invalid(DETAIL))?.to_monday_zero_offset();
        let nth = if nth.is_empty() { 0 } else { numbers(nth, 53, true, DETAIL)?[0] };
        list.push(ByDay { nth, weekday });
    }
    list.sort_unstable_by_key(|day| (day.weekday, day.nth));
    list.dedup();
    Ok(list)
}
