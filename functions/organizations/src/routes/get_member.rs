//! `GET /api/v1/organizations/{organization_id}/members/{member_id}`

use axum::extract::State;
use shared::{
    http::{Path, Reply, Versioned, problem::NOT_FOUND},
    id::{OrganizationId, UserId},
    identity::Caller,
    membership::MemberAction,
};

use crate::{
    access::{is_visible, permit_or_manage},
    state::Organizations,
    view::MemberView,
};

shared::problems! {
    /// Errors of getting a member.
    pub enum GetMemberError {
        NotFound => NOT_FOUND,
    }
}

/// Get a member
///
/// Returns a member. A member who is not public is visible to members of the organisation
/// and to administrators only; other callers get 404.
#[utoipa::path(
    get,
    path = "/api/v1/organizations/{organization_id}/members/{member_id}",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("member_id" = UserId, Path, description = "The id of the member's account."),
    ),
    security(("bearer" = [])),
    responses(Versioned<Reply<MemberView>>, GetMemberError),
)]
pub async fn get_member(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, user)): Path<(OrganizationId, UserId)>,
) -> Result<Versioned<Reply<MemberView>>, GetMemberError> {
    let users = [user, caller.user_id];
    let members = organizations.store.get_members(id, &users).await?.ok_or(GetMemberError::NotFound)?;
    let (counters, own) = (&members.counters, members.get(caller.user_id));
    let sees_all = permit_or_manage(&caller, counters, own, MemberAction::ViewMembers).is_ok();
    let found = members.get(user).filter(|_| is_visible(counters, own, Some(&caller)));
    let member = found.filter(|member| sees_all || member.entity.card.public);
    let member = member.ok_or(GetMemberError::NotFound)?.clone();
    let profile = organizations.store.get_profiles([user]).await?.remove(&user);
    let view = MemberView::of(member.entity, profile.and_then(|profile| profile.name));
    Ok(Versioned(member.version, Reply(view)))
}
