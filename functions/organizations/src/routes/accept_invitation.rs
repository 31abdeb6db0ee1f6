//! `POST /api/v1/invitations/{invitation_id}/accept`

use axum::extract::State;
use shared::{
    Refused,
    http::{Faults, IfMatch, Json, Path, Reply, Stale, Versioned, problem::NOT_FOUND},
    id::InvitationId,
    identity::Caller,
    membership::{MEMBERS, Member, MemberAction, MemberCard},
    table::{Attempt, item::Stored, optimistic},
    vocabulary::InvitationStatus,
};

use super::{
    answer_invitation::{
        AnswerInvitationRequest, Ended, answer_problems, ended, must_be_proved, read, token,
    },
    invite::role_of,
};
use crate::{
    access::{Denied, must_be_active},
    problems::{
        AnotherAddress, EMAIL_NOT_VERIFIED, INVITATION_ACCEPTED, INVITATION_DECLINED, INVITATION_EXPIRED,
        INVITATION_REVOKED, INVITER_MAY_NOT_INVITE, MEMBER_LIMIT_REACHED, ORGANIZATION_BLOCKED,
        ORGANIZATION_CLOSED,
    },
    state::Organizations,
    store::Acceptance,
    view::MemberView,
};

shared::problems! {
    /// Errors of accepting an invitation.
    pub enum AcceptInvitationError {
        NotFound => NOT_FOUND,
        NotVerified => EMAIL_NOT_VERIFIED,
        AnotherAddress(AnotherAddress),
        Accepted => INVITATION_ACCEPTED,
        Declined => INVITATION_DECLINED,
        Revoked => INVITATION_REVOKED,
        Expired => INVITATION_EXPIRED,
        InviterMayNotInvite => INVITER_MAY_NOT_INVITE,
        Full => MEMBER_LIMIT_REACHED,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
    }
}

answer_problems!(AcceptInvitationError);

impl From<Denied> for AcceptInvitationError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound | Denied::NotPermitted(_) => Self::NotFound,
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

impl From<Ended> for AcceptInvitationError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Accepted => Self::Accepted,
            Ended::Declined => Self::Declined,
            Ended::Revoked => Self::Revoked,
            Ended::Expired => Self::Expired,
        }
    }
}

/// Accept an invitation
///
/// Makes the caller, whose address must be the invited one, a member. A verified address
/// needs no token. A caller who is a member keeps the role, and the invitation ends.
/// Repeating it returns the same membership.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/{invitation_id}/accept",
    params(("invitation_id" = InvitationId, Path, description = "The invitation's id.")),
    security(("bearer" = [])),
    request_body = AnswerInvitationRequest,
    responses(Versioned<Reply<MemberView>>, AcceptInvitationError),
)]
pub async fn accept_invitation(
    State(organizations): State<Organizations>,
    caller: Caller,
    Path(id): Path<InvitationId>,
    if_match: IfMatch,
    Json(body, faults): Json<AnswerInvitationRequest>,
) -> Result<Versioned<Reply<MemberView>>, AcceptInvitationError> {
    let token = token(body, faults)?;
    let (organizations, if_match, token) = (&organizations, &if_match, token.as_deref());
    let user = caller.user_id;
    let member_id = organizations.context.ids.next();
    let (member, name) = optimistic(|| async move {
        let (before, profile, proved) = read(organizations, id, user, token).await?;
        let invitation = &before.entity;
        let (organization_id, inviter) = (invitation.card.organization_id, invitation.inviter_id);
        let members = organizations.store.get_members(organization_id, &[user, inviter]).await?;
        let members = members.ok_or(AcceptInvitationError::NotFound)?;
        let member = members.get(user);
        if let Some(member) = member.filter(|_| invitation.card.status != InvitationStatus::Pending) {
            return Ok(Attempt::Done((member.clone(), profile.name)));
        }
        if_match.check(before.version)?;
        if let Some(ended) = ended(organizations, invitation)? {
            return Err(ended.into());
        }
        must_be_proved(&profile, proved)?;
        must_be_active(&members.counters)?;
        if let Some(member) = member {
            let now = organizations.context.clock.now();
            let ended = organizations.store.accept_invitation_of_member(&before, member, now).await;
            return Ok(Attempt::of(ended)?.map(|()| (member.clone(), profile.name)));
        }
        if members.counters.members >= MEMBERS {
            return Err(AcceptInvitationError::Full);
        }
        let role = role_of(invitation)?;
        let inviter = members.get(inviter).and_then(|inviter| inviter.entity.card.role.known());
        let inviter =
            inviter.filter(|inviter| MemberAction::Invite.is_of(*inviter) && inviter.may_grant(role));
        inviter.ok_or(AcceptInvitationError::InviterMayNotInvite)?;
        let card = MemberCard { user_id: user, role: role.into(), public: false };
        let member = Member { id: member_id, organization_id, card };
        match organizations
            .store
            .accept_invitation(Acceptance { before: &before, member: &member, role })
            .await
        {
            Ok(()) => Ok(Attempt::Done((Stored { entity: member, version: 1 }, profile.name))),
            Err(Refused::By(_)) => Ok(Attempt::Retry),
            Err(Refused::Failed(failure)) => Err::<_, AcceptInvitationError>(failure.into()),
        }
    })
    .await?;
    Ok(Versioned(member.version, Reply(MemberView::of(member.entity, name))))
}
