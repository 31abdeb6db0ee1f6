//! Invariants of organisations.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    id::{OrganizationId, UserId},
    identity::{PublicProfile, User},
    membership::{Invitation, Member, OrganizationCounters},
    vocabulary::{OrganizationRole, OrganizationStatus},
};

use super::{Aftermath, Faults};

fn members(aftermath: &Aftermath<'_>) -> BTreeMap<OrganizationId, Vec<Member>> {
    let mut members: BTreeMap<OrganizationId, Vec<Member>> = BTreeMap::new();
    for member in aftermath.entities::<Member>("member").into_values() {
        members.entry(member.organization_id).or_default().push(member);
    }
    members
}

/// Every organisation has an owner, or is closed.
pub async fn an_owner_is_left_or_it_is_closed(aftermath: &Aftermath<'_>) -> Faults {
    let members = members(aftermath);
    let counters = aftermath.entities::<OrganizationCounters>("organization_counters").into_values();
    let without = counters.filter(|counters| {
        let of_it = members.get(&counters.organization_id).map_or(&[][..], Vec::as_slice);
        let has_owner = of_it.iter().any(|member| member.card.role == OrganizationRole::Owner);
        !has_owner && counters.status != OrganizationStatus::Closed
    });
    without.map(|counters| format!("{} has no owner", counters.organization_id)).collect()
}

/// The numbers of owners and members are those of the items, and the status is that of the
/// profile.
pub async fn organizations_count_their_members(aftermath: &Aftermath<'_>) -> Faults {
    let members = members(aftermath);
    let counters = aftermath.entities::<OrganizationCounters>("organization_counters").into_values();
    let mut faults = Faults::new();
    for counters in counters {
        let id = counters.organization_id;
        let of_it = members.get(&id).map_or(&[][..], Vec::as_slice);
        let owners = of_it.iter().filter(|member| member.card.role == OrganizationRole::Owner).count();
        if (counters.owners as usize, counters.members as usize) != (owners, of_it.len()) {
            faults.push(format!("{id} counts {counters:?}, and has {owners} owners of {}", of_it.len()));
        }
        let profile = aftermath.items("organization").find(|item| item["id"] == id.to_string());
        if profile.is_none_or(|profile| profile["status"] != counters.status.word()) {
            faults.push(format!("{id} has another status than its counters"));
        }
    }
    faults
}

/// Every member is an account, of an organisation that exists.
pub async fn members_are_accounts(aftermath: &Aftermath<'_>) -> Faults {
    let users = aftermath.entities::<User>("user").into_values();
    let users: BTreeSet<UserId> = users.map(|user| user.id).collect();
    let counters = aftermath.entities::<OrganizationCounters>("organization_counters").into_values();
    let organizations: BTreeSet<_> = counters.map(|counters| counters.organization_id).collect();
    let members = aftermath.entities::<Member>("member").into_values();
    let left = members.filter(|member| {
        !users.contains(&member.card.user_id) || !organizations.contains(&member.organization_id)
    });
    left.map(|member| format!("{} of {} is left", member.card.user_id, member.organization_id)).collect()
}

/// An address has one invitation to an organisation, under the id of both.
pub async fn an_address_has_one_invitation(aftermath: &Aftermath<'_>) -> Faults {
    let mut seen = BTreeSet::new();
    let invitations = aftermath.entities::<Invitation>("invitation").into_values();
    let wrong = invitations.filter(|invitation| {
        let (organization, mac) = (invitation.card.organization_id, &invitation.address_mac);
        let is_new = seen.insert((organization, mac.clone()));
        !is_new || invitation.id != Invitation::id_of(organization, mac)
    });
    wrong.map(|invitation| format!("{} is not the one invitation", invitation.id)).collect()
}

/// Every account has a public profile with its name and the state of its address, and no
/// other profile is left.
pub async fn public_profiles_are_those_of_accounts(aftermath: &Aftermath<'_>) -> Faults {
    let users = aftermath.entities::<User>("user").into_values();
    let users: BTreeMap<UserId, User> = users.map(|user| (user.id, user)).collect();
    let profiles = aftermath.entities::<PublicProfile>("public_profile").into_values();
    let profiles: BTreeMap<UserId, PublicProfile> =
        profiles.map(|profile| (profile.user_id, profile)).collect();
    let logins = aftermath.items("login");
    let macs: BTreeSet<(&str, &str)> = logins
        .map(|login| (login["user_id"].as_str().unwrap(), login["address_mac"].as_str().unwrap()))
        .collect();
    let mut faults = Faults::new();
    for (id, user) in &users {
        let is_right = profiles.get(id).is_some_and(|profile| {
            let same = (&profile.name, profile.email_verified) == (&user.name, user.email_verified);
            same && macs.contains(&(id.to_string().as_str(), &profile.address_mac))
        });
        if !is_right {
            faults.push(format!("{id} has the public profile {:?}", profiles.get(id)));
        }
    }
    let left = profiles.keys().filter(|id| !users.contains_key(id));
    faults.extend(left.map(|id| format!("the public profile of {id} is left")));
    faults
}
