//! Categories of events: one list that administrators write. A category of it is never
//! removed, but retired: events may have it.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use shared::{
    http::{Faults, Field},
    table::{
        item::{Entity, Stored},
        schema::{self, Key},
    },
    text::{Invalid, Slug, Title},
};
use utoipa::ToSchema;

use crate::event::Details;

const MOST: usize = 300;

/// Maximum number of levels.
const LEVELS: usize = 3;

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCategories {
    /// Categories in the order in which pages show them.
    pub categories: Vec<EventCategory>,
}

/// A category of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventCategory {
    /// Slug, which identifies the category.
    pub slug: Slug,
    /// Name in English.
    pub name_en: Title,
    /// Name in Russian.
    pub name_ru: Title,
    /// Slug of the parent; absent at the top level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Slug>,
    /// True if events can no longer get the category.
    #[serde(default)]
    #[schema(examples(false))]
    pub retired: bool,
}

/// The list of a new platform: slug, English name, Russian name.
const INITIAL: &[(&str, &str, &str)] = &[
    ("music", "Music", "Музыка"),
    ("theatre", "Theatre", "Театр"),
    ("exhibitions", "Exhibitions", "Выставки"),
    ("film", "Film", "Кино"),
    ("talks", "Talks and lectures", "Лекции и встречи"),
    ("education", "Courses and workshops", "Курсы и мастер-классы"),
    ("business", "Business", "Бизнес"),
    ("technology", "Technology", "Технологии"),
    ("sports", "Sports", "Спорт"),
    ("outdoors", "Outdoors and tours", "Прогулки и экскурсии"),
    ("food", "Food and drink", "Еда и напитки"),
    ("family", "For children and families", "Детям и семьям"),
    ("festivals", "Festivals and fairs", "Фестивали и ярмарки"),
    ("community", "Community", "Сообщество"),
];

impl EventCategories {
    /// The list of a new platform.
    pub fn initial() -> Self {
        let categories = INITIAL.iter().filter_map(|(slug, en, ru)| {
            Some(EventCategory {
                slug: Slug::parse(slug).ok()?,
                name_en: Title::parse(en).ok()?,
                name_ru: Title::parse(ru).ok()?,
                parent: None,
                retired: false,
            })
        });
        Self { categories: categories.collect() }
    }

    /// True if an event can get the category.
    pub fn offers(&self, slug: &Slug) -> bool {
        self.categories.iter().any(|category| category.slug == *slug && !category.retired)
    }

    /// A category and all above it.
    pub fn path<'a>(&'a self, slug: &'a str) -> impl Iterator<Item = &'a str> {
        let parent = |slug: &str| {
            let found = self.categories.iter().find(|category| category.slug.as_str() == slug);
            found.and_then(|category| category.parent.as_ref()).map(Slug::as_str)
        };
        std::iter::successors(Some(slug), move |slug| parent(slug)).take(LEVELS + 1)
    }

    /// A category and all below it.
    pub fn subtree<'a>(&'a self, top: &'a str) -> impl Iterator<Item = &'a str> {
        let is_below = move |slug: &str| self.path(slug).skip(1).any(|ancestor| ancestor == top);
        let below = self.categories.iter().map(|category| category.slug.as_str());
        std::iter::once(top).chain(below.filter(move |slug| is_below(slug)))
    }

    /// True if every category of this list is in `after`.
    pub fn is_within(&self, after: &Self) -> bool {
        let kept: HashSet<&Slug> = after.categories.iter().map(|category| &category.slug).collect();
        self.categories.iter().all(|category| kept.contains(&category.slug))
    }
}

/// Refuses categories that the event did not have and the list does not offer. Without a
/// list, the request named none.
pub(crate) fn offered(
    list: Option<&EventCategories>,
    held: &[Slug],
    details: &Details,
) -> Result<(), Faults> {
    let Some(list) = list else { return Ok(()) };
    let mut faults = Faults::default();
    for (place, category) in details.categories.iter().enumerate() {
        if !held.contains(category) && !list.offers(category) {
            let detail = "The list of event categories does not offer this one.";
            faults.add(format!("/categories/{place}"), Invalid::new("unknown_category", detail));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

impl Entity for EventCategories {
    const TYPE: &'static str = "event_categories";

    fn key(&self) -> Key {
        schema::event_categories()
    }
}

/// The list in a request.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({ "categories": [{ "slug": "music", "name_en": "Music", "name_ru": "Музыка" }] })))]
pub struct EventCategoriesRequest {
    /// Categories, up to 300 in three levels.
    #[schema(value_type = Vec<EventCategory>)]
    categories: Field<Vec<serde_json::Map<String, serde_json::Value>>>,
}

#[derive(Deserialize)]
struct CategoryFields {
    slug: Field<String>,
    name_en: Field<String>,
    name_ru: Field<String>,
    parent: Field<String>,
    retired: Field<bool>,
}

impl EventCategoriesRequest {
    /// Parses the list.
    pub(crate) fn parse(self, mut faults: Faults) -> Result<EventCategories, Faults> {
        let objects = faults.required("/categories", self.categories, |objects| {
            let too_many = || Invalid::new("too_many", "At most 300 entries are allowed.");
            if objects.len() > MOST { Err(too_many()) } else { Ok(objects) }
        });
        let objects = objects.unwrap_or_default().into_iter().enumerate();
        let parsed: Vec<Option<EventCategory>> = objects
            .map(|(place, object)| {
                let at = |field: &str| format!("/categories/{place}/{field}");
                let fields: CategoryFields = faults.nested(&format!("/categories/{place}"), object)?;
                let slug = faults.required(&at("slug"), fields.slug, |text: String| Slug::parse(&text));
                let name_en =
                    faults.required(&at("name_en"), fields.name_en, |text: String| Title::parse(&text));
                let name_ru =
                    faults.required(&at("name_ru"), fields.name_ru, |text: String| Title::parse(&text));
                let parent = faults.optional(&at("parent"), fields.parent, |text: String| Slug::parse(&text));
                let retired = faults.optional(&at("retired"), fields.retired, Ok);
                Some(EventCategory {
                    slug: slug?,
                    name_en: name_en?,
                    name_ru: name_ru?,
                    parent: parent?,
                    retired: retired?.unwrap_or_default(),
                })
            })
            .collect();
        let categories: Option<Vec<EventCategory>> = parsed.into_iter().collect();
        if let Some(categories) = &categories {
            judge(&mut faults, categories);
        }
        faults.done(categories).map(|categories| EventCategories { categories })
    }
}

/// Refuses doubles, unknown parents and levels beyond the third.
fn judge(faults: &mut Faults, categories: &[EventCategory]) {
    let mut parents: HashMap<&Slug, Option<&Slug>> = HashMap::new();
    for (place, category) in categories.iter().enumerate() {
        if parents.insert(&category.slug, category.parent.as_ref()).is_some() {
            faults.add(
                format!("/categories/{place}/slug"),
                Invalid::new("duplicate", "This value is a duplicate."),
            );
        }
    }
    for (place, category) in categories.iter().enumerate() {
        let mut level = 1;
        let mut parent = category.parent.as_ref();
        while let Some(slug) = parent {
            level += 1;
            let next = parents.get(slug);
            if next.is_none() || level > LEVELS {
                let detail = "A parent is a category of the list, and the list has three levels.";
                faults.add(format!("/categories/{place}/parent"), Invalid::new("invalid_parent", detail));
                break;
            }
            parent = next.copied().flatten();
        }
    }
}

/// The categories of events.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EventCategories)]
pub struct EventCategoriesView {
    /// Categories in the order in which pages show them.
    categories: Vec<EventCategory>,
    /// Version, incremented by each change and held by the `ETag`; 0 for the list of a new
    /// platform.
    #[schema(examples(0))]
    version: u64,
}

impl EventCategoriesView {
    /// The list.
    pub fn of(stored: Stored<EventCategories>) -> Self {
        Self { categories: stored.entity.categories, version: stored.version }
    }
}
