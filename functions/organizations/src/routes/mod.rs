//! The group's endpoints, one a file.

mod accept_invitation;
mod answer_invitation;
mod appoint_owner;
mod block_organization;
mod change_organization;
mod create_invitation;
mod create_organization;
mod decline_invitation;
mod delete_organization;
mod find_organization;
mod get_health;
mod get_member;
mod get_organization;
mod invite;
mod leave_organization;
mod list_invitations;
mod list_members;
mod list_organizations;
mod list_own_invitations;
mod list_own_organizations;
mod moderate;
mod preview_invitation;
mod remove_member;
mod replace_organization;
mod resend_invitation;
mod revoke_invitation;
mod transfer_organization;
mod unblock_organization;
mod update_member;
mod update_organization;
mod verify_organization;

use crate::state::Organizations;

shared::endpoints! {
    group organizations with state Organizations;
    /// Organisations: profiles, and members with roles. The permissions of a removed member
    /// end before the reply to the removal.
    ///
    /// 1. `POST /api/v1/organizations` creates an organisation with the caller as its owner.
    /// 2. `POST /api/v1/organizations/{organization_id}/invitations` invites a person by email.
    /// 3. `PATCH /api/v1/organizations/{organization_id}/members/{member_id}` changes a role.
    tag organizations;
    /// Invitations of the caller's email address.
    ///
    /// 1. `POST /api/v1/invitations/preview` shows the invitation of a mailed link.
    /// 2. `GET /api/v1/invitations` lists the caller's invitations.
    /// 3. `POST /api/v1/invitations/{invitation_id}/accept` makes the caller a member.
    tag invitations;
    create_organization, list_organizations, list_own_organizations, find_organization, get_organization,
    replace_organization, update_organization, delete_organization, transfer_organization,
    leave_organization, verify_organization, block_organization, unblock_organization, appoint_owner,
    list_members, get_member, update_member, remove_member,
    create_invitation, list_invitations, revoke_invitation, resend_invitation,
    list_own_invitations, preview_invitation, accept_invitation, decline_invitation, get_health;
}
