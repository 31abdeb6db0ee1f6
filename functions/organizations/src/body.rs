//! The profile in requests.

use serde::Deserialize;
use shared::{
    clock::Timestamp,
    http::{Faults, Field, Patch},
    text::{City, Invalid, OrganizationDescription, OrganizationName, Slug, Summary, WebUrl},
};
use utoipa::ToSchema;

use crate::organization::Organization;

/// Maximum number of links.
pub const LINKS: usize = 10;

/// A new organisation.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({
    "name": "Analytical Society",
    "summary": "Evenings about machines that do not exist yet.",
    "website": "https://example.com",
    "city": "London",
})))]
pub struct CreateOrganizationRequest {
    /// Name.
    #[schema(value_type = OrganizationName)]
    pub(crate) name: Field<String>,
    /// Slug: name in URLs, unique among organisations. Defaults to one made from the name.
    #[schema(value_type = Option<Slug>)]
    pub(crate) slug: Field<String>,
    /// Summary.
    #[schema(value_type = Option<Summary>)]
    pub(crate) summary: Field<String>,
    /// Description.
    #[schema(value_type = Option<OrganizationDescription>)]
    pub(crate) description: Field<String>,
    /// URL of the logo.
    #[schema(value_type = Option<WebUrl>)]
    pub(crate) logo_url: Field<String>,
    /// Website.
    #[schema(value_type = Option<WebUrl>)]
    pub(crate) website: Field<String>,
    /// Further links, up to 10.
    #[schema(value_type = Option<Vec<WebUrl>>)]
    pub(crate) links: Field<Vec<String>>,
    /// City.
    #[schema(value_type = Option<City>)]
    pub(crate) city: Field<String>,
}

/// Changes of the profile of an organisation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(examples(json!({ "name": "Analytical Society", "summary": "Evenings about engines." })))]
pub struct UpdateOrganizationRequest {
    /// Name. A new one ends the verification by the platform.
    #[serde(default)]
    #[schema(value_type = Option<OrganizationName>)]
    name: Patch<String>,
    /// Slug: name in URLs, unique among organisations. For owners only. The former slug
    /// finds the organisation for 90 days.
    #[serde(default)]
    #[schema(value_type = Option<Slug>)]
    slug: Patch<String>,
    /// Summary.
    #[serde(default)]
    #[schema(value_type = Option<Summary>)]
    summary: Patch<String>,
    /// Description.
    #[serde(default)]
    #[schema(value_type = Option<OrganizationDescription>)]
    description: Patch<String>,
    /// URL of the logo.
    #[serde(default)]
    #[schema(value_type = Option<WebUrl>)]
    logo_url: Patch<String>,
    /// Website.
    #[serde(default)]
    #[schema(value_type = Option<WebUrl>)]
    website: Patch<String>,
    /// Further links, up to 10.
    #[serde(default)]
    #[schema(value_type = Option<Vec<WebUrl>>)]
    links: Patch<Vec<String>>,
    /// City.
    #[serde(default)]
    #[schema(value_type = Option<City>)]
    city: Patch<String>,
}

/// Method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    /// PUT: removes the fields that it does not name, except the slug.
    Replace,
    /// PATCH: keeps the fields that it does not name.
    Merge,
}

impl UpdateOrganizationRequest {
    /// The organisation after the request.
    pub(crate) fn apply(
        self,
        before: &Organization,
        method: Method,
        mut faults: Faults,
        now: Timestamp,
    ) -> Result<Organization, Faults> {
        let mut after = Organization { updated_at: now, ..before.clone() };
        if method == Method::Replace {
            (after.description, after.website, after.links) = (None, None, Vec::new());
            (after.card.summary, after.card.logo_url, after.card.city) = (None, None, None);
            if self.name == Patch::Absent {
                faults.add("/name", Invalid::new("required", "This field is required."));
            }
        }
        let name = faults.patch_required("/name", self.name, |text: String| {
            OrganizationName::parse_or_keep(&text, Some(&before.card.name))
        });
        let slug = faults.patch_required("/slug", self.slug, |text: String| Slug::parse(&text));
        let summary = faults.patch("/summary", self.summary, |text: String| Summary::parse(&text));
        let description = faults.patch("/description", self.description, |text: String| {
            OrganizationDescription::parse_or_keep(&text, before.description.as_ref())
        });
        let logo_url = faults.patch("/logo_url", self.logo_url, |text: String| WebUrl::parse(&text));
        let website = faults.patch("/website", self.website, |text: String| WebUrl::parse(&text));
        let city = faults.patch("/city", self.city, |text: String| City::parse(&text));
        match self.links {
            Patch::Absent => {}
            Patch::Null => after.links = Vec::new(),
            named => after.links = links(&mut faults, named.into()),
        }
        let parsed = (name, slug, summary, description, logo_url, website, city);
        let (name, slug, summary, description, logo_url, website, city) = faults.done(parsed)?;
        after.card.name = name.unwrap_or(after.card.name);
        // The platform has verified who acts under the former name.
        after.card.verified &= after.card.name == before.card.name;
        after.card.slug = slug.unwrap_or(after.card.slug);
        summary.apply(&mut after.card.summary);
        description.apply(&mut after.description);
        logo_url.apply(&mut after.card.logo_url);
        website.apply(&mut after.website);
        city.apply(&mut after.card.city);
        Ok(after)
    }
}

/// Parses the links of a request.
pub(crate) fn links(faults: &mut Faults, field: Field<Vec<String>>) -> Vec<WebUrl> {
    let texts = faults.optional("/links", field, |texts: Vec<String>| {
        let too_many = || Invalid::new("too_many_links", "An organisation has at most 10 links.");
        if texts.len() > LINKS { Err(too_many()) } else { Ok(texts) }
    });
    let texts = texts.flatten().unwrap_or_default().into_iter().enumerate();
    let parsed = texts.filter_map(|(place, text)| {
        let parsed = WebUrl::parse(&text);
        parsed.map_err(|invalid| faults.add(format!("/links/{place}"), invalid)).ok()
    });
    parsed.collect()
}
