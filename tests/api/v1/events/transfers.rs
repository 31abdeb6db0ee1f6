//! Domain events of events that are handed over.

use serde_json::{Value, json};

use super::{in_september, published, tuesdays};
use crate::api::v1::organizations::{organization, patch, person, post, test};

#[test]
fn a_hand_over_names_both_organizers() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let teas = organization(app, &ada, "Teas").await;
        let path = published(app, &ada, tuesdays()).await;
        let key = format!("EVENT#{}", path.trim_start_matches("events/"));
        post(app, &ada, &format!("{path}/transfer"), json!({ "organizer": teas })).await.granted();
        let published = app.outbox(&key, "EVENT").await;
        assert_eq!(published[0]["type"], "event.transferred");
        let data = &published[0]["data"];
        assert_eq!(
            (&data["organizer"], &data["previous_organizer"]),
            (&teas.as_str().into(), &ada.id.as_str().into())
        );
        patch(app, &ada, &path, json!({ "title": "Other" })).await.granted();
        let published = app.outbox(&key, "EVENT").await;
        assert_eq!(published[0]["data"].get("previous_organizer"), None::<&Value>);
    });
}
