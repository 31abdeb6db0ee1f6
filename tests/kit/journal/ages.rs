//! The age of a state, and a log that cannot be read.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use shared::{journal::Keeper, table::Table};

use super::names::{Names, add, keeper};
use crate::{
    harness::{App, answering, client::sdk_config, test},
    kit::{context, table},
};

/// A table that refuses reads of the log while the flag is set.
fn breakable(app: &App) -> (Table, Arc<AtomicBool>) {
    let broken = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&broken);
    let refusal = r#"{"__type":"AccessDeniedException"}"#.to_owned();
    let config = sdk_config(&app.platform);
    let client = answering(config.http_client().unwrap(), move |body| {
        (gate.load(Ordering::Relaxed) && body.contains("KIT_LOG")).then(|| (400, refusal.clone()))
    });
    let config = config.into_builder().http_client(client).build();
    let table = Table::new(&config, app.platform.stack().table.name.clone(), context(app));
    (table, broken)
}

#[test]
fn a_recent_state_is_read_only_when_it_is_too_old() {
    test(async |app| {
        let (reader, writer) = (keeper(app), keeper(app));
        let age = Duration::from_secs(5);
        assert_eq!(reader.recent(age).await.unwrap().0.0.len(), 0);
        add(&table(app), &writer, &["a".to_owned()]).await.unwrap();
        assert_eq!(writer.recent(age).await.unwrap().0.0.len(), 1, "a writer sees its own entry");
        app.advance(Duration::from_secs(4));
        let (state, is) = reader.recent(age).await.unwrap();
        assert_eq!((state.0.len(), is), (0, Duration::from_secs(4)));
        app.advance(Duration::from_secs(1));
        let (state, is) = reader.recent(age).await.unwrap();
        assert_eq!((state.0.len(), is), (1, Duration::ZERO));
    });
}

/// Without the log, the snapshot may lack any number of entries.
#[test]
fn a_state_whose_log_could_not_be_read_is_not_recent() {
    test(async |app| {
        let writer = keeper(app);
        add(&table(app), &writer, &["a".to_owned()]).await.unwrap();
        writer.save_when_due(1).await.unwrap();
        add(&table(app), &writer, &["b".to_owned()]).await.unwrap();

        let (table, broken) = breakable(app);
        broken.store(true, Ordering::Relaxed);
        let reader = Keeper::<Names>::new(table, context(app));
        let age = Duration::from_secs(5);
        for _ in 0..2 {
            reader.recent(age).await.expect_err("the log cannot be read");
        }
        broken.store(false, Ordering::Relaxed);
        assert_eq!(reader.recent(age).await.unwrap().0.0.len(), 2);

        // After a successful read, failures keep its age.
        broken.store(true, Ordering::Relaxed);
        app.advance(Duration::from_secs(3));
        reader.fresh().await.expect_err("the log cannot be read");
        assert_eq!(reader.recent(age).await.unwrap().1, Duration::from_secs(3));
        app.advance(Duration::from_secs(3));
        reader.recent(age).await.expect_err("the log cannot be read");
    });
}

#[test]
fn a_known_state_is_available_while_the_table_cannot_be_read() {
    test(async |app| {
        let (table, broken) = breakable(app);
        let (reader, late) =
            (Keeper::<Names>::new(table.clone(), context(app)), Keeper::<Names>::new(table, context(app)));
        let age = Duration::from_secs(5);
        let (_, first) = reader.available(age).await.unwrap();
        broken.store(true, Ordering::Relaxed);
        app.advance(Duration::from_secs(30));
        assert_eq!(reader.available(age).await.unwrap().1, first, "it says how old it is");
        late.available(age).await.expect_err("it has never read anything");
        broken.store(false, Ordering::Relaxed);
        assert!(reader.available(age).await.unwrap().1 > first);
    });
}
