//! Rebuilds of a state.

use shared::{Failure, journal::State as _, table::Condition};

use super::names::{APPEND, Names, REMOVE_SNAPSHOT, add, keeper};
use crate::{harness::test, kit::table};

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
                assert_eq!(keeper.fresh().await.unwrap().0[..2], right, "it has read the state again");
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
