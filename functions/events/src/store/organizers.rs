//! Names of organizers.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use shared::{
    Failure,
    id::OrganizationId,
    identity::PublicProfile,
    organizer::Organizer,
    table::{
        Consistency,
        item::Entity,
        schema::{self, Key},
    },
    text::OrganizationName,
};

use super::Store;
use crate::operations::GET_ORGANIZERS;

/// Maximum number of organizers whose names are read.
const MOST: usize = 100;

/// Organisation, as far as this group reads it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Organization {
    id: OrganizationId,
    card: OrganizationCard,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct OrganizationCard {
    name: OrganizationName,
}

impl Entity for Organization {
    const TYPE: &'static str = "organization";

    fn key(&self) -> Key {
        schema::organization(self.id)
    }
}

impl Store {
    /// The names of up to 100 organizers: those of organisations, and display names of
    /// accounts. Deleted ones and accounts without a name have none.
    pub(crate) async fn organizer_names(
        &self,
        organizers: impl IntoIterator<Item = &Organizer>,
    ) -> Result<HashMap<Organizer, String>, Failure> {
        let organizers: HashSet<&Organizer> = organizers.into_iter().collect();
        let organizers: Vec<&Organizer> = organizers.into_iter().take(MOST).collect();
        let keys = organizers.iter().filter_map(|organizer| key(organizer));
        let mut found = self.table.operation(&GET_ORGANIZERS).get_many(keys, Consistency::Strong).await?;
        let mut names = HashMap::new();
        for organizer in organizers {
            let name = match organizer {
                Organizer::User(id) => {
                    let profile = found.take::<PublicProfile>(schema::public_profile(*id))?;
                    profile.and_then(|profile| profile.entity.name).map(|name| name.as_str().to_owned())
                }
                Organizer::Organization(id) => {
                    let organization = found.take::<Organization>(schema::organization(*id))?;
                    organization.map(|organization| organization.entity.card.name.as_str().to_owned())
                }
                Organizer::Unknown(_) => None,
            };
            names.extend(name.map(|name| (organizer.clone(), name)));
        }
        Ok(names)
    }
}

fn key(organizer: &Organizer) -> Option<Key> {
    match organizer {
        Organizer::User(id) => Some(schema::public_profile(*id)),
        Organizer::Organization(id) => Some(schema::organization(*id)),
        Organizer::Unknown(_) => None,
    }
}
