//! Rows of an organisation in the list of words: one for each suffix of its name that
//! begins with a further word. The item itself is the row of the whole name.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shared::{
    id::OrganizationId,
    table::{
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{OrganizationName, searched, words},
    vocabulary::{Open, OrganizationStatus},
};

use crate::organization::{Organization, OrganizationCard};

/// Maximum number of words by which an organisation is found: each costs 3 WRU.
const WORDS: usize = 8;

/// A row in the list of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRow {
    organization_id: OrganizationId,
    words: String,
    status: Open<OrganizationStatus>,
    card: OrganizationCard,
}

impl Entity for OrganizationRow {
    const TYPE: &'static str = "organization_row";

    fn key(&self) -> Key {
        schema::organization_row(self.organization_id, &schema::organization_words_row(&self.words))
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        vec![schema::organizations_by_words(&self.status, &self.words, self.organization_id)]
    }
}

/// Changes of an organisation's rows.
#[derive(Debug, Default)]
pub struct RowChanges {
    /// Rows to write.
    pub written: Vec<OrganizationRow>,
    /// Rows to remove.
    pub removed: Vec<Key>,
}

/// Changes from the rows of `before` to those of `after`.
pub fn changes(before: Option<&Organization>, after: Option<&Organization>) -> RowChanges {
    let (before, after) = (before.map(rows).unwrap_or_default(), after.map(rows).unwrap_or_default());
    let left = before.iter().filter(|(words, _)| !after.contains_key(*words));
    let removed = left.map(|(_, row)| row.key()).collect();
    let written = after.into_iter().filter(|(words, row)| before.get(words) != Some(row));
    RowChanges { written: written.map(|(_, row)| row).collect(), removed }
}

/// True if `words` is the first of the texts of a name that begin with `prefix`: a search
/// shows an organisation once.
pub fn is_first_match(name: &OrganizationName, prefix: &str, words: &str) -> bool {
    texts(name).iter().find(|text| text.starts_with(prefix)).is_some_and(|first| first == words)
}

/// Texts by which an organisation is found.
fn texts(name: &OrganizationName) -> BTreeSet<String> {
    let found = words(name.as_str());
    let further = (1..found.len().min(WORDS)).map(|from| searched(&found[from..].join(" ")));
    further.chain([searched(name.as_str())]).filter(|text| !text.is_empty()).collect()
}

fn rows(organization: &Organization) -> BTreeMap<String, OrganizationRow> {
    let row = |words: String| OrganizationRow {
        organization_id: organization.id,
        words,
        status: organization.status.clone(),
        card: organization.card.clone(),
    };
    let whole = searched(organization.card.name.as_str());
    let further = texts(&organization.card.name).into_iter().filter(|words| *words != whole);
    further.map(|words| (words.clone(), row(words))).collect()
}
