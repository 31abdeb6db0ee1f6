//! The problems of this group; those that every group needs for an organisation are
//! `shared::membership`'s.

use serde_json::{Value, json};
use shared::http::{
    Problem,
    problem::{Named, Refusal},
};
pub(crate) use shared::membership::{NotPermitted, ORGANIZATION_BLOCKED, ORGANIZATION_CLOSED};

/// A slug of another organisation.
pub(crate) const SLUG_TAKEN: Named =
    Named::new(409, "organization_slug_taken", "Another organisation has this slug.").explained(
        "Another organisation has this slug, or has had it within 90 days.",
        "Choose another slug, or leave it out: the platform then derives a free one from the name.",
    );
/// A further organisation of an account that owns as many as it may.
pub(crate) const ORGANIZATION_LIMIT_REACHED: Named =
    Named::new(409, "organization_limit_reached", "The account owns as many organisations as allowed.")
        .explained("An account may own 10 organisations.", "Transfer or delete an organisation first.");
/// A request that needs a verified address.
pub(crate) const EMAIL_NOT_VERIFIED: Named =
    Named::new(403, "email_not_verified", "The email address of this account is not verified.").explained(
        "Founding and joining organisations needs an account with a confirmed email address. Orders answer `email_not_confirmed` for the same reason.",
        "Follow the link in the confirmation email, or request another with `POST /api/v1/auth/email-verification-request`.",
    );
/// A role above the caller's own.
pub(crate) const ROLE_ABOVE_OWN: Named =
    Named::new(403, "role_above_own", "The role is above, or equals, the caller's own role.").explained(
        "Members grant roles up to their own, and change or remove only members below them. Owners may change anyone.",
        "Ask an owner of the organisation.",
    );
/// A write that would leave no owner.
pub(crate) const LAST_OWNER: Named =
    Named::new(409, "last_owner", "The organisation would have no owner.").explained(
        "The member is the only owner. The last owner cannot leave, be removed or get another role.",
        "Transfer the ownership first with `POST /api/v1/organizations/{organization_id}/transfer`, or delete the organisation.",
    );
/// A transfer to an account that is no member.
pub(crate) const NOT_A_MEMBER: Named =
    Named::new(409, "not_a_member", "The account is not a member of the organisation.")
        .explained("Only a member can become the owner.", "Invite the person first.");
/// An invitation of a member.
pub(crate) const ALREADY_MEMBER: Named =
    Named::new(409, "already_member", "The address belongs to a member of the organisation.")
        .explained("The invited address is that of a member.", "Change the role of the member instead.");
/// A member beyond the limit.
pub(crate) const MEMBER_LIMIT_REACHED: Named =
    Named::new(409, "member_limit_reached", "The organisation has as many members as allowed.")
        .explained("An organisation may have 1,000 members.", "Remove a member first.");
/// An action on an invitation that has been accepted.
pub(crate) const INVITATION_ACCEPTED: Named =
    Named::new(409, "invitation_accepted", "The invitation has been accepted.")
        .explained("The invited person is a member now.", "Change or remove the member instead.");
/// An action on an invitation that has been declined.
pub(crate) const INVITATION_DECLINED: Named =
    Named::new(409, "invitation_declined", "The invitation has been declined.")
        .explained("The invited person has declined the invitation.", "Ask a member for another invitation.");
/// An action on an invitation that has been revoked.
pub(crate) const INVITATION_REVOKED: Named =
    Named::new(409, "invitation_revoked", "The invitation has been revoked.").explained(
        "A member of the organisation has revoked the invitation.",
        "Ask a member for another invitation.",
    );
/// An acceptance of an expired invitation.
pub(crate) const INVITATION_EXPIRED: Named =
    Named::new(409, "invitation_expired", "The invitation has expired.")
        .explained("An invitation is valid for 7 days.", "Ask a member for another invitation.");
/// An answer to an invitation of another address, by the holder of its link.
#[derive(Debug)]
pub(crate) struct AnotherAddress {
    /// Invited address, masked; `None` once the invitation has ended.
    pub(crate) invited: Option<String>,
}

impl Refusal for AnotherAddress {
    const NAMED: Named = Named::new(
        403,
        "invitation_for_another_address",
        "The invitation is for another email address than the account's.",
    )
    .explained(
        "The account has another email address than the invitation. `invited_email` has that, masked.",
        "Sign in with the account of the invited address, or ask a member to invite the other address.",
    );

    fn explain(self, problem: Problem) -> Problem {
        match self.invited {
            Some(email) => problem.member("invited_email", json!(email)),
            None => problem,
        }
    }

    fn members() -> Value {
        json!({
            "invited_email": {
                "type": "string",
                "description": "With `invitation_for_another_address`: invited address, masked, \
                    while the invitation is open.",
                "examples": ["b…@example.com"],
            },
        })
    }
}

/// An acceptance of an invitation whose inviter may no longer invite.
pub(crate) const INVITER_MAY_NOT_INVITE: Named =
    Named::new(409, "inviter_may_not_invite", "The inviting member may no longer grant this role.")
        .explained(
            "The member who sent the invitation has left the organisation, or has a lower role now.",
            "Ask another member to send the invitation again.",
        );
