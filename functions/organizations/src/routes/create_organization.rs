//! `POST /api/v1/organizations`

use axum::extract::State;
use shared::{
    Failure, Refused,
    http::{Created, Faults, IdempotencyKey, Idempotent, KeptReply, KeyReused, Replayable, Versioned, once},
    id::OrganizationId,
    identity::Caller,
    membership::{Member, MemberCard},
    table::item::Stored,
    text::{City, OrganizationDescription, OrganizationName, Slug, Summary, WebUrl, slugs_of},
    vocabulary::{OrganizationRole, OrganizationStatus},
};

use crate::{
    body::{CreateOrganizationRequest, links},
    organization::{Organization, OrganizationCard},
    problems::{EMAIL_NOT_VERIFIED, ORGANIZATION_LIMIT_REACHED, SLUG_TAKEN},
    state::Organizations,
    store::{CreateRefusal, NewOrganization},
    view::OrganizationView,
};

/// Maximum number of organisations that an account may own. Its memberships are listed by
/// an index, which may lag: simultaneous requests may exceed it.
const OWNED: usize = 10;

shared::problems! {
    /// Errors of creating an organisation.
    pub enum CreateOrganizationError {
        NotVerified => EMAIL_NOT_VERIFIED,
        SlugTaken => SLUG_TAKEN,
        TooMany => ORGANIZATION_LIMIT_REACHED,
        Invalid(Faults),
        KeyReused(KeyReused),
    }
}

type CreatedOrganization = Versioned<Created<KeptReply<OrganizationView>>>;

/// Create an organisation
///
/// Creates an organisation with the caller as its first owner. The caller needs a verified
/// email address (configurable), and may own at most 10 organisations.
#[utoipa::path(
    post,
    path = "/api/v1/organizations",
    params(IdempotencyKey),
    security(("bearer" = [])),
    request_body = CreateOrganizationRequest,
    responses(Replayable<CreatedOrganization>, CreateOrganizationError),
)]
pub async fn create_organization(
    State(organizations): State<Organizations>,
    caller: Caller,
    Idempotent(body, faults, attempt): Idempotent<CreateOrganizationRequest>,
) -> Result<Replayable<CreatedOrganization>, CreateOrganizationError> {
    let id: OrganizationId = organizations.context.ids.next();
    let record = attempt.record(caller.user_id, &[], id, id.created_at());
    let new = parse(body, faults)?;
    let (organizations, record) = (&organizations, record.as_ref());
    let create = async {
        let role = Some(OrganizationRole::Owner);
        let owned = organizations.store.list_memberships(caller.user_id, role, None, OWNED).await?;
        if owned.len() >= OWNED {
            return Err(CreateOrganizationError::TooMany);
        }
        let founder = Member {
            id: organizations.context.ids.next(),
            organization_id: id,
            card: MemberCard { user_id: caller.user_id, role: OrganizationRole::Owner.into(), public: false },
        };
        for slug in slugs(&new, id)? {
            let organization = new.organization(id, slug);
            let reply = reply(&organization, &founder)?;
            let record = record.map(|record| record.clone().with_reply(&reply));
            let record = record.as_ref();
            let verified_only = organizations.config.require_confirmed_email;
            let create =
                NewOrganization { organization: &organization, founder: &founder, record, verified_only };
            match organizations.store.create_organization(create).await {
                Ok(()) => return Ok(Some(created(&id.to_string(), reply))),
                Err(Refused::By(CreateRefusal::Repeated)) => return Ok(None),
                // A slug of the caller's choice has no other after it.
                Err(Refused::By(CreateRefusal::SlugTaken)) => {}
                Err(Refused::By(CreateRefusal::NotVerified)) => {
                    return Err(CreateOrganizationError::NotVerified);
                }
                Err(Refused::Failed(failure)) => return Err(failure.into()),
            }
        }
        Err(CreateOrganizationError::SlugTaken)
    };
    let first = async {
        let Some(first) = organizations.store.first_request(record).await? else { return Ok(None) };
        let id = first.resource().to_owned();
        Ok(first.reply()?.map(|reply| created(&id, reply)))
    };
    once(create, first).await
}

fn created(id: &str, body: KeptReply<OrganizationView>) -> CreatedOrganization {
    Versioned(1, Created { location: format!("/api/v1/organizations/{id}"), body })
}

fn reply(organization: &Organization, founder: &Member) -> Result<KeptReply<OrganizationView>, Failure> {
    let stored = Stored { entity: organization.clone(), version: 1 };
    KeptReply::new(&OrganizationView::new(stored, 1, Some(&founder.card.role)))
}

/// Slugs to try: that of the request, else others.
fn slugs(new: &NewProfile, id: OrganizationId) -> Result<Vec<Slug>, Failure> {
    if let Some(slug) = &new.slug {
        return Ok(vec![slug.clone()]);
    }
    slugs_of(new.name.as_str(), id)
}

/// A valid body.
struct NewProfile {
    name: OrganizationName,
    slug: Option<Slug>,
    summary: Option<Summary>,
    description: Option<OrganizationDescription>,
    logo_url: Option<WebUrl>,
    website: Option<WebUrl>,
    links: Vec<WebUrl>,
    city: Option<City>,
}

impl NewProfile {
    fn organization(&self, id: OrganizationId, slug: Slug) -> Organization {
        Organization {
            id,
            status: OrganizationStatus::Active.into(),
            description: self.description.clone(),
            website: self.website.clone(),
            links: self.links.clone(),
            updated_at: id.created_at(),
            card: OrganizationCard {
                name: self.name.clone(),
                slug,
                summary: self.summary.clone(),
                logo_url: self.logo_url.clone(),
                city: self.city.clone(),
                verified: false,
            },
        }
    }
}

fn parse(body: CreateOrganizationRequest, mut faults: Faults) -> Result<NewProfile, Faults> {
    let name = faults.required("/name", body.name, |text: String| OrganizationName::parse(&text));
    let slug = faults.optional("/slug", body.slug, |text: String| Slug::parse(&text));
    let summary = faults.optional("/summary", body.summary, |text: String| Summary::parse(&text));
    let description = faults
        .optional("/description", body.description, |text: String| OrganizationDescription::parse(&text));
    let logo_url = faults.optional("/logo_url", body.logo_url, |text: String| WebUrl::parse(&text));
    let website = faults.optional("/website", body.website, |text: String| WebUrl::parse(&text));
    let links = links(&mut faults, body.links);
    let city = faults.optional("/city", body.city, |text: String| City::parse(&text));
    let parsed = (name, slug, summary, description, logo_url, website, city);
    let (name, slug, summary, description, logo_url, website, city) = faults.done(parsed)?;
    Ok(NewProfile { name, slug, summary, description, logo_url, website, links, city })
}
