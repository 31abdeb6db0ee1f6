//! See `fuzz::refresh_token`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::refresh_token::run(bytes));
