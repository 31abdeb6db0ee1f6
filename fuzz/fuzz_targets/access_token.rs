//! See `fuzz::access_token`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::access_token::run(bytes));
