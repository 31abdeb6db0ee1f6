//! Common part of `accept_invitation` and `decline_invitation`: the invited person.

use serde::Deserialize;
use shared::{
    Failure,
    http::{Faults, Field, Stale, problem::NOT_FOUND},
    id::{InvitationId, InvitationKind, UserId},
    identity::{PublicProfile, mail_link::Purpose},
    membership::{Invitation, InvitationCard},
    table::item::Stored,
    text::Invalid,
    vocabulary::InvitationStatus,
};
use utoipa::ToSchema;

use crate::{
    access::Denied,
    problems::{
        AnotherAddress, EMAIL_NOT_VERIFIED, INVITATION_ACCEPTED, INVITATION_DECLINED, INVITATION_EXPIRED,
        INVITATION_REVOKED, INVITER_MAY_NOT_INVITE, MEMBER_LIMIT_REACHED, ORGANIZATION_BLOCKED,
        ORGANIZATION_CLOSED,
    },
    state::Organizations,
};

/// An answer to an invitation.
#[derive(Deserialize, ToSchema)]
pub struct AnswerInvitationRequest {
    /// Token from the emailed link. Needed while the account's address is not verified.
    #[schema(value_type = Option<String>, examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
}

shared::problems! {
    /// Errors of answering an invitation.
    pub enum AnswerInvitationError {
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

impl From<Denied> for AnswerInvitationError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound | Denied::NotPermitted(_) => Self::NotFound,
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

/// The token of a request.
pub(super) fn token(
    body: AnswerInvitationRequest,
    mut faults: Faults,
) -> Result<Option<String>, AnswerInvitationError> {
    let token = faults.optional("/token", body.token, Ok::<String, Invalid>);
    Ok(faults.done(token)?)
}

/// The invitation for the address of an account. For others it does not exist, unless they
/// hold its link.
pub(super) async fn read(
    organizations: &Organizations,
    id: InvitationId,
    user: UserId,
    token: Option<&str>,
) -> Result<(Stored<Invitation>, PublicProfile, bool), AnswerInvitationError> {
    let store = &organizations.store;
    let invitation = store.get_invitation(id).await?.ok_or(AnswerInvitationError::NotFound)?;
    let profile = store.get_profile(user).await?.ok_or(AnswerInvitationError::NotFound)?;
    let proved = match token {
        Some(token) => proves(organizations, &invitation.entity, token).await?,
        None => false,
    };
    if profile.address_mac != invitation.entity.address_mac {
        if !proved {
            return Err(AnswerInvitationError::NotFound);
        }
        // The preview shows the same to the holder of the link.
        let card = &invitation.entity.card;
        let open = Some(card).filter(|card| card.is_open(organizations.context.clock.now()));
        return Err(AnotherAddress { invited: open.and_then(InvitationCard::masked_email) }.into());
    }
    Ok((invitation, profile, proved))
}

/// True if the token is that of the invitation's latest link.
async fn proves(
    organizations: &Organizations,
    invitation: &Invitation,
    token: &str,
) -> Result<bool, Failure> {
    let now = organizations.context.clock.now();
    let followed = organizations.keys().await?.link.follow::<InvitationKind>(token, now);
    Ok(followed.is_some_and(|followed| {
        followed.subject == invitation.id
            && followed.proves(Purpose::AcceptInvitation, &invitation.bound_to())
    }))
}

/// Refuses an invitation that has ended, and an account that has not proved the address.
pub(super) fn must_be_open(
    organizations: &Organizations,
    invitation: &Invitation,
    profile: &PublicProfile,
    proved: bool,
) -> Result<(), AnswerInvitationError> {
    match invitation.card.status.known() {
        Some(InvitationStatus::Pending) => {}
        Some(InvitationStatus::Accepted) => return Err(AnswerInvitationError::Accepted),
        Some(InvitationStatus::Declined) => return Err(AnswerInvitationError::Declined),
        Some(InvitationStatus::Revoked) => return Err(AnswerInvitationError::Revoked),
        None => return Err(Failure::internal("the status of an invitation is not known here").into()),
    }
    if !invitation.card.is_open(organizations.context.clock.now()) {
        return Err(AnswerInvitationError::Expired);
    }
    if profile.email_verified || proved { Ok(()) } else { Err(AnswerInvitationError::NotVerified) }
}
