//! Documents, as a log of changes has them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Point;

/// Document of an index. Fields that the schema lacks are ignored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Id.
    pub id: String,
    /// Version. The highest one of an id stays in the index.
    pub version: u64,
    /// Texts to search in, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// Terms to filter by, by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terms: BTreeMap<String, Vec<String>>,
    /// Place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
    /// Range of amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// True if it is free of charge: its amount is 0 in every currency.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub free: bool,
    /// Creation time, in Unix seconds.
    pub created_at: i64,
    /// Occurrences, in any order. Of several with one key, the earliest counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub occurrences: Vec<Occurrence>,
    /// Content of a result. The index does not read it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub card: String,
}

/// Occurrence of a document. Times from 1970 to 2106 are exact, others are taken for the
/// nearest of these.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// Start, in Unix seconds.
    pub start: i64,
    /// End, in Unix seconds. One before the start is taken for the start.
    pub end: i64,
    /// Key, unique in the document. A date such as `2026-10-27` takes the
    /// least memory.
    pub key: String,
    /// Terms of its own, by field. They replace those of the document in these fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terms: BTreeMap<String, Vec<String>>,
}

/// Range of amounts in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Currency code.
    pub currency: String,
    /// Lowest amount.
    pub low: i64,
    /// Highest amount. One below the lowest is taken for the lowest.
    pub high: i64,
}
