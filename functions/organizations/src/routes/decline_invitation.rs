//! `POST /api/v1/invitations/{invitation_id}/decline`

use axum::extract::State;
use shared::{
    Refused,
    http::{Faults, IfMatch, Json, NoContent, Path, Stale, problem::NOT_FOUND},
    id::InvitationId,
    identity::Caller,
    table::{Attempt, optimistic},
};

use super::answer_invitation::{
    AnswerInvitationRequest, Ended, answer_problems, ended, must_be_proved, read, token,
};
use crate::{
    problems::{
        AnotherAddress, EMAIL_NOT_VERIFIED, INVITATION_ACCEPTED, INVITATION_EXPIRED, INVITATION_REVOKED,
    },
    state::Organizations,
};

shared::problems! {
    /// Errors of declining an invitation.
    pub enum DeclineInvitationError {
        NotFound => NOT_FOUND,
        NotVerified => EMAIL_NOT_VERIFIED,
        AnotherAddress(AnotherAddress),
        Accepted => INVITATION_ACCEPTED,
        Revoked => INVITATION_REVOKED,
        Expired => INVITATION_EXPIRED,
        Stale(Stale),
        Invalid(Faults),
    }
}

answer_problems!(DeclineInvitationError);

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
    responses(NoContent, DeclineInvitationError),
)]
pub async fn decline_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<InvitationId>,
    if_match: IfMatch,
    Json(body, faults): Json<AnswerInvitationRequest>,
) -> Result<NoContent, DeclineInvitationError> {
    let token = token(body, faults)?;
    let (organizations, if_match, token) = (&organizations, &if_match, token.as_deref());
    let user = caller.user_id;
    optimistic(|| async move {
        let (before, profile, proved) = read(organizations, id, user, token).await?;
        let refusal = match ended(organizations, &before.entity)? {
            Some(Ended::Declined) => return Ok(Attempt::Done(NoContent)),
            Some(Ended::Accepted) => Some(DeclineInvitationError::Accepted),
            Some(Ended::Revoked) => Some(DeclineInvitationError::Revoked),
            Some(Ended::Expired) => Some(DeclineInvitationError::Expired),
            None => None,
        };
        if_match.check(before.version)?;
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        must_be_proved(&profile, proved)?;
        let now = organizations.context.clock.now();
        match organizations.store.decline_invitation(&before, user, now).await {
            Ok(()) => Ok(Attempt::Done(NoContent)),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err(failure.into()),
        }
    })
    .await
}
