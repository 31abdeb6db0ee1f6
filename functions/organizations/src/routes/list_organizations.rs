//! `GET /api/v1/organizations`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Failure,
    http::{
        InvalidCursor, List, Page, Paging, PublicReply,
        problem::{AUTHENTICATION_REQUIRED, FORBIDDEN, UNSUPPORTED_FILTER_COMBINATION},
    },
    identity::{Caller, MaybeCaller},
    text::searched,
    vocabulary::OrganizationStatus,
};
use utoipa::IntoParams;

use super::get_organization::PUBLIC_SECONDS;
use crate::{
    access::manages, rows::is_first_match, state::Organizations, store::ListedOrganization,
    view::OrganizationSummary,
};

/// Organisation filters. They cannot be combined.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrganizationFilters {
    /// Search by prefix of a word of the name, ignoring case and diacritics.
    q: Option<String>,
    /// Filter by status. Defaults to `active`; other statuses require an administrator.
    #[param(inline)]
    status: Option<OrganizationStatus>,
}

shared::problems! {
    /// Errors of listing organisations.
    pub enum ListOrganizationsError {
        Unsupported => UNSUPPORTED_FILTER_COMBINATION,
        Cursor(InvalidCursor),
        Anonymous => AUTHENTICATION_REQUIRED,
        Forbidden => FORBIDDEN,
    }
}

/// List organisations
///
/// Lists active organisations, the newest first; with `q`, by the matching text. Eventually
/// consistent: a change appears after a short delay.
#[utoipa::path(
    get,
    path = "/api/v1/organizations",
    params(OrganizationFilters, Paging),
    security((), ("bearer" = ["manage_organizations"])),
    responses(PublicReply<Page<OrganizationSummary>>, ListOrganizationsError),
)]
pub async fn list_organizations(
    State(organizations): State<Organizations>,
    MaybeCaller(caller): MaybeCaller,
    List { filters, paging }: List<OrganizationFilters>,
) -> Result<PublicReply<Page<OrganizationSummary>>, ListOrganizationsError> {
    let after: Option<String> = paging.after(None)?;
    let to_read = paging.to_read();
    // A search without words is ignored.
    let prefix = filters.q.as_deref().map(searched).filter(|prefix| !prefix.is_empty());
    let found = match (prefix, filters.status) {
        (Some(_), Some(_)) => return Err(ListOrganizationsError::Unsupported),
        (Some(prefix), None) => search(&organizations, &prefix, after, to_read).await?,
        (None, status) => {
            let status = listed_status(status, caller.as_ref())?;
            organizations.store.list_organizations(status, after, to_read).await?
        }
    };
    let page = paging.page(None, found, |organization: &ListedOrganization| organization.sort.clone())?;
    let body = page.map(|ListedOrganization { id, card, .. }| OrganizationSummary::new(id, card));
    Ok(PublicReply { body, max_age_seconds: caller.is_none().then_some(PUBLIC_SECONDS) })
}

/// The status that a caller may list.
fn listed_status(
    status: Option<OrganizationStatus>,
    caller: Option<&Caller>,
) -> Result<OrganizationStatus, ListOrganizationsError> {
    match (status, caller) {
        (None | Some(OrganizationStatus::Active), _) => Ok(OrganizationStatus::Active),
        (Some(_), None) => Err(ListOrganizationsError::Anonymous),
        (Some(status), Some(caller)) if manages(caller) => Ok(status),
        (Some(_), Some(_)) => Err(ListOrganizationsError::Forbidden),
    }
}

/// Finds up to `limit` organisations, each once: one with several words of the prefix is
/// shown at the first of them.
async fn search(
    organizations: &Organizations,
    prefix: &str,
    mut after: Option<String>,
    limit: usize,
) -> Result<Vec<ListedOrganization>, Failure> {
    let mut found = Vec::new();
    loop {
        let rows = organizations.store.find_organizations(prefix, after, limit).await?;
        let is_last = rows.len() < limit;
        after = rows.last().map(|row| row.sort.clone());
        found.extend(rows.into_iter().filter(|row| {
            let words = row.sort.rsplit_once('#').map_or("", |(words, _)| words);
            is_first_match(&row.card.name, prefix, words)
        }));
        if is_last || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
    }
}
