//! The fuzz targets, run for seconds: with their seeds and with small changes of
//! these, the same in every run. `fuzz/run` is guided by coverage, and takes minutes.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    fuzz::{access_token, any_operation, cursor, gateway_event, refresh_token, schedule},
    seeded::Dice,
};

/// Changed inputs for each target: a second or two.
const INPUTS: usize = 500;

/// Maximum changes of an input.
const CHANGES: usize = 4;

/// Pieces that are significant to parsers.
const PIECES: [&str; 12] = ["\"", "\n", "\n\n", "{", "}", ".", "=", "?", "%", "\u{0}", "-1", "\u{10ffff}"];

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 6] = [
    ("access_token", access_token::run),
    ("cursor", cursor::run),
    ("gateway_event", gateway_event::run),
    ("refresh_token", refresh_token::run),
    ("operation", any_operation::run),
    ("schedule", schedule::run),
];

#[test]
fn access_token_survives_changed_seeds() {
    smoke(TARGETS[0]);
}

#[test]
fn cursor_survives_changed_seeds() {
    smoke(TARGETS[1]);
}

#[test]
fn gateway_event_survives_changed_seeds() {
    smoke(TARGETS[2]);
}

#[test]
fn refresh_token_survives_changed_seeds() {
    smoke(TARGETS[3]);
}

#[test]
fn operation_survives_changed_seeds() {
    smoke(TARGETS[4]);
}

#[test]
fn schedule_survives_changed_seeds() {
    smoke(TARGETS[5]);
}

#[test]
fn every_fuzz_target_is_run_here() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let bins = manifest.split("[[bin]]").skip(1);
    let bins = bins.map(|bin| bin.split("name = \"").nth(1).unwrap().split('"').next().unwrap().to_owned());
    let here = TARGETS.map(|(name, _)| name.to_owned());
    assert_eq!(bins.collect::<BTreeSet<_>>(), BTreeSet::from(here));
}

fn smoke((name, run): Target) {
    let mut seeds: Vec<_> = fs::read_dir(root().join("fuzz/seeds").join(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!seeds.is_empty(), "{name} has no seeds");
    seeds.sort();
    let seeds: Vec<Vec<u8>> = seeds.iter().map(|path| fs::read(path).unwrap()).collect();
    run(b"");
    for seed in &seeds {
        run(seed);
    }
    let mut dice = Dice::new(&[0xf0, seeds.len() as u64]);
    for _ in 0..INPUTS {
        let mut input = dice.pick(&seeds).unwrap().clone();
        for _ in 0..=dice.below(CHANGES) {
            change(&mut input, &mut dice);
        }
        run(&input);
    }
}

/// Flips a bit, drops or doubles a range, or inserts a piece.
fn change(input: &mut Vec<u8>, dice: &mut Dice) {
    let from = dice.below(input.len());
    let to = (from + 1 + dice.below(16)).min(input.len());
    match dice.below(4) {
        0 if !input.is_empty() => input[from] ^= 1 << dice.below(8),
        1 => drop(input.drain(from..to)),
        2 => {
            let range = input[from..to].to_vec();
            input.splice(to..to, range);
        }
        _ => {
            let piece = dice.pick(&PIECES).unwrap();
            input.splice(from..from, piece.bytes());
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
