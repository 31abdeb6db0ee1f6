//! Emails to the members of the organisation that organizes an event.

use serde_json::{Value, json};

use super::{in_september, published, tuesdays};
use crate::api::v1::organizations::{join, organization, patch, person, post, test};

#[test]
fn members_are_told_of_rescheduled_and_cancelled_events() {
    test(async |app| {
        in_september(app);
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let teas = organization(app, &ada, "Teas").await;
        join(app, &ada, &teas, &bo, "viewer").await;
        let russian = json!({ "preferences": { "locale": "ru" } });
        patch(app, &bo, &format!("users/{}", bo.id), russian).await.granted();
        let mut body = tuesdays();
        body["organizer"] = teas.into();
        let path = published(app, &ada, body).await;
        let schedule = json!({ "schedule": {
            "time_zone": "Europe/Berlin", "parts": [{ "start": "2026-10-08T20:00", "duration": "PT2H" }],
        }});
        post(app, &ada, &format!("{path}/reschedule"), schedule).await.granted();
        post(app, &ada, &format!("{path}/cancel"), json!({ "reason": "The hall is closed." }))
            .await
            .granted();
        // The same command again changes nothing.
        post(app, &ada, &format!("{path}/cancel"), Value::Null).await.granted();
        let last = async |address: &str| {
            let mut mails = app.mails_to(address).await;
            let mails = mails.split_off(mails.len() - 2);
            mails.into_iter().map(|mail| (mail.subject, mail.text)).collect::<Vec<_>>()
        };
        let [(subject, text), (cancelled, reason)] = &last(&ada.email).await[..] else { panic!("two mails") };
        assert_eq!(
            (&**subject, &**cancelled),
            ("New date: Evening of engines", "Cancelled: Evening of engines")
        );
        assert!(text.contains("2026-10-08 20:00 (Europe/Berlin)"), "{text}");
        assert!(reason.contains("The hall is closed."), "{reason}");
        let [(subject, text), (cancelled, _)] = &last(&bo.email).await[..] else { panic!("two mails") };
        assert_eq!(
            (&**subject, &**cancelled),
            ("Новая дата: Evening of engines", "Отменено: Evening of engines")
        );
        assert!(text.contains("Новое начало: 2026-10-08 20:00"), "{text}");
    });
}

#[test]
fn a_person_who_organizes_alone_gets_no_email() {
    test(async |app| {
        in_september(app);
        let ada = person(app, "ada").await;
        let path = published(app, &ada, tuesdays()).await;
        let before = app.mails_to(&ada.email).await.len();
        post(app, &ada, &format!("{path}/cancel"), Value::Null).await.granted();
        assert_eq!(app.mails_to(&ada.email).await.len(), before);
    });
}
