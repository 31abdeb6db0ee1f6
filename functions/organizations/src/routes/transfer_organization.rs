//! `POST /api/v1/organizations/{organization_id}/transfer`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{Faults, Field, IfMatch, Json, Path, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::{OrganizationId, UserId},
    identity::RecentCaller,
    membership::MemberAction,
    table::{Attempt, item::Stored, optimistic},
    text::Invalid,
    vocabulary::OrganizationRole,
};
use utoipa::ToSchema;

use crate::{
    access::{access_problems, must_be_active, permit},
    problems::{NOT_A_MEMBER, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Organizations,
    store::with_role,
    view::MemberView,
};

/// Transfer of the ownership.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({ "user_id": "user_01h455vb4pex5vsknk084sn02q", "keep_role": "admin" })))]
pub struct TransferOrganizationRequest {
    /// Account of the new owner, who must be a member.
    #[schema(value_type = UserId)]
    user_id: Field<UserId>,
    /// Role that the caller keeps. Defaults to `admin`.
    #[schema(value_type = Option<OrganizationRole>)]
    keep_role: Field<OrganizationRole>,
}

shared::problems! {
    /// Errors of transferring the ownership.
    pub enum TransferOrganizationError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        NotAMember => NOT_A_MEMBER,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
    }
}

access_problems!(TransferOrganizationError);

/// Transfer the ownership
///
/// Makes another member an owner, and gives the caller a lower role. For owners with a
/// recent authentication. Returns the caller's membership.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/transfer",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = ["recent_authentication"])),
    request_body = TransferOrganizationRequest,
    responses(Versioned<Reply<MemberView>>, TransferOrganizationError),
)]
pub async fn transfer_organization(
    State(organizations): State<Organizations>,
    RecentCaller(caller): RecentCaller,
    Path(id): Path<OrganizationId>,
    if_match: IfMatch,
    Json(body, mut faults): Json<TransferOrganizationRequest>,
) -> Result<Versioned<Reply<MemberView>>, TransferOrganizationError> {
    let own = caller.user_id;
    let successor = faults.required("/user_id", body.user_id, |user| {
        let itself = || Invalid::new("already_owner", "The caller cannot be the new owner.");
        if user == own { Err(itself()) } else { Ok(user) }
    });
    let kept = faults.optional("/keep_role", body.keep_role, |role| {
        let owner = || Invalid::new("invalid_role", "The caller keeps a role below that of owners.");
        if role == OrganizationRole::Owner { Err(owner()) } else { Ok(role) }
    });
    let (successor, kept) = faults.done((successor, kept))?;
    let kept = kept.unwrap_or(OrganizationRole::Admin);
    let (organizations, if_match) = (&organizations, &if_match);
    let changed = optimistic(|| async move {
        let members = organizations.store.get_members(id, &[own, successor]).await?;
        let members = members.ok_or(TransferOrganizationError::NotFound)?;
        permit(&members.counters, members.get(own), MemberAction::TransferOwnership)?;
        must_be_active(&members.counters)?;
        let owner = members.get(own).ok_or(TransferOrganizationError::NotFound)?;
        if_match.check(owner.version)?;
        let successor = members.get(successor).ok_or(TransferOrganizationError::NotAMember)?;
        let now = organizations.context.clock.now();
        match organizations.store.transfer_ownership(owner, kept, successor, now).await {
            Ok(()) => Ok(Attempt::Done(Stored {
                entity: with_role(&owner.entity, kept),
                version: owner.version + 1,
            })),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err::<_, TransferOrganizationError>(failure.into()),
        }
    })
    .await?;
    let profile = organizations.store.get_profiles([own]).await?.remove(&own);
    let view = MemberView::of(changed.entity, profile.and_then(|profile| profile.name));
    Ok(Versioned(changed.version, Reply(view)))
}
