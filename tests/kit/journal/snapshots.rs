//! Snapshots.

use futures::future::{join, join_all};
use shared::{journal::Keeper, table::Table};

use super::names::{Names, add, keeper, parts};
use crate::{
    harness::{client::sdk_config, interrupting, test},
    kit::{context, table},
};

#[test]
fn an_instance_starts_from_a_large_snapshot_and_the_later_entries() {
    test(async |app| {
        let writer = keeper(app);
        for entry in 0..12 {
            let names: Vec<String> = (0..50).map(|name| format!("{entry}-{name:02000}")).collect();
            add(&table(app), &writer, &names).await.unwrap();
        }
        writer.save_when_due(13).await.unwrap();
        assert_eq!(parts(app, 12).await, 0, "it is not due");
        writer.save_when_due(12).await.unwrap();
        assert!(parts(app, 12).await >= 4);
        add(&table(app), &writer, &["last".to_owned()]).await.unwrap();
        let (written, started) = (writer.fresh().await.unwrap(), keeper(app).fresh().await.unwrap());
        assert_eq!((started.number(), started.0.len()), (13, 601));
        assert_eq!(started, written);

        keeper(app).save_when_due(1).await.unwrap();
        assert_eq!(parts(app, 12).await, 0, "the next snapshot replaces it");
        assert_eq!(keeper(app).fresh().await.unwrap(), written);
    });
}

#[test]
fn of_snapshots_that_are_written_at_once_the_latest_stays_whole() {
    test(async |app| {
        let (table, keepers) = (&table(app), [keeper(app), keeper(app), keeper(app)]);
        for number in 0..20 {
            let names = [number.to_string()];
            let added = add(table, &keepers[number % 3], &names);
            let saved = join_all(keepers.iter().map(|keeper| keeper.save_when_due(1)));
            let (added, saved) = join(added, saved).await;
            added.unwrap();
            saved.into_iter().collect::<Result<(), _>>().unwrap();
            assert_eq!(keeper(app).fresh().await.unwrap().0.len(), number + 1);
        }
        keepers[0].save_when_due(1).await.unwrap();
        for number in 1..20 {
            assert_eq!(parts(app, number).await, 0, "of snapshot {number}");
        }
        assert_eq!(parts(app, 20).await, 1);
    });
}

#[test]
fn a_snapshot_that_is_overtaken_leaves_no_parts() {
    test(async |app| {
        let (other, others) = (keeper(app), table(app));
        add(&others, &other, &["a".to_owned()]).await.unwrap();
        let config = sdk_config(&app.platform);
        let interruption = async move {
            add(&others, &other, &["b".to_owned()]).await.unwrap();
            other.save_when_due(1).await.unwrap();
        };
        // The late writer has written its parts, and is about to write the head.
        let is_head = |body: &str| body.contains(r#""kit_snapshot""#);
        let client = interrupting(config.http_client().unwrap(), is_head, interruption);
        let config = config.into_builder().http_client(client).build();
        let table = Table::new(&config, app.platform.stack().table.name.clone(), context(app));
        Keeper::<Names>::new(table, context(app)).save_when_due(1).await.unwrap();
        assert_eq!((parts(app, 1).await, parts(app, 2).await), (0, 1));
        assert_eq!(keeper(app).fresh().await.unwrap().0, ["a", "b"]);
    });
}
