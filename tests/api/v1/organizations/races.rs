//! Writes at the same time: an owner remains, the counters are the items, one wins.

use futures::future::{join as both, join_all};
use serde_json::{Value, json};

use super::*;

/// Two owners demote each other at once, `rounds` times: one of them succeeds.
async fn demote_each_other(app: &App, rounds: usize) {
    let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
    let id = organization(app, &ada, "Tea").await;
    let appoint = format!("organizations/{id}/appoint");
    for round in 0..rounds {
        for owner in [&ada, &bo] {
            let reply = post(app, &root, &appoint, json!({ "user_id": owner.id })).await;
            assert_eq!(reply.status, 200, "{}", reply.json());
        }
        let demote = |actor, target| {
            let path = member(&id, target);
            async move { patch(app, actor, &path, json!({ "role": "admin" })).await }
        };
        let (one, other) = both(demote(&ada, &bo), demote(&bo, &ada)).await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        // The loser is no owner any more, or the last one.
        assert!([[200, 403], [200, 409]].contains(&statuses), "round {round}: {statuses:?}");
        assert_eq!(numbers(app, &id).await, [(1, 2); 2], "round {round}");
    }
}

#[test]
fn two_owners_who_demote_each_other_leave_one() {
    test(async |app| demote_each_other(app, 40).await);
}

#[test]
#[ignore = "a minute; .ci/nightly runs it"]
fn two_owners_demote_each_other_a_thousand_times() {
    test(async |app| demote_each_other(app, 1_000).await);
}

#[test]
fn an_owner_who_leaves_while_the_other_is_demoted_is_refused_or_first() {
    test(async |app| {
        let (ada, bo, root) = (person(app, "ada").await, person(app, "bo").await, administrator(app).await);
        let id = organization(app, &ada, "Tea").await;
        for _ in 0..10 {
            for owner in [&ada, &bo] {
                let path = format!("organizations/{id}/appoint");
                assert_eq!(post(app, &root, &path, json!({ "user_id": owner.id })).await.status, 200);
            }
            let (path, leave) = (member(&id, &bo), format!("organizations/{id}/leave"));
            let (demoted, left) = both(
                patch(app, &bo, &path, json!({ "role": "admin" })),
                post(app, &ada, &leave, Value::Null),
            )
            .await;
            let done = [demoted.status == 200, left.status == 204];
            assert_eq!(done.iter().filter(|done| **done).count(), 1, "{} {}", demoted.status, left.status);
            let [counted, items] = numbers(app, &id).await;
            assert_eq!((counted, counted.0), (items, 1));
        }
    });
}

#[test]
fn an_acceptance_and_a_revocation_at_once_have_one_winner() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        for _ in 0..10 {
            let invitation = invite(app, &ada, &id, &bo, "staff").await;
            let path = format!("organizations/{id}/invitations/{invitation}");
            let (accepted, revoked) = both(accept(app, &bo, &invitation), delete(app, &ada, &path)).await;
            assert_eq!(revoked.status, 204);
            let joined = accepted.status == 200;
            assert!(joined || refused(&accepted) == (409, "invitation_revoked"));
            assert_eq!(numbers(app, &id).await, [(1, 1 + usize::from(joined)); 2]);
            assert_eq!(delete(app, &ada, &member(&id, &bo)).await.status, 204);
        }
    });
}

#[test]
fn two_acceptances_at_once_join_once() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        for _ in 0..10 {
            let invitation = invite(app, &ada, &id, &bo, "staff").await;
            let (one, other) = both(accept(app, &bo, &invitation), accept(app, &bo, &invitation)).await;
            assert_eq!((one.status, other.status), (200, 200));
            assert_eq!(one.json(), other.json(), "one membership");
            assert_eq!(numbers(app, &id).await, [(1, 2); 2]);
            assert_eq!(delete(app, &ada, &member(&id, &bo)).await.status, 204);
        }
    });
}

#[test]
fn the_last_seat_is_taken_once() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        let invitations =
            [invite(app, &ada, &id, &bo, "staff").await, invite(app, &ada, &id, &eve, "staff").await];
        set_members(app, &id, 999).await;
        let (one, other) = both(accept(app, &bo, &invitations[0]), accept(app, &eve, &invitations[1])).await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let refusal = if one.status == 409 { one } else { other };
        assert_eq!(refused(&refusal), (409, "member_limit_reached"));
        let body = json!({ "email": "new-marker@example.com", "role": "viewer" });
        let full = post(app, &ada, &format!("organizations/{id}/invitations"), body).await;
        assert_eq!(refused(&full), (409, "member_limit_reached"));
    });
}

/// Sets the number of members: a thousand real ones take minutes.
async fn set_members(app: &App, organization: &str, members: u32) {
    let mut item = app.item(&format!("MEMBER#{organization}"), "COUNTERS").await.unwrap();
    let number = aws_sdk_dynamodb::types::AttributeValue::N(members.to_string());
    item.insert("members".to_owned(), number);
    let table = &app.platform.stack().table.name;
    app.dynamodb().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

#[test]
fn a_transfer_and_a_removal_of_the_successor_have_one_winner() {
    test(async |app| {
        let (ada, bo, eve) = (person(app, "ada").await, person(app, "bo").await, person(app, "eve").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &eve, "admin").await;
        join(app, &ada, &id, &bo, "staff").await;
        let (transfer, path) = (format!("organizations/{id}/transfer"), member(&id, &bo));
        for round in 0..10 {
            let (transferred, removed) =
                both(post(app, &ada, &transfer, json!({ "user_id": bo.id })), delete(app, &eve, &path)).await;
            let outcome = (transferred.status, removed.status);
            assert!([(200, 403), (409, 204)].contains(&outcome), "round {round}: {outcome:?}");
            let is_removed = removed.status == 204;
            assert_eq!(numbers(app, &id).await, [(1, if is_removed { 2 } else { 3 }); 2], "round {round}");
            if is_removed {
                join(app, &ada, &id, &bo, "staff").await;
            } else {
                let back = json!({ "user_id": ada.id, "keep_role": "staff" });
                assert_eq!(post(app, &bo, &transfer, back).await.status, 200, "round {round}");
            }
        }
    });
}

#[test]
fn writes_in_a_loop_end_with_the_removal() {
    test(async |app| {
        let (ada, bo) = (person(app, "ada").await, person(app, "bo").await);
        let id = organization(app, &ada, "Tea").await;
        join(app, &ada, &id, &bo, "admin").await;
        let path = format!("organizations/{id}");
        let writes = (0..20).map(|number| {
            let (bo, path) = (&bo, &path);
            async move { patch(app, bo, path, json!({ "city": format!("Ulm {number}") })).await.status }
        });
        let gone = member(&id, &bo);
        let (removed, statuses) = both(delete(app, &ada, &gone), join_all(writes)).await;
        assert_eq!(removed.status, 204);
        assert!(statuses.iter().all(|status| [200, 403].contains(status)), "{statuses:?}");
        let before = get(app, &ada, &path).await.json();
        assert_eq!(patch(app, &bo, &path, json!({ "city": "Bonn" })).await.status, 403);
        assert_eq!(get(app, &ada, &path).await.json(), before);
    });
}
