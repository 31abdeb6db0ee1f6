//! Permissions of members: one table, role by action, with default deny.

use crate::{
    table::{Condition, Expression},
    vocabulary,
    vocabulary::OrganizationRole,
};
use OrganizationRole::{Admin, Editor, Owner, Staff, Viewer};

vocabulary! {
    /// Action of a member for an organisation.
    pub enum MemberAction {
        /// View all members and their roles.
        ViewMembers = "view_members",
        /// Change the profile.
        UpdateProfile = "update_profile",
        /// Change the slug.
        ChangeSlug = "change_slug",
        /// View invitations.
        ViewInvitations = "view_invitations",
        /// Invite people, and renew and revoke invitations.
        Invite = "invite",
        /// Change the roles of others, and remove them.
        ManageMembers = "manage_members",
        /// Transfer the ownership.
        TransferOwnership = "transfer_ownership",
        /// Delete the organisation.
        DeleteOrganization = "delete_organization",
        /// View products of every status, with opening stock and stock levels.
        ViewProducts = "view_products",
        /// Create, change, import and delete products, and adjust their stock.
        ManageProducts = "manage_products",
        /// View orders, without addresses and notes.
        ViewOrders = "view_orders",
        /// View orders with addresses and notes, fulfil and complete them.
        FulfilOrders = "fulfil_orders",
        /// Change, confirm, cancel and refund orders.
        ManageOrders = "manage_orders",
        /// View drafts and private events.
        ViewEvents = "view_events",
        /// Create, change, publish, cancel and delete events.
        ManageEvents = "manage_events",
        /// Hand events over to another organizer, and take them.
        TransferEvents = "transfer_events",
    }
}

impl MemberAction {
    /// The roles that may perform the action.
    pub const fn roles(self) -> &'static [OrganizationRole] {
        match self {
            Self::ViewMembers | Self::ViewProducts | Self::ViewOrders | Self::ViewEvents => {
                &[Owner, Admin, Editor, Staff, Viewer]
            }
            Self::FulfilOrders => &[Owner, Admin, Editor, Staff],
            Self::ManageProducts | Self::ManageOrders | Self::ManageEvents => &[Owner, Admin, Editor],
            Self::UpdateProfile
            | Self::ViewInvitations
            | Self::Invite
            | Self::ManageMembers
            | Self::TransferEvents => &[Owner, Admin],
            Self::ChangeSlug | Self::TransferOwnership | Self::DeleteOrganization => &[Owner],
        }
    }

    /// True if a role may perform the action.
    pub fn is_of(self, role: OrganizationRole) -> bool {
        self.roles().contains(&role)
    }

    /// The condition that an item is a member who may perform the action.
    pub fn condition(self) -> Condition {
        self.condition_of(|_| true)
    }

    /// As [`Self::condition`], for those of its roles that also meet `ceiling`.
    pub fn condition_of(self, ceiling: impl Fn(OrganizationRole) -> bool) -> Condition {
        let roles: Vec<_> = self.roles().iter().filter(|role| ceiling(**role)).collect();
        // Without a role, no item meets the condition.
        let names = (0..roles.len().max(1)).map(|place| format!("#card.#role = :role{place}"));
        let text = names.collect::<Vec<_>>().join(" OR ");
        let expression = roles.iter().enumerate().fold(Expression::new(text), |expression, (place, role)| {
            expression.text(&format!(":role{place}"), role)
        });
        Condition::When(if roles.is_empty() { expression.text(":role0", "") } else { expression })
    }
}

impl OrganizationRole {
    /// True if a member with this role may grant `role`: nobody grants above their own.
    pub fn may_grant(self, role: Self) -> bool {
        self.rank() <= role.rank()
    }

    /// True if a member with this role may change or remove one with `role`. Owners may
    /// change each other.
    pub fn outranks(self, role: Self) -> bool {
        self == Owner || self.rank() < role.rank()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table, as `ARCHITECTURE.md` shows it.
    #[test]
    fn roles_have_the_actions_of_the_table() {
        let cell = |action: MemberAction, role| if action.is_of(role) { "x" } else { "-" };
        let rows = MemberAction::ALL.iter().map(|action| {
            let cells = OrganizationRole::ALL.iter().map(|role| cell(*action, *role));
            format!("{action} {}", cells.collect::<String>())
        });
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                "view_members xxxxx",
                "update_profile xx---",
                "change_slug x----",
                "view_invitations xx---",
                "invite xx---",
                "manage_members xx---",
                "transfer_ownership x----",
                "delete_organization x----",
                "view_products xxxxx",
                "manage_products xxx--",
                "view_orders xxxxx",
                "fulfil_orders xxxx-",
                "manage_orders xxx--",
                "view_events xxxxx",
                "manage_events xxx--",
                "transfer_events xx---",
            ]
        );
    }

    #[test]
    fn only_owners_change_their_equals_and_no_grant_exceeds_the_own_role() {
        assert!(Owner.may_grant(Owner) && Admin.may_grant(Admin) && Admin.may_grant(Viewer));
        assert!(!Admin.may_grant(Owner) && !Viewer.may_grant(Staff));
        assert!(Owner.outranks(Owner) && Owner.outranks(Admin) && Admin.outranks(Editor));
        assert!(!Admin.outranks(Admin) && !Admin.outranks(Owner) && !Editor.outranks(Admin));
    }
}
