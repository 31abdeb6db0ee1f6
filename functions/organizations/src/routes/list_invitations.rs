//! `GET /api/v1/organizations/{organization_id}/invitations`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Path, Reply, problem::NOT_FOUND},
    id::OrganizationId,
    identity::Caller,
    membership::MemberAction,
    vocabulary::InvitationStatus,
};
use utoipa::IntoParams;

use crate::{
    access::{Denied, permit_or_manage},
    problems::NotPermitted,
    state::Organizations,
    store::ListedInvitation,
    view::InvitationView,
};

/// Invitation filters.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InvitationFilters {
    /// Filter by status. Defaults to `pending`.
    #[param(inline)]
    status: Option<InvitationStatus>,
}

shared::problems! {
    /// Errors of listing invitations.
    pub enum ListInvitationsError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        Cursor(InvalidCursor),
    }
}

/// List invitations
///
/// Lists the invitations of the organisation, the newest first. For owners and admins, and
/// administrators of the platform. Eventually consistent.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{organization_id}/invitations",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        InvitationFilters, Paging,
    ),
    security(("bearer" = [])),
    responses(Reply<Page<InvitationView>>, ListInvitationsError),
)]
pub async fn list_invitations(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<OrganizationId>,
    List { filters, paging }: List<InvitationFilters>,
) -> Result<Reply<Page<InvitationView>>, ListInvitationsError> {
    let reader = Some(caller.user_id);
    let members = organizations.store.get_members(id, &[caller.user_id]).await?;
    let members = members.ok_or(ListInvitationsError::NotFound)?;
    let (counters, own) = (&members.counters, members.get(caller.user_id));
    permit_or_manage(&caller, counters, own, MemberAction::ViewInvitations).map_err(
        |denied| match denied {
            Denied::NotPermitted(needs) => ListInvitationsError::NotPermitted(needs),
            Denied::NotFound | Denied::Blocked | Denied::Closed => ListInvitationsError::NotFound,
        },
    )?;
    let after: Option<String> = paging.after(reader)?;
    let status = filters.status.unwrap_or(InvitationStatus::Pending);
    let listed = organizations.store.list_invitations(id, status, after, paging.to_read()).await?;
    let page = paging.page(reader, listed, |invitation: &ListedInvitation| invitation.sort.clone())?;
    let now = organizations.context.clock.now();
    Ok(Reply(page.map(|ListedInvitation { id, card, .. }| InvitationView::new(id, card, now))))
}
