//! Cost of store operations: `cargo bench -p tests --bench store`.
//!
//! Runs the scenario that uses every store operation, and prints the cost of each
//! beside its budget; then whole requests beside their planned costs.

// The types of the scenario's futures exceed the compiler's default depth.
#![recursion_limit = "256"]

#[path = "../../contracts/everything.rs"]
mod everything;
#[path = "../../contracts/everything_catalog.rs"]
mod everything_catalog;
#[expect(dead_code, unused_imports, reason = "the tests use all of it")]
#[path = "../../harness/mod.rs"]
mod harness;
#[expect(dead_code, reason = "the tests use all of it")]
#[path = "../../seeded.rs"]
mod seeded;

use harness::{App, lines::operations, test};
use shared::table::units::Units;

/// Requests with a plan: name, request, status, and the maximum round trips, read
/// units and write units of a warm function.
const PLAN: [(&str, &str, &str, [f64; 3]); 7] = [
    ("get by id", "GET /api/v1/auth/me", "200", [1.0, 1.0, 0.0]),
    ("register", "POST /api/v1/auth/register", "201", [2.0, 1.0, 10.0]),
    ("login", "POST /api/v1/auth/login", "200", [3.0, 4.0, 1.0]),
    ("failed login", "POST /api/v1/auth/login", "401", [3.0, 2.0, 3.0]),
    ("refresh", "POST /api/v1/auth/refresh", "200", [1.0, 1.0, 1.0]),
    ("order of one sku, by its product", "POST /api/v1/orders", "201", [3.0, 1.5, 10.0]),
    ("page of cards, four partitions merged", "GET /api/v1/users", "200", [1.0, 4.0, 0.0]),
];

fn main() {
    test(async |app| {
        everything::everything(app).await;
        print_operations(app);
        print_requests(app);
    });
}

fn print_operations(app: &App) {
    let measured = app.lines.measured();
    print_head("a store operation, its dearest use, of its budget");
    for operation in operations() {
        let seen = measured.get(operation.name).into_iter().flatten();
        let of_one = seen.map(|seen| {
            let uses = f64::from(seen.uses);
            figures(seen.units).map(|of_all| of_all / uses)
        });
        // The maximum: a mean would hide expensive uses.
        let most = of_one.reduce(|a, b| [a[0].max(b[0]), a[1].max(b[1]), a[2].max(b[2])]);
        print_row(operation.name, most, figures(operation.budget));
    }
    println!();
}

fn print_requests(app: &App) {
    print_head("a request, its warmest, of the plan");
    for (name, action, outcome, plan) in PLAN {
        let lines = ["auth-api", "users-api", "orders-api"].into_iter().flat_map(|bin| app.lines.of(bin));
        let seen = lines.filter(|line| line.action == action && line.outcome == outcome);
        // The other requests also read keys and revocations.
        let warmest = seen.map(|line| [line.round_trips.into(), line.read_units, line.write_units]);
        print_row(name, warmest.min_by(|a, b| a.partial_cmp(b).unwrap()), plan);
    }
}

/// Round trips, read units, write units.
fn figures(units: Units) -> [f64; 3] {
    [units.round_trips.into(), units.read, units.write]
}

fn print_head(what: &str) {
    println!("{what:50} {:>16} {:>16} {:>16}", "round trips", "read units", "write units");
}

fn print_row(name: &str, seen: Option<[f64; 3]>, budget: [f64; 3]) {
    print!("{name:50}");
    for (place, budget) in budget.into_iter().enumerate() {
        let cell = match seen.map(|seen| seen[place]) {
            None => "not seen".to_owned(),
            Some(seen) if seen > budget => format!("OVER: {seen} of {budget}"),
            Some(seen) => format!("{seen} of {budget}"),
        };
        print!(" {cell:>16}");
    }
    println!();
}
