//! Writing a rule in one form: parts in the order of RFC 5545, lists sorted, defaults left
//! out.

use std::fmt::{self, Display};

use jiff::civil::Weekday;

use super::{ByDay, Frequency, Rule};

/// Weekdays of RFC 5545, from Monday.
pub(super) const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

impl Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Yearly => "YEARLY",
        })
    }
}

fn name(weekday: i8) -> &'static str {
    usize::try_from(weekday).ok().and_then(|place| WEEKDAYS.get(place)).copied().unwrap_or_default()
}

impl Display for ByDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nth != 0 {
            write!(f, "{}", self.nth)?;
        }
        f.write_str(name(self.weekday))
    }
}

fn list(f: &mut fmt::Formatter<'_>, part: &str, values: &[impl Display]) -> fmt::Result {
    for (place, value) in values.iter().enumerate() {
        match place {
            0 => write!(f, ";{part}={value}")?,
            _ => write!(f, ",{value}")?,
        }
    }
    Ok(())
}

impl Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FREQ={}", self.frequency)?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        list(f, "BYMONTH", &self.by_month)?;
        list(f, "BYWEEKNO", &self.by_week_no)?;
        list(f, "BYYEARDAY", &self.by_year_day)?;
        list(f, "BYMONTHDAY", &self.by_month_day)?;
        list(f, "BYDAY", &self.by_day)?;
        list(f, "BYSETPOS", &self.by_set_pos)?;
        if self.week_start != Weekday::Monday {
            f.write_str(";WKST=")?;
            f.write_str(name(self.week_start.to_monday_zero_offset()))?;
        }
        Ok(())
    }
}
