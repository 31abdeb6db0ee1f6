//! State that is folded from a log.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::future::{join, join_all};
use serde::{Deserialize, Serialize};
use shared::{
    Failure, Refused,
    journal::{Committed, Entry, Folded, Keeper, Layout, Parts, SnapshotPart, State, UnknownChange, lines},
    table::{Condition, Query, Table},
};

use super::{context, key, table};
use crate::harness::{App, answering, client::sdk_config, interrupting, test};

shared::operations! {
    /// Appends an entry.
    APPEND = "kit.append": 1 round trip, 0.0 read, 1.0 write;
    /// Reads the entries after the last known one.
    FOLLOW = "kit.follow": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the head of the snapshot.
    GET_SNAPSHOT = "kit.get_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Reads the parts of a snapshot.
    LIST_SNAPSHOT = "kit.list_snapshot": 1 round trip, 1.0 read, 0.0 write;
    /// Writes a part of a snapshot.
    PUT_SNAPSHOT_PART = "kit.put_snapshot_part": 1 round trip, 0.0 read, 1.0 write;
    /// Writes the head of the snapshot.
    PUT_SNAPSHOT = "kit.put_snapshot": 1 round trip, 0.0 read, 1.0 write;
    /// Removes an entry.
    REMOVE = "kit.remove": 1 round trip, 0.0 read, 1.0 write;
    /// Removes parts of a snapshot.
    REMOVE_SNAPSHOT = "kit.remove_snapshot": 1 round trip, 0.0 read, 2.0 write;
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Names(Vec<String>);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct NamesPart {
    lines: String,
}

impl State for Names {
    type Change = Option<String>;
    type Part = NamesPart;
    const LAYOUT: Layout = Layout {
        name: "the names",
        entry: ("kit_entry", |number| key("LOG", &format!("{number:012}"))),
        snapshot: ("kit_snapshot", || key("SNAPSHOT", "SNAPSHOT")),
        part: ("kit_part", |number, part| key(&format!("SNAPSHOT#{number}"), &format!("{part:06}"))),
        follow: &FOLLOW,
        get_snapshot: &GET_SNAPSHOT,
        list_snapshot: &LIST_SNAPSHOT,
        put_snapshot_part: &PUT_SNAPSHOT_PART,
        put_snapshot: &PUT_SNAPSHOT,
        remove_snapshot: &REMOVE_SNAPSHOT,
    };

    fn apply(&mut self, name: Option<String>) -> Result<(), UnknownChange> {
        self.0.push(name.ok_or(UnknownChange)?);
        Ok(())
    }

    fn write(&self, parts: &mut Parts<Self>) -> Result<(), Failure> {
        self.0.iter().try_for_each(|name| parts.line(name, |part| &mut part.lines))
    }

    fn restore(parts: &[NamesPart]) -> Result<Self, Failure> {
        parts.iter().flat_map(|part| lines(&part.lines)).collect::<Result<_, _>>().map(Self)
    }
}

/// A keeper that has not read anything yet.
fn keeper(app: &App) -> Keeper<Names> {
    Keeper::new(table(app), context(app))
}

async fn append(table: &Table, entry: Entry<Names>) -> Result<Committed<Names, ()>, Failure> {
    match table.operation(&APPEND).put(&entry, Condition::New, Vec::new()).await {
        Ok(()) => Ok(Committed::Done((), Some(entry))),
        Err(Refused::By(_)) => Ok(Committed::Overtaken),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// Adds names, unless the first exists.
async fn add(table: &Table, keeper: &Keeper<Names>, names: &[String]) -> Result<(), Failure> {
    let changes: &Vec<_> = &names.iter().cloned().map(Some).collect();
    keeper
        .commit(|state| async move {
            if state.0.contains(&names[0]) {
                return Ok(Committed::Done((), None));
            }
            append(table, Entry::after(&state, changes)?).await
        })
        .await
}

async fn parts(app: &App, number: u64) -> usize {
    let query = Query::table((Names::LAYOUT.part.1)(number, 0));
    table(app).operation(&LIST_SNAPSHOT).list::<SnapshotPart<Names>>(query).await.unwrap().len()
}

#[test]
fn of_two_appenders_one_wins() {
    test(async |app| {
        let (one, other) = (keeper(app), keeper(app));
        let (seen, also) = join(one.fresh(), other.fresh()).await;
        let entry = |state: Arc<Folded<Names>>, name: &str| Entry::after(&state, &[Some(name.to_owned())]);
        let (first, second) = (entry(seen.unwrap(), "a").unwrap(), entry(also.unwrap(), "b").unwrap());
        let table = table(app);
        let (first, second) = join(append(&table, first), append(&table, second)).await;
        let won = [first, second].map(|it| matches!(it.unwrap(), Committed::Done(..)));
        assert!(won[0] != won[1], "{won:?}");
        let (seen, also) = join(one.fresh(), other.fresh()).await;
        assert_eq!((seen.unwrap().number(), also.unwrap().0.len()), (1, 1));
    });
}

#[test]
fn overtaken_writers_decide_again_and_all_instances_agree() {
    test(async |app| {
        let (table, keepers) = (&table(app), [keeper(app), keeper(app), keeper(app)]);
        // All three instances add each name at once: it is added once.
        for number in 0..10 {
            let name = [number.to_string()];
            let added = join_all(keepers.iter().map(|keeper| add(table, keeper, &name))).await;
            added.into_iter().collect::<Result<(), _>>().unwrap();
        }
        let states = join_all(keepers.iter().map(Keeper::fresh)).await;
        for state in states {
            let state = state.unwrap();
            assert_eq!((state.number(), state.0.len()), (10, 10));
            assert_eq!(state.0.iter().collect::<BTreeSet<_>>().len(), 10);
        }
    });
}

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

        let broken = Arc::new(AtomicBool::new(true));
        let gate = Arc::clone(&broken);
        let refusal = r#"{"__type":"AccessDeniedException"}"#.to_owned();
        let config = sdk_config(&app.platform);
        let client = answering(config.http_client().unwrap(), move |body| {
            (gate.load(Ordering::Relaxed) && body.contains("KIT_LOG")).then(|| (400, refusal.clone()))
        });
        let config = config.into_builder().http_client(client).build();
        let table = Table::new(&config, app.platform.stack().table.name.clone(), context(app));
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
fn a_state_that_lacks_a_change_is_shown_but_not_changed_or_saved() {
    test(async |app| {
        let (table, keeper) = (table(app), keeper(app));
        let later = Entry::after(&Folded::default(), &[Some("a".to_owned()), None]).unwrap();
        append(&table, later).await.unwrap();
        assert_eq!(keeper.fresh().await.unwrap().0, ["a"]);
        let refused = add(&table, &keeper, &["b".to_owned()]).await;
        assert!(matches!(refused, Err(Failure::Unavailable(_))), "{refused:?}");
        keeper.save_when_due(1).await.unwrap();
        assert_eq!(parts(app, 1).await, 0);
    });
}

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
fn a_known_state_is_available_while_the_table_cannot_be_read() {
    test(async |app| {
        let broken = Arc::new(AtomicBool::new(false));
        let gate = Arc::clone(&broken);
        let refusal = r#"{"__type":"AccessDeniedException"}"#.to_owned();
        let config = sdk_config(&app.platform);
        let client = answering(config.http_client().unwrap(), move |body| {
            (gate.load(Ordering::Relaxed) && body.contains("KIT_LOG")).then(|| (400, refusal.clone()))
        });
        let config = config.into_builder().http_client(client).build();
        let table = Table::new(&config, app.platform.stack().table.name.clone(), context(app));
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

/// Numbers of the entries in the log.
async fn numbers(app: &App) -> Vec<u64> {
    let query = Query::table((Names::LAYOUT.entry.1)(0));
    let entries = table(app).operation(&FOLLOW).list::<Entry<Names>>(query).await.unwrap();
    entries.into_iter().map(|entry| entry.entity.number).collect()
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

#[test]
fn a_rebuild_replaces_a_state_and_no_instance_brings_it_back() {
    test(async |app| {
        let (table, wrong, late) = (&table(app), keeper(app), keeper(app));
        for name in ["wrong", "false"] {
            add(table, &wrong, &[name.to_owned()]).await.unwrap();
        }
        for has_snapshot in [false, true] {
            if has_snapshot {
                wrong.save_when_due(1).await.unwrap();
            }
            late.fresh().await.unwrap();
            let meanwhile = format!("meanwhile {has_snapshot}");
            let build = async {
                add(table, &wrong, std::slice::from_ref(&meanwhile)).await?;
                // It is of before the rebuild.
                wrong.save_when_due(1).await?;
                Ok(Names(vec!["right".to_owned()]))
            };
            keeper(app).rebuild(&APPEND, build).await.unwrap();
            let right = ["right".to_owned(), meanwhile];
            assert_eq!(keeper(app).fresh().await.unwrap().0, right);
            add(table, &late, &[format!("late {has_snapshot}")]).await.unwrap();
            for keeper in [&wrong, &late] {
                keeper.save_when_due(1).await.unwrap();
                assert_eq!(keeper.fresh().await.unwrap().0[..2], right, "it has read the state anew");
            }
            assert_eq!(keeper(app).fresh().await.unwrap().0.len(), 3);
        }
    });
}

#[test]
fn a_state_that_cannot_be_read_is_rebuilt() {
    test(async |app| {
        let (table, writer) = (&table(app), keeper(app));
        add(table, &writer, &["a".to_owned()]).await.unwrap();
        writer.save_when_due(1).await.unwrap();
        let key = (Names::LAYOUT.part.1)(1, 0);
        let transaction = table.operation(&REMOVE_SNAPSHOT).transaction::<Failure>();
        transaction.remove(key, Condition::Any).commit().await.unwrap();
        keeper(app).fresh().await.expect_err("its only part is missing");
        let build = async { Ok(Names(vec!["b".to_owned()])) };
        keeper(app).rebuild(&APPEND, build).await.unwrap();
        assert_eq!(keeper(app).fresh().await.unwrap().0, ["b"]);
    });
}
