//! Mechanisms that the groups share, on a table: the contract of each, independent of
//! a group. Parts that need no table are tested in `shared`.

mod claims;
mod imports;
mod journal;

use shared::{
    Context,
    id::Ids,
    table::{Table, schema::Key},
};

use crate::harness::{App, client::sdk_config};

/// The context of an instance of a function.
fn context(app: &App) -> Context {
    let environment = app.environment("CatalogApi");
    Context {
        function: "tests",
        stage: "local".to_owned(),
        ids: Ids::new(environment.clock.clone(), environment.random.clone()),
        clock: environment.clock,
        random: environment.random,
        log: environment.log,
    }
}

/// The table without a function's policy.
fn table(app: &App) -> Table {
    Table::new(&sdk_config(&app.platform), app.platform.stack().table.name.clone(), context(app))
}

fn key(pk: &str, sk: &(impl ToString + ?Sized)) -> Key {
    Key { pk: format!("KIT_{pk}"), sk: sk.to_string() }
}
