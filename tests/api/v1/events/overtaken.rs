//! Writes of members whose permission, or whose organisation, ends between their reads and
//! their transaction.

use http::Method;
use serde_json::{Value, json};
use shared::Environment;

use super::{event, in_september, published, shown, tuesdays};
use crate::{
    api::v1::organizations::{
        Person, get, join, organization,
        overtaken::{Change, answer, overtaken, overtaken_by, removal, update},
        person, test,
    },
    harness::App,
};

/// An organisation with an owner and an admin, both of whom may do every write.
struct Society {
    id: String,
    owner: Person,
    admin: Person,
}

impl Society {
    async fn found(app: &App) -> Self {
        in_september(app);
        let (owner, admin) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &owner, "Engines").await;
        join(app, &owner, &id, &admin, "admin").await;
        Self { id, owner, admin }
    }

    fn event(&self) -> Value {
        let mut event = tuesdays();
        event["organizer"] = self.id.clone().into();
        event
    }

    /// All events of the organisation, drafts too.
    async fn events(&self, app: &App) -> Vec<Value> {
        let list = format!("events/managed?organizer={}&limit=100", self.id);
        get(app, &self.owner, &list).await.json()["data"].as_array().unwrap().clone()
    }
}

/// A write, with the state of the event that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Write {
    Create,
    Duplicate,
    Update,
    Publish,
    Cancel,
    Transfer,
    Delete,
    CancelDate,
}

const WRITES: [Write; 8] = [
    Write::Create,
    Write::Duplicate,
    Write::Update,
    Write::Publish,
    Write::Cancel,
    Write::Transfer,
    Write::Delete,
    Write::CancelDate,
];

impl Write {
    /// True if the write is one of an event that everyone sees.
    fn is_of_public(self) -> bool {
        matches!(self, Self::Cancel | Self::CancelDate)
    }

    /// Sends the write for a new event to an instance in the given environment; gives the
    /// status and the code of a problem. A refused write has changed nothing.
    async fn send(
        self,
        app: &App,
        society: &Society,
        environment: impl FnOnce() -> Environment,
    ) -> (u16, String) {
        let (admin, owner) = (&society.admin, &society.owner);
        let path = if self.is_of_public() {
            published(app, admin, society.event()).await
        } else {
            event(app, admin, society.event()).await
        };
        let (method, target, body) = match self {
            Self::Create => (Method::POST, "events".to_owned(), society.event()),
            Self::Duplicate => (Method::POST, format!("{path}/duplicate"), json!({})),
            Self::Update => (Method::PATCH, path.clone(), json!({ "summary": "Mine" })),
            Self::Publish => (Method::POST, format!("{path}/publish"), json!({})),
            Self::Cancel => (Method::POST, format!("{path}/cancel"), json!({ "reason": "Mine" })),
            Self::Transfer => (Method::POST, format!("{path}/transfer"), json!({ "organizer": admin.id })),
            Self::Delete => (Method::DELETE, path.clone(), Value::Null),
            Self::CancelDate => (Method::POST, format!("{path}/occurrences/2026-10-20/cancel"), json!({})),
        };
        let before = (shown(app, owner, &path).await, society.events(app).await);
        let service = ::events::api(environment()).await.unwrap();
        let found = answer(&service, admin, method, &target, body).await;
        if found.0 >= 400 {
            let after = (shown(app, owner, &path).await, society.events(app).await);
            assert_eq!(before, after, "{self:?} was written");
        }
        found
    }
}

/// All writes would be granted: what refuses them below is what comes in between.
#[test]
fn writes_that_are_not_overtaken_are_granted() {
    test(async |app| {
        let society = Society::found(app).await;
        for write in WRITES {
            let (status, code) = write.send(app, &society, || app.environment("EventsApi")).await;
            assert!((200..300).contains(&status), "{write:?}: {status} {code}");
        }
    });
}

#[test]
fn a_demotion_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        let society = Society::found(app).await;
        let (id, admin) = (&society.id, &society.admin.id);
        let demotion = Change { sk: admin, attribute: "card.role", value: "viewer" };
        let restored = Change { value: "admin", ..demotion };
        for write in WRITES {
            let found = write.send(app, &society, || overtaken(app, "EventsApi", id, &demotion)).await;
            assert_eq!(found, (403, "not_permitted".to_owned()), "{write:?}");
            update(app, id, &restored).send().await.unwrap();
        }
        // Editors change events, and hand none over.
        let less = Change { value: "editor", ..demotion };
        let found = Write::Transfer.send(app, &society, || overtaken(app, "EventsApi", id, &less)).await;
        assert_eq!(found, (403, "not_permitted".to_owned()));
    });
}

/// A draft does not exist for a former member.
#[test]
fn a_removal_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        // The item of the former membership is larger than a real tombstone.
        app.has_long_lists(&["organizations.accept_invitation"]);
        let society = Society::found(app).await;
        let Society { id, owner, admin } = &society;
        for write in WRITES {
            let removed = || overtaken_by(app, "EventsApi", removal(app, id, admin));
            let found = write.send(app, &society, removed).await;
            let expected = match write {
                // The reply does not reveal whether a draft exists.
                Write::Delete => (204, ""),
                Write::Create | Write::Duplicate | Write::Cancel | Write::CancelDate => {
                    (403, "not_permitted")
                }
                Write::Update | Write::Publish | Write::Transfer => (404, "not_found"),
            };
            assert_eq!(found, (expected.0, expected.1.to_owned()), "{write:?}");
            join(app, owner, id, admin, "admin").await;
        }
        let events = society.events(app).await;
        assert_eq!(events.len(), WRITES.len(), "the draft of the 204 remains: {events:?}");
    });
}

#[test]
fn a_block_between_the_read_and_the_write_is_seen_by_the_write() {
    test(async |app| {
        let society = Society::found(app).await;
        let id = &society.id;
        let active = Change { sk: "COUNTERS", attribute: "status", value: "active" };
        for (status, code) in [("blocked", "organization_blocked"), ("closed", "organization_closed")] {
            let ended = Change { value: status, ..active };
            for write in WRITES {
                let found = write.send(app, &society, || overtaken(app, "EventsApi", id, &ended)).await;
                assert_eq!(found, (409, code.to_owned()), "{write:?}");
                update(app, id, &active).send().await.unwrap();
            }
        }
    });
}
