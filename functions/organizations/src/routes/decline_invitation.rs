//! `POST /api/v1/invitations/{invitation_id}/decline`

use axum::extract::State;
use shared::{
    Refused,
    http::{IfMatch, Json, NoContent, Path},
    id::InvitationId,
    identity::Caller,
    table::{Attempt, optimistic},
    vocabulary::InvitationStatus,
};

use super::answer_invitation::{AnswerInvitationError, AnswerInvitationRequest, must_be_open, read, token};
use crate::state::Organizations;

/// Decline an invitation
///
/// Ends the invitation. The organisation may invite the address again. Repeating it has no
/// effect.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/{invitation_id}/decline",
    params(("invitation_id" = InvitationId, Path, description = "The invitation's id.")),
    security(("bearer" = [])),
    request_body = AnswerInvitationRequest,
    responses(NoContent, AnswerInvitationError),
)]
pub async fn decline_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<InvitationId>,
    if_match: IfMatch,
    Json(body, faults): Json<AnswerInvitationRequest>,
) -> Result<NoContent, AnswerInvitationError> {
    let token = token(body, faults)?;
    let (organizations, if_match, token) = (&organizations, &if_match, token.as_deref());
    let user = caller.user_id;
    optimistic(|| async move {
        let (before, profile, proved) = read(organizations, id, user, token).await?;
        if before.entity.card.status == InvitationStatus::Declined {
            return Ok(Attempt::Done(NoContent));
        }
        if_match.check(before.version)?;
        must_be_open(organizations, &before.entity, &profile, proved)?;
        let now = organizations.context.clock.now();
        match organizations.store.decline_invitation(&before, user, now).await {
            Ok(()) => Ok(Attempt::Done(NoContent)),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}
