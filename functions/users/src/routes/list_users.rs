//! `GET /api/v1/users`

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::{
    clock::Timestamp,
    http::{InvalidCursor, List, Page, Paging, Problem, Reply, problem::UNSUPPORTED_FILTER_COMBINATION},
    id::UserId,
    identity::{Require, permission::ManageUsers},
    text::{Email, PersonName},
    vocabulary::{Open, Role, Status},
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    state::Users,
    store::{ListedUser, UserFilter},
};

/// Which accounts. `email` and `q` each stand alone.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UserFilters {
    /// What the account may do.
    role: Option<Role>,
    /// Whether it may be used.
    status: Option<Status>,
    /// Made at this moment or later.
    created_after: Option<Timestamp>,
    /// Made before this moment.
    created_before: Option<Timestamp>,
    /// The order; `created_at` where none is named.
    #[param(inline)]
    sort: Option<Sort>,
    /// The whole address.
    email: Option<String>,
    /// How the address or the name begins: matching addresses first, then names.
    q: Option<String>,
}

/// An order of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Sort {
    /// The oldest first.
    #[serde(rename = "created_at")]
    Oldest,
    /// The newest first.
    #[serde(rename = "-created_at")]
    Newest,
}

/// An account as a list shows it.
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
    /// Why no accounts are listed.
    pub enum ListUsersError {
        Unsupported => UNSUPPORTED_FILTER_COMBINATION,
        Cursor(InvalidCursor),
    }
}

/// Accounts
///
/// For administrators. A change may take a moment to show here. Either by any of
/// role, status and when they were made, or by one address, or by how an address
/// or a name begins.
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

/// The lists that `schema.rs` offers.
enum Kind {
    Created(UserFilter),
    Email(String),
    Prefix(String),
}

fn kind(filters: UserFilters) -> Result<Kind, ListUsersError> {
    let UserFilters { role, status, created_after, created_before, sort, email, q } = filters;
    let others = role.is_some()
        || status.is_some()
        || created_after.is_some()
        || created_before.is_some()
        || sort.is_some();
    match (email, q) {
        (None, None) => Ok(Kind::Created(UserFilter {
            role,
            status,
            created_after,
            created_before,
            descending: sort == Some(Sort::Newest),
        })),
        (Some(email), None) if !others => Ok(Kind::Email(email)),
        (None, Some(q)) if !others => Ok(Kind::Prefix(q.trim().to_lowercase())),
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

/// One account or none, as it is at this moment.
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

/// Where a search goes on: among addresses, or among names.
#[derive(Serialize, Deserialize)]
enum Position {
    Email(String),
    Name(String),
}

/// First whose address begins so, then whose name does and address does not.
async fn by_prefix(
    users: &Users,
    prefix: &str,
    paging: &Paging,
    reader: UserId,
) -> Result<Page<ListedUser>, ListUsersError> {
    let wanted = paging.to_read();
    let (after_email, mut after_name) = match paging.after(Some(reader))? {
        None => (None, None),
        Some(Position::Email(sort)) => (Some(sort), None),
        Some(Position::Name(sort)) => (None, Some(sort)),
    };
    let mut found = Vec::new();
    if after_name.is_none() {
        let by_email = users.store.find_users_by_email(prefix, after_email.as_deref(), wanted).await?;
        found.extend(by_email.into_iter().map(|user| (user, false)));
    }
    while found.len() < wanted {
        let missing = wanted - found.len();
        let by_name = users.store.find_users_by_name(prefix, after_name.as_deref(), missing).await?;
        let Some(last) = by_name.last().map(|user| user.sort.clone()) else { break };
        let whole = by_name.len() < missing;
        let others = by_name.into_iter().filter(|user| !user.card.email.as_str().starts_with(prefix));
        found.extend(others.map(|user| (user, true)));
        after_name = Some(last);
        if whole {
            break;
        }
    }
    let page = paging.page(Some(reader), found, |(user, by_name)| {
        let sort = user.sort.clone();
        if *by_name { Position::Name(sort) } else { Position::Email(sort) }
    })?;
    Ok(page.map(|(user, _)| user))
}
