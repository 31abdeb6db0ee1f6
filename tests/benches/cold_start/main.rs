//! Cost of a cold start: `cargo bench -p tests --bench cold_start`.
//!
//! Runs every function of the template as deployed, repeatedly, and a bare
//! `lambda_http` function (`tests/hello`), in turns, so that other load on the
//! machine affects all alike. This process provides Lambda's Runtime API and AWS. It
//! prints a table and the state of the budgets of `ARCHITECTURE.md`; it never fails
//! for slowness.
//!
//! `-- <starts>` sets the number of starts of each function. During other builds on
//! the machine only the CPU time is meaningful, so the CPU pressure is printed too.

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

/// Default number of starts of each function. With fewer than a hundred the 99th
/// percentile would be the slowest one.
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
    // A first start without measurement creates the secrets and loads the files into
    // memory.
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

/// Registers an account with `auth-api`.
async fn register(subjects: &[Subject]) -> Account {
    let auth = subjects.iter().find(|subject| subject.bootstrap.name == "auth-api").unwrap();
    let mut sandbox = Sandbox::start(&auth.bootstrap.path, &auth.variables).await;
    let (_, reply) = sandbox.invoke(&Account::registration()).await;
    Account::of(&reply)
}
