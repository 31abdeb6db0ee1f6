//! Number of items by type and schema version.

use std::{collections::BTreeMap, fmt, sync::Mutex};

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    table::item::{ENTITY_TYPE, SCHEMA_VERSION},
};

use super::{
    readers,
    scan::{Scan, number, text},
};

/// Numbers of items by type and schema version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// Numbers.
    pub counted: Vec<Counted>,
    /// State of a backfill that is not finished.
    pub progress: Option<String>,
}

/// Number of items of a type and schema version.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Counted {
    /// Type.
    pub entity: String,
    /// Schema version.
    pub version: u64,
    /// Number of items.
    pub count: u64,
    /// Relation to this release.
    pub form: Form,
}

/// Relation of a schema version to this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The version that this release writes.
    Current,
    /// An older version, upgraded on read.
    Older,
    /// A version of a later release.
    Newer,
    /// A type that this release does not know.
    Unknown,
}

impl Form {
    fn of(version: u64, current: u32) -> Self {
        match version.cmp(&u64::from(current)) {
            std::cmp::Ordering::Less => Self::Older,
            std::cmp::Ordering::Equal => Self::Current,
            std::cmp::Ordering::Greater => Self::Newer,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Counted { entity, version, count, form } in &self.counted {
            let form = match form {
                Form::Current => "",
                Form::Older => "  older than this release",
                Form::Newer => "  newer than this release",
                Form::Unknown => "  unknown to this release",
            };
            writeln!(f, "{count:>9}  {entity} v{version}{form}")?;
        }
        let all: u64 = self.counted.iter().map(|counted| counted.count).sum();
        write!(f, "{all:>9}  items")?;
        self.progress.iter().try_for_each(|progress| write!(f, "\n{progress}"))
    }
}

/// Counts all items.
pub(super) async fn count(scan: &Scan) -> Result<Vec<Counted>, Failure> {
    let counts: Mutex<BTreeMap<(String, u64), u64>> = Mutex::default();
    scan.each(|item| {
        let kind = (text(item, ENTITY_TYPE).to_owned(), number(item, SCHEMA_VERSION));
        if let Ok(mut counts) = counts.lock() {
            *counts.entry(kind).or_default() += 1;
        }
    })
    .await?;
    let counts = counts.into_inner().unwrap_or_default();
    let readers = readers();
    let counted = counts.into_iter().map(|((entity, version), count)| {
        let reader = readers.iter().find(|reader| reader.entity == entity);
        let form = reader.map_or(Form::Unknown, |reader| Form::of(version, reader.schema_version));
        Counted { entity, version, count, form }
    });
    Ok(counted.collect())
}
