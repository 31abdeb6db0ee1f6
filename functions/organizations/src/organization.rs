//! An organisation: its profile, its place in lists, and the claim on its slug.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    id::OrganizationId,
    table::{
        Condition, Expression,
        item::Entity,
        schema::{self, IndexKey, Key},
    },
    text::{City, OrganizationDescription, OrganizationName, Slug, Summary, WebUrl, searched},
    vocabulary::{Open, OrganizationStatus},
};

/// Time for which a former slug leads on to its organisation, and nobody else can take it.
const SLUG_HOLD: Duration = Duration::from_hours(90 * 24);

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Organization {
    /// Id, which has the time of creation.
    pub id: OrganizationId,
    /// Status.
    pub status: Open<OrganizationStatus>,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<OrganizationDescription>,
    /// Website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<WebUrl>,
    /// Further links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<WebUrl>,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Fields of lists.
    pub card: OrganizationCard,
}

/// An organisation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationCard {
    /// Name.
    pub name: OrganizationName,
    /// Slug.
    pub slug: Slug,
    /// Summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
    /// URL of the logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<WebUrl>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<City>,
    /// True if the platform has verified the organisation under its present name.
    #[serde(default)]
    pub verified: bool,
}

impl Organization {
    /// Names of the fields in which the profile differs in `after`.
    pub fn changed(&self, after: &Self) -> Vec<String> {
        let (one, other) = (&self.card, &after.card);
        let fields = [
            ("name", one.name != other.name),
            ("slug", one.slug != other.slug),
            ("summary", one.summary != other.summary),
            ("description", self.description != after.description),
            ("logo_url", one.logo_url != other.logo_url),
            ("website", self.website != after.website),
            ("links", self.links != after.links),
            ("city", one.city != other.city),
            ("verified", one.verified != other.verified),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name.to_owned()).collect()
    }

    /// True if the organisation is active.
    pub fn is_active(&self) -> bool {
        self.status == OrganizationStatus::Active
    }

    /// The claim on its slug.
    pub fn slug_claim(&self) -> SlugClaim {
        SlugClaim { slug: self.card.slug.clone(), organization_id: self.id, held_until: None }
    }
}

impl Entity for Organization {
    const TYPE: &'static str = "organization";

    fn key(&self) -> Key {
        schema::organization(self.id)
    }

    fn index_keys(&self) -> Vec<IndexKey> {
        let words = searched(self.card.name.as_str());
        vec![
            schema::organizations(&self.status, self.id),
            schema::organizations_by_words(&self.status, &words, self.id),
        ]
    }
}

/// Claim on a slug. A former slug is held for a while, so that links stay valid.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SlugClaim {
    slug: Slug,
    /// Organisation.
    pub organization_id: OrganizationId,
    /// End of the hold of a former slug.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held_until: Option<Timestamp>,
}

impl SlugClaim {
    /// The claim on a former slug.
    #[must_use]
    pub fn held(self, now: Timestamp) -> Self {
        Self { held_until: Some(now + SLUG_HOLD), ..self }
    }

    /// True if the slug leads to its organisation.
    pub fn leads(&self, now: Timestamp) -> bool {
        self.held_until.is_none_or(|until| now < until)
    }

    /// The condition that the slug is free for the organisation: unclaimed, its own former
    /// one, or no longer held.
    pub fn is_free(&self, now: Timestamp) -> Condition {
        Condition::When(
            Expression::new("attribute_not_exists(#pk) OR #organization_id = :own OR #held_until <= :now")
                .text(":own", self.organization_id)
                .text(":now", now),
        )
    }
}

impl Entity for SlugClaim {
    const TYPE: &'static str = "organization_slug";

    fn key(&self) -> Key {
        schema::organization_slug(&self.slug)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        self.held_until
    }
}
