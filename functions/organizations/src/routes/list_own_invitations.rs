//! `GET /api/v1/invitations`

use axum::extract::State;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Reply},
    id::OrganizationId,
    identity::Caller,
};

use crate::{organization::Organization, state::Organizations, store::ListedInvitation, view::OwnInvitation};

shared::problems! {
    /// Errors of listing the caller's invitations.
    pub enum ListOwnInvitationsError {
        Cursor(InvalidCursor),
    }
}

/// List the caller's invitations
///
/// Lists the pending invitations of the caller's address, the newest first; none while the
/// address is not verified. Eventually consistent. A page may have fewer invitations than
/// `limit`, because expired ones and those of organisations that are not active are not
/// shown.
#[utoipa::path(
    get,
    path = "/api/v1/invitations",
    params(Paging),
    security(("bearer" = [])),
    responses(Reply<Page<OwnInvitation>>, ListOwnInvitationsError),
)]
pub async fn list_own_invitations(
    State(organizations): State<Organizations>,
    caller: Caller,
    List { filters: (), paging }: List<()>,
) -> Result<Reply<Page<OwnInvitation>>, ListOwnInvitationsError> {
    let reader = Some(caller.user_id);
    let after: Option<String> = paging.after(reader)?;
    let store = &organizations.store;
    let profile = store.get_profile(caller.user_id).await?.filter(|profile| profile.email_verified);
    let found = match profile {
        Some(profile) => store.list_invitations_for(&profile.address_mac, after, paging.to_read()).await?,
        None => Vec::new(),
    };
    let Page { data, has_more, next_cursor } =
        paging.page(reader, found, |invitation: &ListedInvitation| invitation.sort.clone())?;
    let now = organizations.context.clock.now();
    let open: Vec<_> = data.into_iter().filter(|invitation| invitation.card.is_open(now)).collect();
    // An address has one invitation to an organisation, so the ids are distinct.
    let ids: Vec<OrganizationId> = open.iter().map(|invitation| invitation.card.organization_id).collect();
    let invited_to = store.get_organizations(&ids).await?;
    let shown = open.into_iter().zip(invited_to).filter_map(|(invitation, organization)| {
        let organization = organization.filter(Organization::is_active)?;
        Some(OwnInvitation::new(invitation.id, &invitation.card, organization))
    });
    Ok(Reply(Page { data: shown.collect(), has_more, next_cursor }))
}
