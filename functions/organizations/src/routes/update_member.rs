//! `PATCH /api/v1/organizations/{organization_id}/members/{member_id}`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{
        Faults, IfMatch, Json, Patch, Path, Problem, Reply, Stale, Versioned,
        problem::{FORBIDDEN, NOT_FOUND},
    },
    id::{OrganizationId, UserId},
    identity::Caller,
    membership::{Counted, Member, MemberAction},
    table::{Attempt, item::Stored, optimistic},
    vocabulary::OrganizationRole,
};
use utoipa::ToSchema;

use crate::{
    access::{Actor, Grant, access_problems, is_visible, known, must_be_active, permit},
    problems::{LAST_OWNER, NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, ROLE_ABOVE_OWN},
    state::Organizations,
    store::{Members, Writer},
    view::MemberView,
};

/// Changes of a member.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(examples(json!({ "public": true })))]
pub struct UpdateMemberRequest {
    /// Role.
    #[serde(default)]
    #[schema(value_type = Option<OrganizationRole>)]
    role: Patch<OrganizationRole>,
    /// True to be shown to everyone. For the member only.
    #[serde(default)]
    #[schema(value_type = Option<bool>)]
    public: Patch<bool>,
}

shared::problems! {
    /// Errors of updating a member.
    pub enum UpdateMemberError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        Forbidden => FORBIDDEN,
        AboveOwn => ROLE_ABOVE_OWN,
        LastOwner => LAST_OWNER,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
    }
}

access_problems!(UpdateMemberError);

/// Update a member
///
/// Applies a JSON merge patch (RFC 7396). Owners grant any role to anyone. Admins grant
/// roles up to their own to members below them. Members may lower their own role, and
/// choose to be public. Granting the role `owner` requires a recent authentication.
#[utoipa::path(
    patch,
    path = "/api/v1/organizations/{organization_id}/members/{member_id}",
    params(
        ("organization_id" = OrganizationId, Path, description = "The organisation's id."),
        ("member_id" = UserId, Path, description = "The id of the member's account."),
    ),
    security(("bearer" = ["recent_authentication"])),
    request_body = UpdateMemberRequest,
    responses(Versioned<Reply<MemberView>>, UpdateMemberError),
)]
pub async fn update_member(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path((id, user)): Path<(OrganizationId, UserId)>,
    if_match: IfMatch,
    Json(body, faults): Json<UpdateMemberRequest>,
) -> Result<Versioned<Reply<MemberView>>, Problem> {
    let changed = change(&organizations, &caller, (id, user), &if_match, (body, faults)).await?;
    let profile = organizations.store.get_profiles([user]).await?.remove(&user);
    let view = MemberView::of(changed.entity, profile.and_then(|profile| profile.name));
    Ok(Versioned(changed.version, Reply(view)))
}

/// Applies a request to a member; gives the result.
async fn change(
    organizations: &Organizations,
    caller: &Caller,
    (id, user): (OrganizationId, UserId),
    if_match: &IfMatch,
    (body, faults): (UpdateMemberRequest, Faults),
) -> Result<Stored<Member>, Problem> {
    let (body, faults) = (&body, &faults);
    optimistic(|| async move {
        let members = organizations.store.get_members(id, &[caller.user_id, user]).await?;
        let members = members.ok_or(UpdateMemberError::NotFound)?;
        let request = (body.clone(), faults.clone());
        let (before, after, own) = judge(&members, caller, user, if_match, request)?;
        let is_granted = after.card.role != before.entity.card.role;
        if !is_granted && after.card.public == before.entity.card.public {
            return Ok(Attempt::Done(before.clone()));
        }
        if let (true, Some(role)) = (is_granted, after.card.role.known()) {
            Grant::judge(caller, role, &organizations.verifier).await?;
        }
        let now = organizations.context.clock.now();
        let writer = Writer { user: caller.user_id, actor: Actor::Member(own), now };
        match organizations.store.replace_member(before, &after, writer).await {
            Ok(()) => Ok(Attempt::Done(Stored { entity: after, version: before.version + 1 })),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}

/// Judges a request by the members as they were read; gives the member before and after
/// it, and the role of the caller.
fn judge<'m>(
    members: &'m Members,
    caller: &Caller,
    user: UserId,
    if_match: &IfMatch,
    (body, faults): (UpdateMemberRequest, Faults),
) -> Result<(&'m Stored<Member>, Member, OrganizationRole), UpdateMemberError> {
    let own = members.get(caller.user_id);
    if !is_visible(&members.counters, own, Some(caller)) {
        return Err(UpdateMemberError::NotFound);
    }
    let is_own = user == caller.user_id;
    let (before, role) = if is_own {
        let before = own.ok_or(UpdateMemberError::NotFound)?;
        (before, known(before.entity.card.role.known())?)
    } else {
        let role = permit(&members.counters, own, MemberAction::ManageMembers)?;
        (members.get(user).ok_or(UpdateMemberError::NotFound)?, role)
    };
    must_be_active(&members.counters)?;
    if_match.check(before.version)?;
    let after = apply(body, faults, &before.entity, is_own)?;
    judge_role(members, role, is_own, (&before.entity, &after))?;
    Ok((before, after, role))
}

/// Judges a change of the role. Nobody raises their own role, except owners, who have the
/// highest.
fn judge_role(
    members: &Members,
    own: OrganizationRole,
    is_own: bool,
    (before, after): (&Member, &Member),
) -> Result<(), UpdateMemberError> {
    let (from, to) = (&before.card.role, &after.card.role);
    if from == to {
        return Ok(());
    }
    let (from, to) = (known(from.known())?, known(to.known())?);
    if !own.may_grant(to) || !(is_own || own.outranks(from)) {
        return Err(UpdateMemberError::AboveOwn);
    }
    let counted = Counted::changing(&before.card.role, to);
    if counted.owners < 0 && members.counters.owners <= 1 {
        Err(UpdateMemberError::LastOwner)
    } else {
        Ok(())
    }
}

/// The member after the request.
fn apply(
    body: UpdateMemberRequest,
    mut faults: Faults,
    before: &Member,
    own: bool,
) -> Result<Member, UpdateMemberError> {
    let mut after = before.clone();
    let role = faults.patch_required("/role", body.role, Ok);
    let public = faults.patch_required("/public", body.public, Ok);
    faults.transition("/role", &mut after.card.role, role.flatten());
    let (_, public) = faults.done((role, public))?;
    if let Some(public) = public {
        if !own {
            return Err(UpdateMemberError::Forbidden);
        }
        after.card.public = public;
    }
    Ok(after)
}
