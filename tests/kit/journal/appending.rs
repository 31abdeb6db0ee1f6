//! Entries that instances append.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::{join, join_all};
use shared::{
    Failure,
    journal::{Committed, Entry, Folded, Keeper},
};

use super::names::{Names, add, append, keeper, parts};
use crate::{harness::test, kit::table};

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
