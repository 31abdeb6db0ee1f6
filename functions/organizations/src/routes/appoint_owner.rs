//! `POST /api/v1/organizations/{organization_id}/appoint`

use axum::extract::State;
use serde::Deserialize;
use shared::{
    Refused,
    http::{Faults, Field, IfMatch, Json, Path, Problem, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::{OrganizationId, UserId},
    identity::{Require, permission::ManageOrganizations},
    membership::{Member, MemberCard},
    table::{Attempt, item::Stored, optimistic},
    vocabulary::OrganizationRole,
};
use utoipa::ToSchema;

use crate::{
    access::{Denied, Grant, must_be_active},
    problems::{ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED},
    state::Organizations,
    store::with_role,
    view::MemberView,
};

/// Appointment of an owner.
#[derive(Deserialize, ToSchema)]
#[schema(examples(json!({ "user_id": "user_01h455vb4pex5vsknk084sn02q" })))]
pub struct AppointOwnerRequest {
    /// Account of the new owner.
    #[schema(value_type = UserId)]
    user_id: Field<UserId>,
}

shared::problems! {
    /// Errors of appointing an owner.
    pub enum AppointOwnerError {
        NotFound => NOT_FOUND,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
    }
}

impl From<Denied> for AppointOwnerError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound | Denied::NotPermitted(_) => Self::NotFound,
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

/// Appoint an owner
///
/// Makes an account an owner of the organisation, for example if its owners cannot be
/// reached. Returns the membership. Administrators with a recent authentication only.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization_id}/appoint",
    params(("organization_id" = OrganizationId, Path, description = "The organisation's id.")),
    security(("bearer" = ["manage_organizations", "recent_authentication"])),
    request_body = AppointOwnerRequest,
    responses(Versioned<Reply<MemberView>>, AppointOwnerError),
)]
pub async fn appoint_owner(
    State(organizations): State<Organizations>,
    administrator: Require<ManageOrganizations>,
    Path(organization_id): Path<OrganizationId>,
    if_match: IfMatch,
    Json(body, mut faults): Json<AppointOwnerRequest>,
) -> Result<Versioned<Reply<MemberView>>, Problem> {
    let user_id = faults.required("/user_id", body.user_id, Ok);
    let user_id = faults.done(user_id).map_err(AppointOwnerError::from)?;
    let owner = Grant::judge(&administrator, OrganizationRole::Owner, &organizations.verifier).await?.role();
    let (organizations, if_match) = (&organizations, &if_match);
    let id = organizations.context.ids.next();
    let (member, name) = optimistic(|| async move {
        let members = organizations.store.get_members(organization_id, &[user_id]).await?;
        let members = members.ok_or(AppointOwnerError::NotFound)?;
        let profile = organizations.store.get_profile(user_id).await?.ok_or(AppointOwnerError::NotFound)?;
        must_be_active(&members.counters)?;
        let before = members.get(user_id);
        if let Some(before) = before {
            if_match.check(before.version)?;
            if before.entity.card.role == owner {
                return Ok(Attempt::Done((before.clone(), profile.name)));
            }
        }
        let after = match before {
            Some(before) => with_role(&before.entity, owner),
            None => Member {
                id,
                organization_id,
                card: MemberCard { user_id, role: owner.into(), public: false },
            },
        };
        let now = organizations.context.clock.now();
        match organizations.store.appoint_owner(before, &after, now).await {
            Ok(()) => {
                let version = before.map_or(1, |before| before.version + 1);
                Ok(Attempt::Done((Stored { entity: after, version }, profile.name)))
            }
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err::<_, AppointOwnerError>(failure.into()),
        }
    })
    .await?;
    Ok(Versioned(member.version, Reply(MemberView::of(member.entity, name))))
}
