//! Common part of `accept_invitation` and `decline_invitation`: the invited person.

use serde::Deserialize;
use shared::{
    Failure, Refused,
    http::{Faults, Field},
    id::{InvitationId, InvitationKind, UserId},
    identity::{PublicProfile, mail_link::Purpose},
    membership::{Invitation, InvitationCard},
    table::item::Stored,
    text::Invalid,
    vocabulary::InvitationStatus,
};
use utoipa::ToSchema;

use crate::{problems::AnotherAddress, state::Organizations};

/// Acceptance or rejection of an invitation.
#[derive(Deserialize, ToSchema)]
pub struct AnswerInvitationRequest {
    /// Token from the emailed link. Required while the account's address is not verified.
    #[schema(value_type = Option<String>, examples("4HYDXAGh-8fZ6HBhs_L77y38MAoAAAAAAawJJRX9MT1oQsmnKjw5n6fm-LOYSuBGQmZ1aUIAitAgJ1fYM"))]
    token: Field<String>,
}

/// Reason for which an account cannot answer an invitation.
#[derive(Debug)]
pub(super) enum AnswerRefusal {
    /// The invitation does not exist for the account.
    NotFound,
    /// The account has another address, and the invitation's link.
    AnotherAddress(AnotherAddress),
    /// The account has not proved the address.
    NotVerified,
}

/// Makes the errors of an endpoint from the refusals of [`read`] and [`must_be_proved`].
macro_rules! answer_problems {
    ($error:ident) => {
        impl From<$crate::routes::answer_invitation::AnswerRefusal> for $error {
            fn from(refusal: $crate::routes::answer_invitation::AnswerRefusal) -> Self {
                use $crate::routes::answer_invitation::AnswerRefusal;
                match refusal {
                    AnswerRefusal::NotFound => Self::NotFound,
                    AnswerRefusal::AnotherAddress(address) => Self::AnotherAddress(address),
                    AnswerRefusal::NotVerified => Self::NotVerified,
                }
            }
        }
    };
}
pub(super) use answer_problems;

/// The end of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Accepted,
    Declined,
    Revoked,
    Expired,
}

/// The token of a request.
pub(super) fn token(body: AnswerInvitationRequest, mut faults: Faults) -> Result<Option<String>, Faults> {
    let token = faults.optional("/token", body.token, Ok::<String, Invalid>);
    faults.done(token)
}

/// The invitation for the address of an account. For others it does not exist, unless they
/// hold its link.
pub(super) async fn read(
    organizations: &Organizations,
    id: InvitationId,
    user: UserId,
    token: Option<&str>,
) -> Result<(Stored<Invitation>, PublicProfile, bool), Refused<AnswerRefusal>> {
    let store = &organizations.store;
    let unknown = || Refused::By(AnswerRefusal::NotFound);
    let invitation = store.get_invitation(id).await?.ok_or_else(unknown)?;
    let profile = store.get_profile(user).await?.ok_or_else(unknown)?;
    let proved = match token {
        Some(token) => proves(organizations, &invitation.entity, token).await?,
        None => false,
    };
    if profile.address_mac != invitation.entity.address_mac {
        if !proved {
            return Err(unknown());
        }
        // The preview shows the same to the holder of the link.
        let card = &invitation.entity.card;
        let open = Some(card).filter(|card| card.is_open(organizations.context.clock.now()));
        let another = AnotherAddress { invited: open.and_then(InvitationCard::masked_email) };
        return Err(Refused::By(AnswerRefusal::AnotherAddress(another)));
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

/// The end of an invitation that cannot be answered any more.
pub(super) fn ended(
    organizations: &Organizations,
    invitation: &Invitation,
) -> Result<Option<Ended>, Failure> {
    match invitation.card.status.known() {
        Some(InvitationStatus::Pending) => {
            let is_open = invitation.card.is_open(organizations.context.clock.now());
            Ok((!is_open).then_some(Ended::Expired))
        }
        Some(InvitationStatus::Accepted) => Ok(Some(Ended::Accepted)),
        Some(InvitationStatus::Declined) => Ok(Some(Ended::Declined)),
        Some(InvitationStatus::Revoked) => Ok(Some(Ended::Revoked)),
        None => Err(Failure::internal("the status of an invitation is not known here")),
    }
}

/// Refuses an account that has not proved the address.
pub(super) fn must_be_proved(profile: &PublicProfile, proved: bool) -> Result<(), AnswerRefusal> {
    if profile.email_verified || proved { Ok(()) } else { Err(AnswerRefusal::NotVerified) }
}
