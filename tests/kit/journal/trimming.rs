//! Entries that are removed from the log.

use std::time::Duration;

use shared::{
    Failure,
    journal::State as _,
    table::{Condition, Table},
};

use super::names::{Names, REMOVE, REMOVE_SNAPSHOT, add, keeper, numbers, parts};
use crate::{harness::test, kit::table};

async fn remove(table: &Table, number: u64) {
    let key = (Names::LAYOUT.entry.1)(number);
    let transaction = table.operation(&REMOVE_SNAPSHOT).transaction::<Failure>();
    transaction.remove(key, Condition::Any).commit().await.unwrap();
}

#[test]
fn an_instance_that_misses_removed_entries_starts_from_the_snapshot() {
    test(async |app| {
        let (table, writer) = (&table(app), keeper(app));
        let (reader, idle) = (keeper(app), keeper(app));
        assert_eq!(reader.fresh().await.unwrap().number(), 0);
        assert_eq!(idle.fresh().await.unwrap().number(), 0);
        add(table, &writer, &["a".to_owned()]).await.unwrap();
        remove(table, 1).await;
        add(table, &writer, &["b".to_owned()]).await.unwrap();
        let failure = reader.fresh().await.expect_err("the entry is in no snapshot");
        assert!(matches!(failure, Failure::Unavailable(_)), "{failure:?}");

        writer.save_when_due(1).await.unwrap();
        assert_eq!(reader.fresh().await.unwrap().0, ["a", "b"]);
        // Without a later entry nothing shows the gap.
        remove(table, 2).await;
        assert_eq!(idle.fresh().await.unwrap().number(), 0);
        app.advance(Duration::from_hours(1));
        assert_eq!(idle.fresh().await.unwrap().0, ["a", "b"]);
    });
}

#[test]
fn a_log_is_trimmed_an_hour_after_a_snapshot() {
    const HOUR: Duration = Duration::from_hours(1);
    test(async |app| {
        let (writer, sweeper, reader) = (keeper(app), keeper(app), keeper(app));
        assert_eq!(reader.fresh().await.unwrap().number(), 0);
        for name in ["a", "b", "c"] {
            add(&table(app), &writer, &[name.to_owned()]).await.unwrap();
        }
        let tidy = async || sweeper.tidy(12 * HOUR, &REMOVE).await.unwrap();
        tidy().await;
        assert_eq!(parts(app, 3).await, 1, "there was none");
        app.advance(Duration::from_mins(59));
        tidy().await;
        assert_eq!(numbers(app).await, [1, 2, 3], "writers may still run");
        app.advance(Duration::from_mins(1));
        tidy().await;
        assert_eq!(numbers(app).await, [3], "others see by it what they lack");
        add(&table(app), &writer, &["d".to_owned()]).await.unwrap();
        app.advance(10 * HOUR);
        tidy().await;
        assert_eq!((numbers(app).await, parts(app, 4).await), (vec![3, 4], 0));
        app.advance(HOUR);
        tidy().await;
        assert_eq!(parts(app, 4).await, 1, "the former is twelve hours old");
        app.advance(HOUR);
        tidy().await;
        assert_eq!(numbers(app).await, [4]);
        app.advance(13 * HOUR);
        tidy().await;
        assert_eq!((numbers(app).await, parts(app, 4).await), (vec![4], 1), "nothing has changed");
        for keeper in [reader, writer, sweeper, keeper(app)] {
            assert_eq!(keeper.fresh().await.unwrap().0, ["a", "b", "c", "d"]);
        }
    });
}

#[test]
fn an_instance_that_lacks_trimmed_entries_starts_from_the_snapshot() {
    test(async |app| {
        let (writer, sweeper, reader) = (keeper(app), keeper(app), keeper(app));
        for name in ["a", "b", "c"] {
            add(&table(app), &writer, &[name.to_owned()]).await.unwrap();
        }
        sweeper.tidy(Duration::from_hours(12), &REMOVE).await.unwrap();
        app.advance(Duration::from_hours(1));
        assert_eq!(reader.fresh().await.unwrap().number(), 3);
        for name in ["d", "e"] {
            add(&table(app), &writer, &[name.to_owned()]).await.unwrap();
        }
        writer.save_when_due(1).await.unwrap();
        app.advance(Duration::from_mins(59));
        assert_eq!(reader.fresh().await.unwrap().number(), 5);
        add(&table(app), &writer, &["f".to_owned()]).await.unwrap();
        app.advance(Duration::from_mins(1));
        sweeper.tidy(Duration::from_hours(12), &REMOVE).await.unwrap();
        assert_eq!(numbers(app).await, [5, 6]);
        assert_eq!(reader.fresh().await.unwrap().0.len(), 6);
        assert_eq!(keeper(app).fresh().await.unwrap().0.len(), 6);
    });
}
