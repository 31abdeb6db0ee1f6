//! Access of callers to an event: its organizer to everything, members by their role in the
//! organizing organisation. It is judged on items that the attempt has read, and the write
//! checks the same again.

use shared::{
    Failure, Refused,
    id::UserId,
    identity::{Caller, Permission},
    membership::{Denied, MemberAction, OrganizationCheck},
    organizer::Organizer,
    vocabulary::ActorKind,
};

use crate::{event::Event, store::Store};

/// Authority of a write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authority {
    /// Conditions of the write.
    pub(crate) check: OrganizationCheck,
    /// Kind of the actor in events.
    pub(crate) actor: ActorKind,
}

impl Authority {
    fn of_person() -> Self {
        Self { check: OrganizationCheck::None, actor: ActorKind::Person }
    }
}

/// True if the caller manages all events.
pub(crate) fn manages(caller: &Caller) -> bool {
    caller.may(Permission::ManageEvents)
}

/// True if the caller sees an event as its organizer does: in every status, with the link
/// of an online event.
pub(crate) async fn sees_all(store: &Store, caller: &Caller, event: &Event) -> Result<bool, Failure> {
    if manages(caller) {
        return Ok(true);
    }
    match &event.organizer {
        Organizer::User(user) => Ok(*user == caller.user_id),
        Organizer::Organization(organization) => {
            Ok(store.get_standing(*organization, caller.user_id).await?.may(MemberAction::ViewEvents))
        }
        Organizer::Unknown(_) => Ok(false),
    }
}

/// Judges an action on an event. `None` for an event that does not exist for the caller.
pub(crate) async fn permit(
    store: &Store,
    caller: &Caller,
    event: &Event,
    action: MemberAction,
) -> Result<Option<Authority>, Refused<Denied>> {
    let organization = match &event.organizer {
        Organizer::User(user) if *user == caller.user_id => return Ok(Some(Authority::of_person())),
        Organizer::Organization(organization) => *organization,
        Organizer::User(_) | Organizer::Unknown(_) => return outsider(caller, event),
    };
    let standing = store.get_standing(organization, caller.user_id).await?;
    if !standing.may(MemberAction::ViewEvents) && !event.is_public() && !manages(caller) {
        return Ok(None);
    }
    let check = standing.permit(action).map_err(Refused::By)?;
    Ok(Some(Authority { check, actor: ActorKind::Member }))
}

fn outsider(caller: &Caller, event: &Event) -> Result<Option<Authority>, Refused<Denied>> {
    if event.is_public() || manages(caller) { Err(Refused::By(Denied::Forbidden)) } else { Ok(None) }
}

/// Judges that a caller acts for an organizer.
pub(crate) async fn permit_organizer(
    store: &Store,
    caller: UserId,
    organizer: &Organizer,
    action: MemberAction,
) -> Result<Authority, Refused<Denied>> {
    match organizer {
        Organizer::User(user) if *user == caller => Ok(Authority::of_person()),
        Organizer::Organization(organization) => {
            let standing = store.get_standing(*organization, caller).await?;
            let check = standing.permit(action).map_err(Refused::By)?;
            Ok(Authority { check, actor: ActorKind::Member })
        }
        Organizer::User(_) | Organizer::Unknown(_) => Err(Refused::By(Denied::Forbidden)),
    }
}
