//! The sections of the document: each is a tag with an introduction. A group has one
//! or more; operations find theirs by their path.

use serde::Serialize;

/// Tag of everybody's health: who reads the document meets it once, at the end.
const HEALTH: &str = "health";

/// A section, as OpenAPI has it.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    name: &'static str,
    #[serde(rename = "x-displayName")]
    display_name: String,
    description: String,
}

impl Tag {
    /// Makes a tag with the lines of the comment that introduces it.
    pub fn new(name: &'static str, lines: &[&'static str]) -> Self {
        // Without indents, which Markdown takes for code.
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_start()).collect();
        let (first, rest) = name.split_at(1);
        Self { name, display_name: format!("{}{rest}", first.to_uppercase()), description: lines.join("\n") }
    }
}

/// The tag of an operation: the one that its path begins with, else the group's
/// first.
pub(super) fn tag_of(tags: &[Tag], path: &str) -> &'static str {
    if path.ends_with("/health") {
        return HEALTH;
    }
    let collection = path.split('/').find(|part| !["", "api", "v1"].contains(part));
    let named = tags.iter().find(|tag| Some(tag.name) == collection).or(tags.first());
    named.map_or(HEALTH, |tag| tag.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_the_tag_of_its_collection() {
        let tags = [Tag::new("products", &[]), Tag::new("categories", &[])];
        for (path, tag) in [
            ("/api/v1/products/{product_id}", "products"),
            ("/api/v1/categories/{category_id}/products", "categories"),
            ("/api/v1/something", "products"),
            ("/api/v1/products/health", "health"),
            ("/health", "health"),
        ] {
            assert_eq!(tag_of(&tags, path), tag, "{path}");
        }
    }

    #[test]
    fn an_introduction_is_the_text_of_its_comment() {
        let tag = serde_json::json!(Tag::new("orders", &[" Orders.", "", " 1. `GET /orders`", "    lists"]));
        assert_eq!(tag["x-displayName"], "Orders");
        assert_eq!(tag["description"], "Orders.\n\n1. `GET /orders`\nlists");
    }
}
