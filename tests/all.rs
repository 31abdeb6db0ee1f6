//! Every test of the workspace that is not a unit test of `shared`, in one binary:
//! each would link 150 MB.
//!
//! | module | contents |
//! |---|---|
//! | `harness` | a platform in memory for each test, with its own clock and seeds |
//! | `api` | mirrors the URLs; in process |
//! | `bus` | the way of an event: publisher, batches, mails |
//! | `calendar_readers` | programs of others that read calendars and linked data |
//! | `fuzz` | the bodies of the fuzz targets, which `hostile` runs for seconds |
//! | `hostile` | hostile input: random and mutated values, forged tokens |
//! | `contracts` | facts that must agree: template, code, documents, README |
//! | `events` | schedules and calendars: right answers, properties, oracles |
//! | `kit` | mechanisms that the groups share, on a table: journal, claims, imports |
//! | `journeys` | a user's flows over HTTP alone, at `AGORA_URL`: local, watched or deployed |
//! | `operator` | an operator's commands |
//! | `kills` | the real process, killed |
//! | `pages` | the HTML pages in headless Chromium |
//! | `schema` | stored items of earlier releases, rewritten beside live traffic |
//! | `search` | words of two languages, and the index: right answers, an oracle |
//! | `simulation`, `seeds` | the faults of the cloud, and the seeds that must pass |
//! | `seeded` | randomness that repeats |

mod api;
mod bus;
mod calendar_readers;
mod contracts;
mod events;
#[path = "../fuzz/src/lib.rs"]
mod fuzz;
mod harness;
mod hostile;
mod journeys;
mod kills;
mod kit;
mod operator;
mod pages;
mod schema;
mod search;
mod seeded;
mod seeds;
mod simulation;
