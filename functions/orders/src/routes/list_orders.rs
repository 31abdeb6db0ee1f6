//! `GET /api/v1/orders`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    clock::Timestamp,
    http::{
        InvalidCursor, List, Page, Paging, Reply,
        problem::{FORBIDDEN, UNSUPPORTED_FILTER_COMBINATION},
    },
    id::{OrganizationId, UserId},
    identity::Caller,
    membership::MemberAction,
    vocabulary::OrderStatus,
};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::manages,
    state::Orders,
    store::{ListedOrder, OrderFilter},
    view::OrderSummary,
};

/// Order filters. `user_id` cannot be combined with `status` or `seller`. `user_id`, and
/// `status` without `seller`, require an administrator.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderFilters {
    /// Filter by customer.
    user_id: Option<UserId>,
    /// Filter by selling organisation. Requires a member of it, or an administrator.
    seller: Option<OrganizationId>,
    /// Filter by status.
    status: Option<OrderStatus>,
    /// Earliest creation time, inclusive.
    created_after: Option<Timestamp>,
    /// Latest creation time, exclusive.
    created_before: Option<Timestamp>,
    /// Sort order. Defaults to `-created_at`.
    #[param(inline)]
    sort: Option<Sort>,
}

/// Sort order of orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Sort {
    /// Oldest first.
    #[serde(rename = "created_at")]
    Oldest,
    /// Newest first.
    #[serde(rename = "-created_at")]
    Newest,
}

shared::problems! {
    /// Errors of listing orders.
    pub enum ListOrdersError {
        Unsupported => UNSUPPORTED_FILTER_COMBINATION,
        Cursor(InvalidCursor),
        Forbidden => FORBIDDEN,
    }
}

/// List orders
///
/// Lists the caller's own orders; with `seller`, the orders of an organisation.
/// Administrators list all orders. Eventually consistent: a change appears after a short
/// delay.
#[utoipa::path(
    get,
    path = "/api/v1/orders",
    params(OrderFilters, Paging),
    security(("bearer" = [])),
    responses(Reply<Page<OrderSummary>>, ListOrdersError),
)]
pub async fn list_orders(
    State(orders): State<Orders>,
    caller: Caller,
    List { filters, paging }: List<OrderFilters>,
) -> Result<Reply<Page<OrderSummary>>, ListOrdersError> {
    let reader = Some(caller.user_id);
    let filter = filter(&orders, &caller, filters).await?;
    let after: Option<String> = paging.after(reader)?;
    let found = orders.store.list_orders(filter, after.as_deref(), paging.to_read()).await?;
    let page = paging.page(reader, found, |order: &ListedOrder| order.sort.clone())?;
    Ok(Reply(page.map(OrderSummary::from)))
}

async fn filter(
    orders: &Orders,
    caller: &Caller,
    filters: OrderFilters,
) -> Result<OrderFilter, ListOrdersError> {
    let OrderFilters { user_id, seller, status, created_after, created_before, sort } = filters;
    let descending = sort != Some(Sort::Oldest);
    let filter = OrderFilter { user: None, seller, status, created_after, created_before, descending };
    if let Some(seller) = seller {
        if user_id.is_some() {
            return Err(ListOrdersError::Unsupported);
        }
        if !manages(caller) {
            let standing = orders.store.get_standing(seller, caller.user_id).await?;
            if !standing.may(MemberAction::ViewOrders) {
                return Err(ListOrdersError::Forbidden);
            }
        }
        return Ok(filter);
    }
    let user = if manages(caller) {
        user_id
    } else if user_id.is_some_and(|id| id != caller.user_id) {
        return Err(ListOrdersError::Forbidden);
    } else {
        Some(caller.user_id)
    };
    if user.is_some() && status.is_some() {
        return Err(ListOrdersError::Unsupported);
    }
    Ok(OrderFilter { user, ..filter })
}
