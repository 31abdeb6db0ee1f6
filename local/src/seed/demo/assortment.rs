//! The shop's assortment, composed of the words: a number determines a product.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::words::{
    ADJECTIVES, CARE, COLORS, COUNTRIES, DEPARTMENTS, Department, SERIES, STYLES, Section, Shelf, Variety,
};

/// Number of products on a shelf: fewer than the pairs of a brand and a series, so that
/// each has a unique name.
const ON_A_SHELF: usize = 42;

/// Number of all products.
pub const PRODUCTS: usize = ON_A_SHELF * SHELVES;

const SHELVES: usize = {
    let (mut shelves, mut department) = (0, 0);
    while department < DEPARTMENTS.len() {
        let mut section = 0;
        while section < DEPARTMENTS[department].sections.len() {
            shelves += DEPARTMENTS[department].sections[section].shelves.len();
            section += 1;
        }
        department += 1;
    }
    shelves
};

/// Categories, each after its parent, and products.
#[derive(Debug)]
pub(super) struct Assortment {
    pub(super) categories: Vec<Category>,
    pub(super) products: Vec<Product>,
}

/// A category.
#[derive(Debug)]
pub(super) struct Category {
    /// Its path of slugs.
    pub(super) path: String,
    pub(super) name: String,
    pub(super) slug: String,
}

/// A product.
#[derive(Debug)]
pub(super) struct Product {
    /// The paths of its categories.
    pub(super) places: Vec<String>,
    /// Request body, without its categories.
    pub(super) body: Value,
}

impl Assortment {
    /// The first `products` products, and their categories.
    pub(super) fn of(products: usize) -> Self {
        let (mut categories, mut known) = (Vec::new(), HashSet::new());
        let shelves = DEPARTMENTS.iter().flat_map(|department| {
            let sections = department.sections.iter();
            sections.flat_map(move |section| {
                section.shelves.iter().map(move |shelf| (department, section, shelf))
            })
        });
        let numbered = shelves.flat_map(|shelf| (0..ON_A_SHELF).map(move |number| (shelf, number)));
        let products = numbered.take(products).map(|((department, section, shelf), number)| {
            let item = Item { department, section, shelf, number };
            let places = item.places().into_iter().map(|names| {
                let mut path = String::new();
                for name in names {
                    let slug = slug(&name);
                    path = if path.is_empty() { slug.clone() } else { format!("{path}/{slug}") };
                    if known.insert(path.clone()) {
                        categories.push(Category { path: path.clone(), name, slug });
                    }
                }
                path
            });
            Product { places: places.collect(), body: item.body() }
        });
        let products = products.collect();
        Self { categories, products }
    }
}

/// A product's position in the words.
struct Item {
    department: &'static Department,
    section: &'static Section,
    shelf: &'static Shelf,
    number: usize,
}

impl Item {
    /// The entry of a list at the product's number.
    fn of<T: Copy>(&self, list: &[T]) -> T {
        list[self.number % list.len()]
    }

    /// The paths of names of its categories, the main one first.
    fn places(&self) -> Vec<Vec<String>> {
        let Self { department, section, shelf, number } = self;
        let material = self.of(shelf.materials);
        let mut home = vec![
            department.name.to_owned(),
            section.name.to_owned(),
            shelf.name.to_owned(),
            capitalized(&format!("{material} {}", shelf.name.to_lowercase())),
        ];
        if material == shelf.materials[0] {
            home.push(STYLES[number / shelf.materials.len() % STYLES.len()].to_owned());
        }
        let mut places = vec![home];
        if self.is_reduced() {
            places.push(vec!["Offers".to_owned(), department.name.to_owned()]);
        }
        if number.is_multiple_of(5) {
            let range = match self.price() {
                ..2_500 => "Under 25 euros",
                2_500..7_500 => "25 to 75 euros",
                7_500.. => "Above 75 euros",
            };
            places.push(vec!["Gifts".to_owned(), range.to_owned()]);
        }
        places
    }

    /// Price between three and nine fifths of the shelf's usual one.
    fn price(&self) -> usize {
        self.shelf.price * (60 + self.number * 37 % 120) / 100 / 100 * 100 + 90
    }

    fn is_reduced(&self) -> bool {
        self.number % 6 == 1
    }

    fn body(&self) -> Value {
        let Self { department, shelf, number, .. } = self;
        let (brand, country) = (self.of(department.brands), self.of(&COUNTRIES));
        let (material, noun) = (self.of(shelf.materials), shelf.noun);
        let title = format!("{brand} {} {material} {noun}", self.of(&SERIES));
        let slug = slug(&title);
        let sku = format!("DEMO-{}-{number:03}", self::slug(shelf.name).to_uppercase());
        let image = |view| format!("https://picsum.photos/seed/{slug}-{view}/800/800");
        let mut body = json!({
            "sku": sku,
            "title": title,
            "slug": slug,
            "description": format!(
                "A {} {noun} of {material}, made in {country}. {}",
                self.of(&ADJECTIVES),
                self.of(&CARE),
            ),
            "price": euros(self.price()),
            "images": (1..=1 + number % 3).map(image).collect::<Vec<_>>(),
            "attributes": { "brand": brand, "material": material, "made_in": country },
            "status": match number {
                24 => "draft",
                39 => "archived",
                _ => "active",
            },
        });
        if self.is_reduced() {
            body["list_price"] = euros(self.price() * 5 / 4);
        }
        if shelf.variety.is_none_or(|variety| variety.attribute != "color") {
            body["attributes"]["color"] = json!(self.of(&COLORS));
        }
        match shelf.variety {
            Some(variety) => body["variants"] = self.variants(variety, &sku),
            None => body["initial_stock"] = json!(number * 13 % 60),
        }
        body
    }

    fn variants(&self, variety: Variety, sku: &str) -> Value {
        let variants = variety.values.iter().enumerate().map(|(index, value)| {
            json!({
                "sku": format!("{sku}-{}", slug(value).to_uppercase()),
                "title": value,
                "attributes": { variety.attribute: value },
                "price": euros(self.price() * (100 + variety.dearer * index) / 100),
                "initial_stock": (self.number * 13 + index * 7) % 60,
            })
        });
        variants.collect()
    }
}

fn euros(cents: usize) -> Value {
    json!({ "amount": cents, "currency": "EUR" })
}

/// Slug of a name.
fn slug(name: &str) -> String {
    name.to_lowercase().replace(' ', "-")
}

fn capitalized(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}
