//! `GET /api/v1/organizations/{organization_id}/members`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{InvalidCursor, List, Page, Paging, Path, Reply, problem::NOT_FOUND},
    id::OrganizationId,
    identity::{Caller, MaybeCaller},
    membership::MemberAction,
    vocabulary::OrganizationRole,
};
use utoipa::IntoParams;

use crate::{
    access::{is_visible, permit_or_manage},
    state::Organizations,
    store::{ListedMember, Overview},
    view::MemberView,
};

/// Member filters.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MemberFilters {
    /// Filter by role.
    #[param(inline)]
    role: Option<OrganizationRole>,
}

shared::problems! {
    /// Errors of listing members.
    pub enum ListMembersError {
        NotFound => NOT_FOUND,
        Cursor(InvalidCursor),
    }
}

/// List members
///
/// Lists the members, the highest role first, then by time of joining. Members of the
/// organisation and administrators see everyone; others see public members only. Eventually
/// consistent.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{organization_id}/members",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        MemberFilters, Paging,
    ),
    security((), ("bearer" = [])),
    responses(Reply<Page<MemberView>>, ListMembersError),
)]
pub async fn list_members(
    State(organizations): State<Organizations>,
    MaybeCaller(caller): MaybeCaller,
    Path(id): Path<OrganizationId>,
    List { filters, paging }: List<MemberFilters>,
) -> Result<Reply<Page<MemberView>>, ListMembersError> {
    let reader = caller.as_ref().map(|caller| caller.user_id);
    let found = organizations.store.get_organization(id, reader).await?;
    let found = found.filter(|found| is_visible(&found.counters, found.member.as_ref(), caller.as_ref()));
    let found = found.ok_or(ListMembersError::NotFound)?;
    let public_only = !sees_all(caller.as_ref(), &found);
    let after: Option<String> = paging.after(reader)?;
    let listed =
        organizations.store.list_members(id, (filters.role, public_only), after, paging.to_read()).await?;
    let Page { data, has_more, next_cursor } =
        paging.page(reader, listed, |member: &ListedMember| member.sort.clone())?;
    let users = data.iter().map(|member| member.card.user_id);
    let mut profiles = organizations.store.get_profiles(users).await?;
    let members = data.into_iter().map(|ListedMember { card, since, .. }| {
        let name = profiles.remove(&card.user_id).and_then(|profile| profile.name);
        MemberView::new(card, since, name)
    });
    Ok(Reply(Page { data: members.collect(), has_more, next_cursor }))
}

/// True if a caller sees all members.
fn sees_all(caller: Option<&Caller>, found: &Overview) -> bool {
    let (counters, member) = (&found.counters, found.member.as_ref());
    caller.is_some_and(|caller| permit_or_manage(caller, counters, member, MemberAction::ViewMembers).is_ok())
}
