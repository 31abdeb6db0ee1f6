//! See `fuzz::any_operation`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::any_operation::run(bytes));
