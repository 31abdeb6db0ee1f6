//! Cost of a cold start: `cargo bench -p tests --bench cold_start`.
//!
//! Every function of the template is executed in its shipped form, repeatedly,
//! together with a bare `lambda_http` function (`tests/hello`), in turns, so that other
//! load of the machine affects all alike. Lambda's Runtime API and AWS are this
//! process'. It prints a table and which of the budgets of `ARCHITECTURE.md`
//! hold; a slow function is no failure.
//!
//! `-- <starts>` sets the number of starts of each function. While the
//! machine builds something else only the CPU time is meaningful, so the output states
//! how scarce the CPUs were.

mod aws;
mod bootstraps;
mod invocations;
mod process;
mod report;
mod runtime_api;
mod sandbox;
mod subject;

use std::{collections::BTreeMap, path::Path, time::Instant};

use aws::Aws;
use bootstraps::Bootstrap;
use invocations::Account;
use report::Report;
use sandbox::Sandbox;
use subject::Subject;

/// Starts of each function, if nobody says otherwise. The 99th percentile of
/// fewer than a hundred would be their slowest.
const STARTS: usize = 100;

#[tokio::main]
async fn main() {
    // Cargo adds `--bench`.
    let starts = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(STARTS);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    bootstraps::build(root);

    let aws = Aws::serve(root).await;
    let hello = Subject::new(Bootstrap::of(root, "hello"), BTreeMap::new());
    let functions = aws.stack.functions.values();
    let functions =
        functions.map(|function| Subject::new(Bootstrap::of(root, &function.bin), aws.variables(function)));
    let mut subjects: Vec<Subject> = std::iter::once(hello).chain(functions).collect();

    let account = register(&subjects).await;
    // Once for nothing: secrets are made, files are in memory.
    for subject in &mut subjects {
        subject.start(&aws, &account).await;
        subject.starts.clear();
    }
    let (began, pressure) = (Instant::now(), process::cpu_pressure());
    for _ in 0..starts {
        for subject in &mut subjects {
            subject.start(&aws, &account).await;
        }
    }
    let pressure = (process::cpu_pressure() - pressure) / began.elapsed().as_secs_f64();
    print!("{}", Report::of(&subjects, pressure));
}

/// Has `auth-api` make an account.
async fn register(subjects: &[Subject]) -> Account {
    let auth = subjects.iter().find(|subject| subject.bootstrap.name == "auth-api").unwrap();
    let mut sandbox = Sandbox::start(&auth.bootstrap.path, &auth.variables).await;
    let (_, reply) = sandbox.invoke(&Account::registration()).await;
    Account::of(&reply)
}
