//! Common part of `create_invitation` and `resend_invitation`.

use shared::{
    Failure, Refused,
    http::{Faults, IdempotencyRecord, KeyReused, Stale, problem::NOT_FOUND},
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
    problems::{
        ALREADY_MEMBER, INVITATION_ACCEPTED, INVITATION_DECLINED, INVITATION_REVOKED, MEMBER_LIMIT_REACHED,
        NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED, ROLE_ABOVE_OWN,
    },
    state::Organizations,
    store::{Overview, Writer},
};

shared::problems! {
    /// Errors of inviting.
    pub enum InviteError {
        NotFound => NOT_FOUND,
        NotPermitted(NotPermitted),
        AboveOwn => ROLE_ABOVE_OWN,
        AlreadyMember => ALREADY_MEMBER,
        Full => MEMBER_LIMIT_REACHED,
        Accepted => INVITATION_ACCEPTED,
        Declined => INVITATION_DECLINED,
        Revoked => INVITATION_REVOKED,
        Blocked => ORGANIZATION_BLOCKED,
        Closed => ORGANIZATION_CLOSED,
        Stale(Stale),
        Invalid(Faults),
        KeyReused(KeyReused),
        TooMany(Wait),
    }
}

impl From<Denied> for InviteError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::NotPermitted(needs) => Self::NotPermitted(needs),
            Denied::Blocked => Self::Blocked,
            Denied::Closed => Self::Closed,
        }
    }
}

/// The organisation of a request, if the caller may invite to it.
pub(super) async fn read(
    organizations: &Organizations,
    id: OrganizationId,
    caller: UserId,
) -> Result<(Overview, OrganizationRole), InviteError> {
    let found = organizations.store.get_organization(id, Some(caller)).await?;
    let found = found.ok_or(InviteError::NotFound)?;
    let role = permit(&found.counters, found.member.as_ref(), MemberAction::Invite)?;
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
) -> Result<Attempt<Stored<Invitation>>, InviteError> {
    must_be_active(&found.counters)?;
    let role = grant.role();
    if !own.may_grant(role) {
        return Err(InviteError::AboveOwn);
    }
    let now = organizations.context.clock.now();
    if found.counters.members >= MEMBERS {
        return Err(InviteError::Full);
    }
    if found.counters.invited_at(now) >= INVITATIONS_A_DAY {
        return Err(Wait { limit: INVITATIONS_A_DAY, retry_after: until_tomorrow(now) }.into());
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
    match organizations.store.invite(before, &after, &found.counters, writer, record).await {
        Ok(()) => {
            let version = before.map_or(1, |before| before.version + 1);
            Ok(Attempt::Done(Stored { entity: after, version }))
        }
        Err(Refused::By(_)) => Ok(Attempt::Retry),
        Err(Refused::Failed(failure)) => Err(failure.into()),
    }
}

/// The role of an invitation, if this release knows it.
pub(super) fn role_of(invitation: &Invitation) -> Result<OrganizationRole, Failure> {
    let role = invitation.card.role.known();
    role.ok_or_else(|| Failure::internal("the role of an invitation is not known here"))
}
