//! Filters of a search, as its query parameters name them.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, de::Error as _};
use shared::{
    money::Currency,
    organizer::Organizer,
    search::analysis,
    text::{CountryCode, LanguageCode, Slug},
    vocabulary::{EventMode, EventStatus},
};
use utoipa::{IntoParams, ToSchema};

use super::area::{BoundingBox, Near};
use crate::bound::Bound;

/// Maximum number of values of a parameter that takes several.
const VALUES: usize = 20;

/// Maximum characters of the text parameters.
const CHARACTERS: usize = 200;

/// See the [module](self).
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventFilters {
    /// Search text. All words must occur, in any form; the last one may be incomplete.
    #[serde(default, deserialize_with = "words")]
    #[param(value_type = Option<String>, max_length = 200, example = "jazz concert")]
    pub q: Option<String>,
    /// Start of the range: a time (RFC 3339), or a date, which is the day in the zone of each
    /// event. Defaults to now; at most 31 days ago.
    #[param(value_type = Option<String>, example = "2030-12-05")]
    pub from: Option<Bound>,
    /// End of the range, exclusive: a time, or the last date.
    #[param(value_type = Option<String>, example = "2030-12-06")]
    pub to: Option<Bound>,
    /// True for occurrences that have begun and not ended, without `from` and `to`; false for
    /// those that begin later.
    pub running: Option<bool>,
    /// Latitude and longitude in degrees (WGS 84), separated by a comma.
    #[param(value_type = Option<String>, example = "52.52,13.405")]
    pub near: Option<Near>,
    /// Maximum distance from `near` in kilometres.
    #[serde(default, deserialize_with = "radius")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500, default = 25)]
    pub radius_km: Option<u32>,
    /// Box in degrees: west, south, east and north, separated by commas. It may cross the
    /// 180th meridian.
    #[param(value_type = Option<String>, example = "13.08,52.33,13.77,52.68")]
    pub bbox: Option<BoundingBox>,
    /// Filter by city, without regard to case.
    #[serde(default, deserialize_with = "text")]
    #[param(value_type = Option<String>, example = "Berlin")]
    pub city: Option<String>,
    /// Filter by country (ISO 3166-1 alpha-2).
    #[serde(default, deserialize_with = "parsed::<_, CountryText>")]
    #[param(value_type = Option<CountryCode>)]
    pub country: Option<CountryText>,
    /// Filter by category, with its subcategories; several are separated by commas.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, example = "concerts")]
    pub category: Option<Vec<SlugText>>,
    /// Filter by organizer.
    #[serde(default, deserialize_with = "organizer")]
    #[param(value_type = Option<String>, example = "org_01h455vb4pex5vsknk084sn02q")]
    pub organizer: Option<Organizer>,
    /// Filter by tag; several are separated by commas.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, example = "jazz,blues")]
    pub tag: Option<Vec<String>>,
    /// Filter by language (ISO 639-1); several are separated by commas.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, example = "en")]
    pub language: Option<Vec<LanguageText>>,
    /// Filter by mode of attendance; several are separated by commas.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, example = "offline,mixed")]
    pub mode: Option<Vec<ModeText>>,
    /// Filter by status: `published`, `rescheduled`, `postponed`, `cancelled` or `completed`;
    /// several are separated by commas. Defaults to all but `cancelled`; feeds include it.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, example = "published,rescheduled")]
    pub status: Option<Vec<StatusText>>,
    /// Currency of the prices. Required by `price_gte`, `price_lte` and `sort=price`.
    pub currency: Option<Currency>,
    /// Lowest price, in minor units: the most expensive ticket costs at least this.
    #[param(minimum = 0)]
    pub price_gte: Option<u64>,
    /// Highest price, in minor units: the cheapest ticket costs at most this.
    #[param(minimum = 0)]
    pub price_lte: Option<u64>,
    /// True for events with free tickets, false for events with paid tickets.
    pub free: Option<bool>,
    /// Entries of an event that has several matching occurrences.
    #[param(inline)]
    pub collapse: Option<Collapse>,
    /// Sort order. `distance` requires `near`. Defaults to `-relevance` with `q`, else to
    /// `starts_at`.
    #[param(inline)]
    pub sort: Option<EventSort>,
}

/// Entries of an event that has several matching occurrences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Collapse {
    /// One, with the first matching occurrence.
    #[default]
    Event,
    /// One for each.
    Occurrence,
}

/// Sort order of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum EventSort {
    /// By start, the earliest first.
    #[serde(rename = "starts_at")]
    StartsAt,
    /// By relevance, the most relevant first.
    #[serde(rename = "-relevance")]
    Relevance,
    /// By distance, the nearest first.
    #[serde(rename = "distance")]
    Distance,
    /// By the lowest price, the cheapest first.
    #[serde(rename = "price")]
    Price,
    /// By creation, the newest first.
    #[serde(rename = "-created_at")]
    Newest,
}

/// Defines a value of a parameter that is the text of another type.
macro_rules! value {
    ($(#[$doc:meta])+ $name:ident: $parse:expr) => {
        $(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub String);

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let parse: fn(&str) -> Option<String> = $parse;
                parse(text).map(Self).ok_or("invalid value")
            }
        }
    };
}

value! {
    /// A slug.
    SlugText: |text| Slug::parse(text).ok().map(|slug| slug.to_string())
}
value! {
    /// A language code.
    LanguageText: |text| LanguageCode::parse(text).ok().map(|code| code.to_string())
}
value! {
    /// A country code.
    CountryText: |text| CountryCode::parse(text).ok().map(|code| code.as_str().to_owned())
}
value! {
    /// A mode of attendance.
    ModeText: |text| EventMode::ALL.iter().map(ToString::to_string).find(|mode| mode == text)
}
value! {
    /// A status that search knows.
    StatusText: |text| SEARCHED.iter().map(ToString::to_string).find(|status| status == text)
}

/// Statuses of events that search knows.
pub const SEARCHED: [EventStatus; 5] = [
    EventStatus::Published,
    EventStatus::Rescheduled,
    EventStatus::Postponed,
    EventStatus::Completed,
    EventStatus::Cancelled,
];

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    match text {
        Some(text) if text.chars().count() > CHARACTERS => {
            Err(D::Error::custom(format!("more than {CHARACTERS} characters")))
        }
        text => Ok(text),
    }
}

/// A text; `None` if it has no words.
fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    text(deserializer).map(|text| text.filter(|text| !analysis::words(text).is_empty()))
}

fn parsed<'de, D: Deserializer<'de>, T: FromStr<Err: std::fmt::Display>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse()).transpose().map_err(D::Error::custom)
}

fn several<'de, D: Deserializer<'de>, T: FromStr<Err: std::fmt::Display>>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    let values = text.split(',').map(str::trim).filter(|value| !value.is_empty());
    let values: Vec<T> = values.map(str::parse).collect::<Result<_, _>>().map_err(D::Error::custom)?;
    if values.is_empty() || values.len() > VALUES {
        return Err(D::Error::custom(format!("not 1 to {VALUES} values")));
    }
    Ok(Some(values))
}

fn radius<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match Option::<u32>::deserialize(deserializer)? {
        Some(radius) if !(1..=500).contains(&radius) => Err(D::Error::custom("not 1 to 500")),
        radius => Ok(radius),
    }
}

fn organizer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Organizer>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| Organizer::parse(&text)).transpose().map_err(|invalid| D::Error::custom(invalid.detail))
}
