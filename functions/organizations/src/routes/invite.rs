//! Common part of `create_invitation` and `resend_invitation`, and the access of
//! `revoke_invitation`.

use shared::{
    Failure, Refused,
    http::IdempotencyRecord,
    id::{OrganizationId, UserId},
    identity::limits::Wait,
    membership::{
        INVITATION_LIFETIME, INVITATIONS_A_DAY, Invitation, InvitationCard, MEMBERS, MemberAction,
        until_tomorrow,
    },
    table::{Attempt, item::Stored},
    text::Email,
    vocabulary::{InvitationStatus, OrganizationRole},
};

use crate::{
    access::{Actor, Denied, Grant, must_be_active, permit},
    state::Organizations,
    store::{Overview, Writer},
};

/// Reason for a refused invitation.
#[derive(Debug)]
pub(super) enum InviteRefusal {
    /// The organisation is not active.
    Denied(Denied),
    /// The role is above the caller's own.
    AboveOwn,
    /// The organisation has as many members as allowed.
    Full,
    /// The invitations of the day are used up.
    TooMany(Wait),
}

/// Makes the errors of an endpoint from the refusals of [`read`] and [`invite`].
macro_rules! invite_problems {
    ($error:ident) => {
        $crate::access::access_problems!($error);

        impl From<$crate::routes::invite::InviteRefusal> for $error {
            fn from(refusal: $crate::routes::invite::InviteRefusal) -> Self {
                use $crate::routes::invite::InviteRefusal;
                match refusal {
                    InviteRefusal::Denied(denied) => denied.into(),
                    InviteRefusal::AboveOwn => Self::AboveOwn,
                    InviteRefusal::Full => Self::Full,
                    InviteRefusal::TooMany(wait) => Self::TooMany(wait),
                }
            }
        }
    };
}
pub(super) use invite_problems;

/// The organisation of a request, if the caller may invite to it.
pub(super) async fn read(
    organizations: &Organizations,
    id: OrganizationId,
    caller: UserId,
) -> Result<(Overview, OrganizationRole), Refused<Denied>> {
    let found = organizations.store.get_organization(id, Some(caller)).await?;
    let found = found.ok_or(Refused::By(Denied::NotFound))?;
    let role = permit(&found.counters, found.member.as_ref(), MemberAction::Invite).map_err(Refused::By)?;
    Ok((found, role))
}

/// Invites an address with a role, in the place of its earlier invitation `before`.
pub(super) async fn invite(
    organizations: &Organizations,
    caller: UserId,
    (found, own): (&Overview, OrganizationRole),
    before: Option<&Stored<Invitation>>,
    (email, grant): (&Email, Grant),
    record: Option<&IdempotencyRecord>,
) -> Result<Attempt<Stored<Invitation>>, Refused<InviteRefusal>> {
    must_be_active(&found.counters).map_err(|denied| Refused::By(InviteRefusal::Denied(denied)))?;
    let role = grant.role();
    if !own.may_grant(role) {
        return Err(Refused::By(InviteRefusal::AboveOwn));
    }
    let now = organizations.context.clock.now();
    if found.counters.members >= MEMBERS {
        return Err(Refused::By(InviteRefusal::Full));
    }
    if found.counters.invited_at(now) >= INVITATIONS_A_DAY {
        let wait = Wait { limit: INVITATIONS_A_DAY, retry_after: until_tomorrow(now) };
        return Err(Refused::By(InviteRefusal::TooMany(wait)));
    }
    let organization = &found.organization.entity;
    let address_mac = organizations.keys().await?.address.mailbox(email);
    let after = Invitation {
        id: Invitation::id_of(organization.id, &address_mac),
        address_mac,
        organization_name: organization.card.name.clone(),
        inviter_id: caller,
        round: before.map_or(1, |before| before.entity.round + 1),
        accepted_by: None,
        card: InvitationCard {
            organization_id: organization.id,
            email: Some(email.clone()),
            role: role.into(),
            status: InvitationStatus::Pending.into(),
            invited_at: now,
            expires_at: now + INVITATION_LIFETIME,
        },
    };
    let writer = Writer { user: caller, actor: Actor::Member(own), now };
    let invited = organizations.store.invite(before, &after, &found.counters, writer, record).await;
    let version = before.map_or(1, |before| before.version + 1);
    Ok(Attempt::of(invited)?.map(|()| Stored { entity: after, version }))
}

/// The role of an invitation, if this release knows it.
pub(super) fn role_of(invitation: &Invitation) -> Result<OrganizationRole, Failure> {
    let role = invitation.card.role.known();
    role.ok_or_else(|| Failure::internal("the role of an invitation is not known here"))
}
