//! Table operations of the group, with their costs.

shared::operations! {
    /// Reads an organisation, its counters and one member.
    GET_ORGANIZATION = "organizations.get_organization": 1 round trip, 3.0 read, 0.0 write;
    /// Reads the claim on a slug.
    FIND_ORGANIZATION = "organizations.find_organization": 1 round trip, 1.0 read, 0.0 write;
    /// Creates an organisation with a name of two words: its item with two index rows, a
    /// row of the second word, the slug, the counters, the first owner with two index rows,
    /// the idempotency record; and checks the founder's address.
    CREATE_ORGANIZATION = "organizations.create_organization": 1 round trip, 0.0 read, 19.0 write;
    /// Reads an idempotency record.
    GET_IDEMPOTENCY_RECORD = "organizations.get_idempotency_record": 1 round trip, 1.0 read, 0.0 write;
    /// Replaces a profile of another name and slug, with its rows and claims, and checks
    /// the member.
    REPLACE_ORGANIZATION = "organizations.replace_organization": 1 round trip, 0.0 read, 17.0 write;
    /// Blocks or unblocks an organisation: its item and rows move to another list.
    MODERATE_ORGANIZATION = "organizations.moderate_organization": 1 round trip, 0.0 read, 12.0 write;
    /// Deletes an organisation: tombstones, its rows, its slug; and checks the member.
    DELETE_ORGANIZATION = "organizations.delete_organization": 1 round trip, 0.0 read, 15.0 write;
    /// Lists organisations by creation time.
    LIST_ORGANIZATIONS = "organizations.list_organizations": 1 round trip, 0.5 read, 0.0 write;
    /// Finds organisations by a prefix of a word.
    FIND_ORGANIZATIONS = "organizations.find_organizations": 1 round trip, 0.5 read, 0.0 write;
    /// Lists the memberships of an account.
    LIST_MEMBERSHIPS = "organizations.list_memberships": 1 round trip, 0.5 read, 0.0 write;
    /// Reads one of the organisations of a page.
    GET_ORGANIZATIONS = "organizations.get_organizations": 1 round trip, 0.5 read, 0.0 write;
    /// Reads the counters of an organisation and two members.
    GET_MEMBERS = "organizations.get_members": 1 round trip, 3.0 read, 0.0 write;
    /// Lists members.
    LIST_MEMBERS = "organizations.list_members": 1 round trip, 0.5 read, 0.0 write;
    /// Reads the public profile of one of the members of a page.
    GET_PROFILES = "organizations.get_profiles": 1 round trip, 0.5 read, 0.0 write;
    /// Replaces a member whose role changes: the member, whose two index rows move, the
    /// counters or a check of them, and a check of the writer.
    REPLACE_MEMBER = "organizations.replace_member": 1 round trip, 0.0 read, 10.0 write;
    /// Removes a member: a tombstone, two index rows, the counters, a check of the writer.
    REMOVE_MEMBER = "organizations.remove_member": 1 round trip, 0.0 read, 8.0 write;
    /// Transfers the ownership to a public member: two members, whose two and three index
    /// rows move, and a check of the counters.
    TRANSFER_OWNERSHIP = "organizations.transfer_ownership": 1 round trip, 0.0 read, 18.0 write;
    /// Appoints a member as owner: the member, whose two index rows move, the counters, a
    /// check of the account.
    APPOINT_OWNER = "organizations.appoint_owner": 1 round trip, 0.0 read, 10.0 write;
    /// Reads an invitation.
    GET_INVITATION = "organizations.get_invitation": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the public profile of the caller.
    GET_OWN_PROFILE = "organizations.get_own_profile": 1 round trip, 1.0 read, 0.0 write;
    /// Lists invitations.
    LIST_INVITATIONS = "organizations.list_invitations": 1 round trip, 0.5 read, 0.0 write;
    /// Invites an address whose last invitation has ended: the invitation, of which one
    /// index row moves and one is added, the counters, a check of the writer, the
    /// idempotency record.
    INVITE = "organizations.invite": 1 round trip, 0.0 read, 13.0 write;
    /// Ends an invitation: one index row moves, one is removed; and two checks: of the writer
    /// and the counters, or of a member and the account's address.
    END_INVITATION = "organizations.end_invitation": 1 round trip, 0.0 read, 11.0 write;
    /// Accepts an invitation: the invitation with its rows, the member with two index rows,
    /// the counters, checks of the inviter and of the account's address.
    ACCEPT_INVITATION = "organizations.accept_invitation": 1 round trip, 0.0 read, 17.0 write;
    /// Lists the members of an organisation: 0.3 KB each.
    LIST_ALL_MEMBERS = "organizations.list_all_members": 1 round trip, 1.0 read, 0.0 write;
    /// Ends the membership of a deleted account, or in a deleted organisation: a tombstone,
    /// the index rows, the counters; one row more of a public member.
    END_MEMBERSHIP = "organizations.end_membership": 1 round trip, 0.0 read, 7.0 write;
    /// Ends the membership of the last owner, and makes another member the owner.
    SUCCEED_OWNER = "organizations.succeed_owner": 1 round trip, 0.0 read, 14.0 write;
    /// Ends the membership of the last owner, and closes the organisation.
    CLOSE_ORGANIZATION = "organizations.close_organization": 1 round trip, 0.0 read, 16.0 write;
    /// Writes a part of an export.
    PUT_EXPORT_PART = "organizations.put_export_part": 1 round trip, 0.0 read, 1.0 write;
    /// Marks the part of an export as complete.
    FINISH_EXPORT = "organizations.finish_export": 1 round trip, 0.0 read, 1.0 write;
}
