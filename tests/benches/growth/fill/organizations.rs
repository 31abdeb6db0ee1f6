//! Organisations, and the members of one.

use futures::{StreamExt as _, stream};
use organizations::organization::Organization;
use serde_json::json;
use shared::{
    Context,
    id::{OrganizationId, UserId},
    identity::PublicProfile,
    membership::{Member, MemberCard, OrganizationCounters},
    table::{Table, item::Entity, units::Operation},
    text::PersonName,
    vocabulary::OrganizationRole,
};

/// Maximum number of members of an organisation.
const MEMBERS: usize = 1_000;

/// Number of concurrent writes.
const CONCURRENCY: usize = 16;

/// Creates `size` organisations, and as many members of one, whose owner is `owner`;
/// returns its id.
pub async fn found(table: &Table, context: &Context, size: usize, owner: UserId) -> OrganizationId {
    let ids: Vec<OrganizationId> = (0..size).map(|_| context.ids.next()).collect();
    let large = ids[0];
    let organizations = ids.into_iter().enumerate().map(|(number, id)| async move {
        let organization: Organization = serde_json::from_value(json!({
            "id": id, "status": "active", "updated_at": context.clock.now(),
            "card": { "name": format!("Society {number}"), "slug": format!("society-{number}") },
        }))
        .unwrap();
        put(table, &organization).await;
        put(table, &OrganizationCounters::new(id)).await;
    });
    stream::iter(organizations).buffer_unordered(CONCURRENCY).collect::<()>().await;
    let members = (0..size.min(MEMBERS)).map(|number| async move {
        let (user, role) = match number {
            0 => (owner, OrganizationRole::Owner),
            _ => (context.ids.next(), OrganizationRole::Viewer),
        };
        let card = MemberCard { user_id: user, role: role.into(), public: number % 2 == 0 };
        put(table, &Member { id: context.ids.next(), organization_id: large, card }).await;
        let name = Some(PersonName::parse("Ada Lovelace").unwrap());
        let profile = PublicProfile { user_id: user, name, email_verified: true, address_mac: String::new() };
        if number > 0 {
            put(table, &profile).await;
        }
    });
    stream::iter(members).buffer_unordered(CONCURRENCY).collect::<()>().await;
    large
}

async fn put<T: Entity>(table: &Table, entity: &T) {
    let create: &Operation =
        organizations::OPERATIONS.iter().find(|it| it.name == "organizations.create_organization").unwrap();
    table.operation(create).put_new(entity, Vec::new()).await.unwrap();
}
