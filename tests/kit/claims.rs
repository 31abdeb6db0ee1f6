//! Claims on names.

use serde::{Deserialize, Serialize};
use shared::{
    Refused,
    table::{Condition, Table, item::Entity, schema::Key},
};

use super::{key, table};
use crate::harness::{App, test};

shared::operations! {
    /// Writes a thing and its claim.
    WRITE = "kit.write_thing": 1 round trip, 0.0 read, 6.0 write;
    /// Reads a claim.
    GET_CLAIM = "kit.get_claim": 1 round trip, 1.0 read, 0.0 write;
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Thing {
    id: u32,
    name: String,
}

impl Entity for Thing {
    const TYPE: &'static str = "kit_thing";

    fn key(&self) -> Key {
        key("THING", &self.id)
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct NameClaim {
    name: String,
    id: u32,
}

impl Entity for NameClaim {
    const TYPE: &'static str = "kit_name";

    fn key(&self) -> Key {
        key("NAME", &self.name)
    }
}

#[derive(Debug)]
enum Refusal {
    NameTaken(String),
    Outdated,
}

fn thing(id: u32, name: &str) -> Thing {
    Thing { id, name: name.to_owned() }
}

/// Replaces `before`, at `version`, with `after`; without `after`, removes it.
async fn write(
    table: &Table,
    before: Option<&Thing>,
    version: u64,
    after: Option<&Thing>,
) -> Result<(), Refused<Refusal>> {
    let claim = |thing: &Thing| NameClaim { name: thing.name.clone(), id: thing.id };
    let transaction = table.operation(&WRITE).transaction::<Refusal>();
    let transaction = match (before, after) {
        (None, Some(after)) => transaction.put_new(after),
        (Some(_), Some(after)) => transaction.put(after, Condition::Version(version), Vec::new()),
        (Some(before), None) => transaction.remove(before.key(), Condition::Version(version)),
        (None, None) => return Ok(()),
    };
    let transaction = transaction.or(Refusal::Outdated);
    transaction
        .claim(before.map(claim), after.map(claim), |claim| Refusal::NameTaken(claim.name.clone()))
        .commit()
        .await
}

async fn owner(app: &App, name: &str) -> Option<u32> {
    let claim = table(app).operation(&GET_CLAIM).get::<NameClaim>(key("NAME", name)).await.unwrap();
    claim.map(|claim| claim.entity.id)
}

#[test]
fn a_claim_is_taken_moved_and_freed_with_its_thing() {
    test(async |app| {
        let table = table(app);
        let (one, other) = (thing(1, "a"), thing(2, "a"));
        write(&table, None, 0, Some(&one)).await.unwrap();
        let refused = write(&table, None, 0, Some(&other)).await;
        assert!(matches!(&refused, Err(Refused::By(Refusal::NameTaken(name))) if name == "a"), "{refused:?}");
        assert_eq!(owner(app, "a").await, Some(1), "a refused thing leaves nothing");

        let moved = thing(1, "b");
        write(&table, Some(&one), 1, Some(&moved)).await.unwrap();
        assert_eq!((owner(app, "a").await, owner(app, "b").await), (None, Some(1)));
        write(&table, None, 0, Some(&other)).await.unwrap();
        assert_eq!(owner(app, "a").await, Some(2), "a freed name can be taken");

        let refused = write(&table, Some(&other), 1, Some(&thing(2, "b"))).await;
        assert!(matches!(refused, Err(Refused::By(Refusal::NameTaken(_)))), "{refused:?}");
        assert_eq!(owner(app, "a").await, Some(2), "a refused move keeps the old claim");

        write(&table, Some(&moved), 2, None).await.unwrap();
        assert_eq!(owner(app, "b").await, None);
    });
}

#[test]
fn an_outdated_writer_frees_no_claim_of_another() {
    test(async |app| {
        let table = table(app);
        let first = thing(1, "a");
        write(&table, None, 0, Some(&first)).await.unwrap();
        write(&table, Some(&first), 1, Some(&thing(1, "b"))).await.unwrap();
        write(&table, None, 0, Some(&thing(2, "a"))).await.unwrap();
        let late = write(&table, Some(&first), 1, Some(&thing(1, "c"))).await;
        assert!(matches!(late, Err(Refused::By(Refusal::Outdated))), "{late:?}");
        assert_eq!((owner(app, "a").await, owner(app, "c").await), (Some(2), None));
    });
}
