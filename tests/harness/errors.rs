//! Server errors in a test. A test that provokes errors must name them.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex},
};

use super::lines::Lines;

/// Expected and observed errors of a test.
#[derive(Clone, Default)]
pub struct Errors(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    expected: BTreeSet<&'static str>,
    /// Errors that may occur or not.
    tolerated: BTreeSet<&'static str>,
    /// Replies with a 5xx.
    answered: Vec<Error>,
}

/// An error, with its name in tests and its place.
#[derive(Clone)]
struct Error {
    /// `503: deadline`, `failed: panic`.
    what: String,
    place: String,
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}", self.place, self.what)
    }
}

impl Errors {
    /// Expects errors that begin so, past and future.
    pub fn expect(&self, errors: &[&'static str]) {
        self.0.lock().unwrap().expected.extend(errors);
    }

    /// Allows errors that begin so, which need not occur.
    pub fn tolerate(&self, errors: &[&'static str]) {
        self.0.lock().unwrap().tolerated.extend(errors);
    }

    /// Records the status of a reply.
    pub fn sees(&self, request: impl FnOnce() -> String, status: u16) {
        if status >= 500 {
            let error = Error { what: status.to_string(), place: request() };
            self.0.lock().unwrap().answered.push(error);
        }
    }

    /// Fails if a function logged an error, or a reply was a 5xx, that the test does
    /// not expect; and if an expected one did not occur.
    pub fn check(&self, lines: &Lines) {
        let known = self.0.lock().unwrap();
        let logged = lines.errors().into_iter().map(|line| Error {
            what: format!("{}: {}", line.outcome, line.cause.unwrap_or_default()),
            place: format!("{} {}", line.function, line.action),
        });
        let logged: Vec<Error> = logged.collect();
        let is_logged = |answer: &&Error| logged.iter().any(|line| line.what.starts_with(&answer.what));
        // A 5xx that no function has logged is the gateway's.
        let answered = known.answered.iter().filter(|answer| !is_logged(answer));
        let seen: Vec<&Error> = logged.iter().chain(answered).collect();
        let is_expected =
            |error: &&&Error| known.expected.union(&known.tolerated).any(|it| error.what.starts_with(it));
        let unexpected: Vec<_> = seen.iter().filter(|error| !is_expected(error)).collect();
        assert!(
            unexpected.is_empty(),
            "errors on our side: {unexpected:#?}\nA test that provokes them says so: `app.expects_errors(&[…])`."
        );
        let came = |expected: &&&str| seen.iter().any(|error| error.what.starts_with(**expected));
        let missing: Vec<_> = known.expected.iter().filter(|expected| !came(expected)).collect();
        assert!(missing.is_empty(), "the test expects errors that did not come: {missing:?}");
    }
}
