//! `GET /api/v1/users`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    http::{InvalidCursor, List, Page, Paging, Problem, Reply, problem::UNSUPPORTED_FILTER_COMBINATION},
    id::UserId,
    identity::{Require, permission::ManageUsers},
    text::{Email, PersonName, searched},
    vocabulary::{Open, Role, Status},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    state::Users,
    store::{ListedUser, UserFilter},
};

/// Account filters. `email` and `q` cannot be combined with others.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserFilters {
    /// Filter by role.
    role: Option<Role>,
    /// Filter by status.
    status: Option<Status>,
    /// Earliest creation time, inclusive.
    created_after: Option<Timestamp>,
    /// Latest creation time, exclusive.
    created_before: Option<Timestamp>,
    /// Sort order. Defaults to `created_at`.
    #[param(inline)]
    sort: Option<Sort>,
    /// Filter by the complete email address.
    email: Option<String>,
    /// Search by prefix of the email address or the name; in names, case and diacritics
    /// are ignored. Matching addresses come first, then names.
    q: Option<String>,
}

/// Sort order of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Sort {
    /// Oldest first.
    #[serde(rename = "created_at")]
    Oldest,
    /// Newest first.
    #[serde(rename = "-created_at")]
    Newest,
}

/// An account in a list.
#[derive(Serialize, ToSchema)]
pub struct UserSummary {
    id: UserId,
    email: Email,
    email_verified: bool,
    name: Option<PersonName>,
    #[schema(value_type = Role)]
    role: Open<Role>,
    #[schema(value_type = Status)]
    status: Open<Status>,
    created_at: Timestamp,
}

impl From<ListedUser> for UserSummary {
    fn from(ListedUser { id, card, sort: _ }: ListedUser) -> Self {
        Self {
            id,
            email: card.email,
            email_verified: card.email_verified,
            name: card.name,
            role: card.role,
            status: card.status,
            created_at: id.created_at(),
        }
    }
}

shared::problems! {
    /// Errors of listing accounts.
    pub enum ListUsersError {
        Unsupported => UNSUPPORTED_FILTER_COMBINATION,
        Cursor(InvalidCursor),
    }
}

/// List accounts
///
/// Filters by role, status and creation time, or by one address (`email`), or by a
/// prefix (`q`). Eventually consistent: a change appears after a short delay.
/// Administrators only.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    params(UserFilters, Paging),
    security(("bearer" = ["manage_users"])),
    responses(Reply<Page<UserSummary>>, ListUsersError),
)]
pub async fn list_users(
    State(users): State<Users>,
    administrator: Require<ManageUsers>,
    list: List<UserFilters>,
) -> Result<Reply<Page<UserSummary>>, Problem> {
    let reader = administrator.user_id;
    let page = match kind(list.filters)? {
        Kind::Created(filter) => by_creation(&users, filter, &list.paging, reader).await?,
        Kind::Email(email) => by_email(&users, &email, &list.paging).await?,
        Kind::Prefix(prefix) => by_prefix(&users, &prefix, &list.paging, reader).await?,
    };
    Ok(Reply(page.map(UserSummary::from)))
}

/// The lists of `schema.rs`.
enum Kind {
    Created(UserFilter),
    Email(String),
    Prefix(Prefix),
}

/// Prefix of an address or a name.
struct Prefix {
    email: String,
    /// Folded by [`searched`]; none if the prefix can only be an address.
    name: Option<String>,
    /// Prefix of names as an earlier release has folded them, if that differs.
    former_name: Option<String>,
}

impl Prefix {
    /// `None` for a text without words.
    fn of(text: &str) -> Option<Self> {
        let name = searched(text);
        if name.is_empty() {
            return None;
        }
        let email = text.trim().to_lowercase();
        let name = Some(name).filter(|_| !email.contains('@'));
        let former_name = Some(email.clone()).filter(|former| name.as_ref() != Some(former));
        Some(Self { email, name, former_name })
    }
}

fn kind(filters: UserFilters) -> Result<Kind, ListUsersError> {
    let UserFilters { role, status, created_after, created_before, sort, email, q } = filters;
    let others = role.is_some()
        || status.is_some()
        || created_after.is_some()
        || created_before.is_some()
        || sort.is_some();
    // A search without words is ignored.
    match (email, q.as_deref().and_then(Prefix::of)) {
        (None, None) => Ok(Kind::Created(UserFilter {
            role,
            status,
            created_after,
            created_before,
            descending: sort == Some(Sort::Newest),
        })),
        (Some(email), None) if !others => Ok(Kind::Email(email)),
        (None, Some(prefix)) if !others => Ok(Kind::Prefix(prefix)),
        _ => Err(ListUsersError::Unsupported),
    }
}

async fn by_creation(
    users: &Users,
    filter: UserFilter,
    paging: &Paging,
    reader: UserId,
) -> Result<Page<ListedUser>, ListUsersError> {
    let after = paging.after(Some(reader))?;
    let found = users.store.list_users(filter, after, paging.to_read()).await?;
    Ok(paging.page(Some(reader), found, |user| user.id)?)
}

/// Finds the account of an address: strongly consistent.
async fn by_email(users: &Users, email: &str, paging: &Paging) -> Result<Page<ListedUser>, ListUsersError> {
    let Ok(email) = Email::parse(email) else { return Ok(empty()) };
    let mailbox = users.address_key().await?.mailbox(&email);
    let Some(login) = users.store.get_login(&mailbox).await? else { return Ok(empty()) };
    let user = users.store.get_user(login.entity.user_id).await?;
    let found =
        user.map(|user| ListedUser { id: user.entity.id, sort: String::new(), card: user.entity.into() });
    Ok(paging.page(None, found.into_iter().collect(), |_| ())?)
}

fn empty() -> Page<ListedUser> {
    Page { data: Vec::new(), has_more: false, next_cursor: None }
}

/// Part of a search to continue in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Part {
    /// Addresses.
    Email,
    /// Names.
    Name,
    /// Names as an earlier release has folded them.
    FormerName,
}

/// Finds accounts with a matching address first, then those with a matching name only.
async fn by_prefix(
    users: &Users,
    prefix: &Prefix,
    paging: &Paging,
    reader: UserId,
) -> Result<Page<ListedUser>, ListUsersError> {
    let wanted = paging.to_read();
    let after: Option<(Part, String)> = paging.after(Some(reader))?;
    let (first, mut after) = match after {
        Some((part, sort)) => (part, Some(sort)),
        None => (Part::Email, None),
    };
    let parts = [
        (Part::Email, Some(&prefix.email)),
        (Part::Name, prefix.name.as_ref()),
        (Part::FormerName, prefix.former_name.as_ref()),
    ];
    let mut found = Vec::new();
    for (part, text) in parts.into_iter().filter(|(part, _)| *part >= first) {
        let Some(text) = text else { continue };
        let mut after = after.take();
        while found.len() < wanted {
            let missing = wanted - found.len();
            let listed = match part {
                Part::Email => users.store.find_users_by_email(text, after.as_deref(), missing).await?,
                Part::Name | Part::FormerName => {
                    users.store.find_users_by_name(text, after.as_deref(), missing).await?
                }
            };
            let whole = listed.len() < missing;
            after = listed.last().map(|user| user.sort.clone());
            // Accounts that an earlier part has shown are left out.
            let by_email = |user: &ListedUser| user.card.email.as_str().starts_with(&prefix.email);
            let by_name = |user: &ListedUser| {
                prefix.name.as_ref().is_some_and(|name| user.sort.starts_with(name.as_str()))
            };
            let new = listed.into_iter().filter(|user| match part {
                Part::Email => true,
                Part::Name => !by_email(user),
                Part::FormerName => !by_email(user) && !by_name(user),
            });
            found.extend(new.map(|user| (user, part)));
            if whole {
                break;
            }
        }
    }
    let page = paging.page(Some(reader), found, |(user, part)| (*part, user.sort.clone()))?;
    Ok(page.map(|(user, _)| user))
}
