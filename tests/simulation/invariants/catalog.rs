//! Invariants of the catalogue. A model, independent of the functions' code, folds
//! the tree from its log.

use std::collections::{BTreeMap, BTreeSet};

use catalog::tree::{TreeChange, TreeLogEntry};
use serde_json::Value;
use shared::{
    id::OrganizationId,
    membership::OrganizationCounters,
    vocabulary::{CategoryStatus, OrganizationStatus},
};

use super::{
    super::{client::Ask, platform::INSTANCES},
    Aftermath, Faults,
};

/// The model's state of a category.
struct Known {
    parent: Option<String>,
    slug: String,
    hidden: bool,
}

#[derive(Default)]
struct Model {
    categories: BTreeMap<String, Known>,
    /// Contents of deleted categories that no later change has moved or deleted.
    left_behind: BTreeSet<(String, String)>,
    faults: Faults,
}

impl Model {
    fn of(aftermath: &Aftermath<'_>) -> Self {
        let mut model = Self::default();
        for (place, change) in changes(aftermath) {
            model.apply(change);
            model.judge(place);
        }
        model
    }

    fn apply(&mut self, change: TreeChange) {
        match change {
            TreeChange::Create { id, parent, slug, status, .. } => {
                let parent = parent.map(|parent| parent.to_string());
                let hidden = status == CategoryStatus::Hidden;
                let known = Known { parent, slug: slug.as_str().to_owned(), hidden };
                if self.categories.insert(id.to_string(), known).is_some() {
                    self.faults.push(format!("{id} was made twice"));
                }
            }
            TreeChange::Unknown(change) => self.faults.push(format!("nobody writes {change}")),
            TreeChange::Update { id, slug, status, .. } => {
                if let Some(known) = self.changed(&id.to_string()) {
                    slug.as_str().clone_into(&mut known.slug);
                    known.hidden = status == CategoryStatus::Hidden;
                }
            }
            TreeChange::Move { id, parent, .. } => {
                if let Some(known) = self.changed(&id.to_string()) {
                    known.parent = parent.map(|parent| parent.to_string());
                }
            }
            TreeChange::Cascade { id } => {
                let top = id.to_string();
                let below: Vec<String> =
                    self.categories.keys().filter(|id| self.is_within(id, &top)).cloned().collect();
                for id in &below {
                    self.leave_behind(id);
                }
                self.categories.retain(|id, _| !below.contains(id));
            }
            TreeChange::Dissolve { id } => {
                let id = id.to_string();
                self.leave_behind(&id);
                let Some(gone) = self.categories.remove(&id) else { return };
                for known in self.categories.values_mut().filter(|it| it.parent.as_deref() == Some(&id)) {
                    known.parent.clone_from(&gone.parent);
                }
            }
            TreeChange::Populate { id } => {
                self.changed(&id.to_string());
            }
            TreeChange::Settle { id, children } => {
                for child in children {
                    if !self.left_behind.remove(&(id.to_string(), child.to_string())) {
                        self.faults.push(format!("{child} was not left behind by {id}"));
                    }
                }
            }
        }
    }

    fn leave_behind(&mut self, gone: &str) {
        let children = self.categories.iter().filter(|(_, known)| known.parent.as_deref() == Some(gone));
        self.left_behind.extend(children.map(|(id, _)| (gone.to_owned(), id.clone())));
    }

    /// The category that a change is about: it must exist.
    fn changed(&mut self, id: &str) -> Option<&mut Known> {
        if !self.categories.contains_key(id) {
            self.faults.push(format!("{id} was changed and was not there"));
        }
        self.categories.get_mut(id)
    }

    /// The path from a category to the top, up to a cycle.
    fn way<'m>(&'m self, id: &'m str) -> impl Iterator<Item = &'m str> {
        let above = |id: &&'m str| self.categories.get(*id).and_then(|known| known.parent.as_deref());
        std::iter::successors(Some(id), above).take(self.categories.len() + 1)
    }

    fn is_within(&self, id: &str, top: &str) -> bool {
        self.way(id).any(|id| id == top)
    }

    /// Checks the tree after a change.
    fn judge(&mut self, place: u64) {
        let mut faults = Faults::new();
        let mut slugs = BTreeSet::new();
        for (id, known) in &self.categories {
            if self.way(id).count() > self.categories.len() {
                faults.push(format!("after {place} {id} is within itself"));
            }
            if known.parent.as_ref().is_some_and(|parent| !self.categories.contains_key(parent)) {
                faults.push(format!("after {place} {id} is in what is not there"));
            }
            if !slugs.insert((&known.parent, &known.slug)) {
                faults.push(format!("after {place} two siblings are {}", known.slug));
            }
        }
        self.faults.extend(faults);
    }

    /// The public tree: category and parent.
    fn public(&self) -> BTreeSet<(String, Option<String>)> {
        let shown =
            self.categories.iter().filter(|(id, _)| self.way(id).all(|id| !self.categories[id].hidden));
        shown.map(|(id, known)| (id.clone(), known.parent.clone())).collect()
    }
}

/// The log's changes in order, each with the number of its entry.
fn changes(aftermath: &Aftermath<'_>) -> Vec<(u64, TreeChange)> {
    let entries = aftermath.entities::<TreeLogEntry>("tree_log_entry");
    let mut entries: Vec<TreeLogEntry> = entries.into_values().collect();
    entries.sort_by_key(|entry| entry.number);
    entries
        .iter()
        .flat_map(|it| it.changes().unwrap().into_iter().map(|change| (it.number, change)))
        .collect()
}

/// Name of a change in the ledger.
fn wish(change: &TreeChange) -> Option<String> {
    match change {
        TreeChange::Create { slug, .. } => Some(format!("create {}", slug.as_str())),
        TreeChange::Update { id, name, .. } => Some(format!("call {id} {}", name.as_str())),
        TreeChange::Move { id, parent, .. } => {
            let parent = parent.map_or_else(|| "the top".to_owned(), |parent| parent.to_string());
            Some(format!("move {id} to {parent}"))
        }
        TreeChange::Cascade { id } | TreeChange::Dissolve { id } => Some(format!("delete {id}")),
        TreeChange::Populate { .. } | TreeChange::Settle { .. } | TreeChange::Unknown(_) => None,
    }
}

/// No cycle, no orphan, no two siblings with one slug after any change, and no gap in
/// the numbers.
pub async fn the_tree_is_a_tree_after_every_change(aftermath: &Aftermath<'_>) -> Faults {
    let mut faults = Model::of(aftermath).faults;
    let numbers: BTreeSet<u64> = aftermath
        .entities::<TreeLogEntry>("tree_log_entry")
        .into_values()
        .map(|entry| entry.number)
        .collect();
    if numbers.last().is_some_and(|last| *last != numbers.len() as u64) {
        faults.push(format!("the log has gaps: {numbers:?}"));
    }
    faults
}

/// The log has each granted change as often as it was granted, and no change that was
/// not requested. Deleting a deleted category changes nothing.
pub async fn granted_changes_of_the_tree_are_made_once(aftermath: &Aftermath<'_>) -> Faults {
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for (_, change) in changes(aftermath) {
        if let Some(wish) = wish(&change) {
            *made.entry(wish).or_default() += 1;
        }
    }
    let left = Model::of(aftermath).categories;
    let ledger = aftermath.platform.ledger();
    let wishes = &ledger.catalog.tree;
    let unasked = made.iter().filter(|(wish, times)| wishes.get(*wish).is_none_or(|it| it.asked < **times));
    let mut faults: Faults =
        unasked.map(|(wish, times)| format!("{wish} {times} times, more than was asked for")).collect();
    for (wish, it) in wishes {
        let times = made.get(wish).copied().unwrap_or_default();
        let lost = match wish.strip_prefix("delete ") {
            Some(id) => it.granted > 0 && left.contains_key(id),
            None => times < it.granted,
        };
        if lost {
            faults.push(format!("{wish} was granted {} times and done {times} times", it.granted));
        }
    }
    faults
}

/// Every instance shows the tree of the log.
pub async fn everybody_sees_the_tree_of_the_log(aftermath: &Aftermath<'_>) -> Faults {
    let expected = Model::of(aftermath).public();
    let mut faults = Faults::new();
    for number in 0..INSTANCES {
        let ask = Ask::get("/api/v1/categories?limit=100");
        let answer = ask.ask(aftermath.platform, number, None).await.unwrap();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let shown = answer.body["data"].as_array().into_iter().flatten();
        let shown: BTreeSet<_> =
            shown.map(|category| (text(&category["id"]).unwrap(), text(&category["parent_id"]))).collect();
        if shown != expected {
            faults.push(format!("instance {number} shows {shown:?}, not {expected:?}"));
        }
    }
    faults
}

/// All contents of deleted categories have been handled.
pub async fn nothing_is_left_behind(aftermath: &Aftermath<'_>) -> Faults {
    let left = Model::of(aftermath).left_behind;
    left.into_iter().map(|(gone, child)| format!("{child} was in {gone} and has not been told")).collect()
}

/// Every category has an item with its parent, and no other item exists.
pub async fn a_category_has_an_item_and_no_other_is_left(aftermath: &Aftermath<'_>) -> Faults {
    let model = Model::of(aftermath).categories;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let items: BTreeMap<String, Option<String>> = aftermath
        .items("category")
        .map(|item| (text(&item["id"]).unwrap(), text(&item["parent_id"])))
        .collect();
    let expected: BTreeMap<String, Option<String>> =
        model.into_iter().map(|(id, known)| (id, known.parent)).collect();
    if items == expected { Faults::new() } else { vec![format!("the items are {items:?}, not {expected:?}")] }
}

/// An item of a product.
struct Product<'a> {
    id: &'a str,
    active: bool,
    withheld: bool,
    seller: Option<OrganizationId>,
    categories: BTreeSet<&'a str>,
    sku: &'a str,
    slug: &'a str,
}

fn products<'a>(aftermath: &'a Aftermath<'_>) -> Vec<Product<'a>> {
    let product = |item: &'a Value| Product {
        id: item["id"].as_str().unwrap(),
        active: item["card"]["status"] == "active",
        withheld: item["card"]["withheld"] == true,
        seller: item["card"]["seller"].as_str().and_then(|seller| seller.parse().ok()),
        categories: item["category_ids"].as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
        sku: item["card"]["sku"].as_str().unwrap(),
        slug: item["card"]["slug"].as_str().unwrap(),
    };
    aftermath.items("product").map(product).collect()
}

/// A product is listed in exactly the existing categories that it names, and has
/// exactly the SKU and the slug that it names.
pub async fn products_stand_where_they_say(aftermath: &Aftermath<'_>) -> Faults {
    let mut faults = Faults::new();
    let categories = Model::of(aftermath).categories;
    let products = products(aftermath);
    let mut places: BTreeSet<(String, String)> = BTreeSet::new();
    let mut claims: BTreeSet<(&str, String)> = BTreeSet::new();
    for product in &products {
        for category in &product.categories {
            if !categories.contains_key(*category) {
                faults.push(format!("{} is in {category}, which is gone", product.id));
            }
            places.insert((product.id.to_owned(), format!("CATEGORY#{category}")));
        }
        // SKUs are compared without case.
        claims.insert((product.id, product.sku.to_uppercase()));
        claims.insert((product.id, product.slug.to_owned()));
    }
    let rows = aftermath.items("product_row").filter_map(|row| {
        let place = row["place"].as_str().filter(|place| place.starts_with("CATEGORY#"))?;
        Some((row["product_id"].as_str()?.to_owned(), place.to_owned()))
    });
    let rows: BTreeSet<(String, String)> = rows.collect();
    if rows != places {
        faults.push(format!("products stand at {rows:?}, not {places:?}"));
    }
    let claimed = ["sku", "slug"].into_iter().zip(["sku", "product_slug"]).flat_map(|(name, kind)| {
        aftermath
            .items(kind)
            .map(move |it| (it["product_id"].as_str().unwrap(), it[name].as_str().unwrap().to_owned()))
    });
    let claimed: BTreeSet<(&str, String)> = claimed.collect();
    if claimed != claims {
        faults.push(format!("names are taken by {claimed:?}, not {claims:?}"));
    }
    faults
}

pub async fn categories_count_their_products(aftermath: &Aftermath<'_>) -> Faults {
    let mut expected: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    let products = products(aftermath);
    for product in &products {
        for category in &product.categories {
            let counts = expected.entry(category).or_default();
            *counts = (counts.0 + 1, counts.1 + i64::from(product.active && !product.withheld));
        }
    }
    let counted = aftermath.items("category_count").map(|it| {
        let number = |name: &str| it[name].as_i64().unwrap_or_default();
        (it["category_id"].as_str().unwrap(), (number("products"), number("active")))
    });
    let counted: BTreeMap<&str, (i64, i64)> = counted.filter(|(_, counts)| *counts != (0, 0)).collect();
    if counted == expected { Faults::new() } else { vec![format!("{counted:?} counted of {expected:?}")] }
}

pub async fn made_products_are_there(aftermath: &Aftermath<'_>) -> Faults {
    let left: BTreeSet<&str> = aftermath.items("product").map(|item| item["id"].as_str().unwrap()).collect();
    let ledger = aftermath.platform.ledger();
    let made = ledger.catalog.products.iter();
    let lost = made.filter(|id| !left.contains(id.as_str()) && !ledger.catalog.unwanted.contains(*id));
    lost.map(|id| format!("{id} is lost")).collect()
}

/// A product is withheld from the public if and only if its organisation is not active.
pub async fn products_follow_their_seller(aftermath: &Aftermath<'_>) -> Faults {
    let counters = aftermath.entities::<OrganizationCounters>("organization_counters").into_values();
    let active: BTreeSet<OrganizationId> = counters
        .filter(|counters| counters.status == OrganizationStatus::Active)
        .map(|counters| counters.organization_id)
        .collect();
    let wrong = products(aftermath)
        .into_iter()
        .filter(|product| product.withheld != product.seller.is_some_and(|seller| !active.contains(&seller)));
    wrong.map(|product| format!("{} is withheld or not, unlike its organisation", product.id)).collect()
}

pub async fn sellers_count_their_products(aftermath: &Aftermath<'_>) -> Faults {
    let mut expected: BTreeMap<OrganizationId, (i64, i64)> = BTreeMap::new();
    for product in products(aftermath) {
        let Some(seller) = product.seller else { continue };
        let counts = expected.entry(seller).or_default();
        *counts = (counts.0 + 1, counts.1 + i64::from(product.withheld));
    }
    let counted = aftermath.items("seller_count").map(|it| {
        let number = |name: &str| it[name].as_i64().unwrap_or_default();
        (it["seller"].as_str().unwrap().parse().unwrap(), (number("products"), number("withheld")))
    });
    let counted: BTreeMap<OrganizationId, (i64, i64)> =
        counted.filter(|(_, counts)| *counts != (0, 0)).collect();
    if counted == expected { Faults::new() } else { vec![format!("{counted:?} counted of {expected:?}")] }
}
