//! `cargo bench -p tests --bench simulate -- --seeds N [--from SEED]`: as many seeds
//! as a night has room for.

#[path = "../../seeded.rs"]
mod seeded;
#[path = "../../simulation/mod.rs"]
mod simulation;

fn main() {}
