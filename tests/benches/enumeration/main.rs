//! Account enumeration by response time: `cargo bench -p tests --bench enumeration`.
//!
//! Sends requests in turns, in random order, for an address with an account and for
//! one without, and prints the durations of the replies and Welch's t: as long as it
//! stays within 4.5 (the threshold of dudect), that number of replies does not
//! distinguish the two. `-- <answers>` sets the number of each. Every third account
//! was imported with a bcrypt hash of cost 12, which takes three times as long to
//! verify as ours. The last rows are registrations with `QuietRegistration`.

use std::time::Instant;

use axum::body::Body;
use http::{Request, header};
use local::platform::{Options, Platform};
use serde_json::{Value, json};
use shared::{
    identity::{
        accounts::NewAccount,
        password::{HashCost, Password, Scheme},
    },
    random::Random,
};

/// Default number of replies of each kind.
const ANSWERS: usize = 600;

/// Maximum requests for one address: beyond are the limits, which are the same for
/// both kinds.
const QUESTIONS_EACH: usize = 3;

/// Path and expected status of each request.
const QUESTIONS: [(&str, u16); 3] = [
    ("/api/v1/auth/login", 401),
    ("/api/v1/auth/password-reset-request", 202),
    ("/api/v1/auth/email-verification-request", 202),
];

const REGISTER: &str = "/api/v1/auth/register";

#[tokio::main]
async fn main() {
    // Cargo adds `--bench`.
    let answers = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ANSWERS);
    let platform = Platform::start(Options::memory().unwrap()).await.unwrap();
    let people = answers.div_ceil(QUESTIONS_EACH);
    register(&platform, people * QUESTIONS.len()).await;
    println!("{answers} answers of each kind, milliseconds\n");
    println!("{:42} {:>7} {:>8} {:>8} {:>8} {:>8}", "", "", "p10", "median", "p90", "t");
    for (question, (path, status)) in QUESTIONS.into_iter().enumerate() {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for number in 0..answers {
            // Users for each path separately: the mails share a limit.
            let person = question * people + number % people;
            // The addresses have equal lengths.
            let mut both = [("known", &mut known), ("guess", &mut unknown)];
            if Random::system().bytes::<1>()[0].is_multiple_of(2) {
                both.reverse();
            }
            for (kind, times) in both {
                times.push(ask(&platform, path, &format!("{kind}-{person:06}@example.com"), status).await);
            }
        }
        let t = welch(&cropped(&known), &cropped(&unknown));
        print_row(path, "known", &mut known, None);
        print_row("", "unknown", &mut unknown, Some(t));
    }
    platform.shutdown().await;
    quiet_registration(answers).await;
}

/// Measures registrations that reveal no account. An unknown address is another one each
/// time: it is registered by the request.
async fn quiet_registration(answers: usize) {
    let mut options = Options::memory().unwrap();
    options.template.value["Parameters"]["QuietRegistration"]["Default"] = "true".into();
    let platform = Platform::start(options).await.unwrap();
    register(&platform, answers).await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..answers {
        let mut both = [("known", &mut known), ("guess", &mut unknown)];
        if Random::system().bytes::<1>()[0].is_multiple_of(2) {
            both.reverse();
        }
        for (kind, times) in both {
            times.push(ask(&platform, REGISTER, &format!("{kind}-{number:06}@example.com"), 202).await);
        }
    }
    let t = welch(&cropped(&known), &cropped(&unknown));
    print_row(REGISTER, "known", &mut known, None);
    print_row("", "unknown", &mut unknown, Some(t));
    platform.shutdown().await;
}

/// Creates the accounts. Every other address is unverified: a verified one has no
/// mail to request, and is measured too.
async fn register(platform: &Platform, count: usize) {
    let password = Password::parse("wooden lighthouse over the bay".to_owned(), &[]).unwrap();
    let password_hash = HashCost::DEFAULT.hash(password, &Random::system()).await.unwrap();
    let imported = bcrypt::hash("wooden lighthouse over the bay", 12).unwrap();
    let accounts = platform.operator().accounts().await.unwrap();
    accounts.note_imported(&[Scheme::of(&imported).unwrap()]).await.unwrap();
    for number in 0..count {
        let hash = if number % 3 == 0 { &imported } else { &password_hash };
        let account = NewAccount {
            email_verified: number % 2 == 0,
            password_hash: Some(hash.clone()),
            ..NewAccount::confirmed(format!("known-{number:06}@example.com").parse().unwrap())
        };
        accounts.create(account).await.unwrap();
    }
    platform.settle().await;
}

/// Sends one request and returns the milliseconds until the reply. Its effects in
/// other functions have ended before the next one.
async fn ask(platform: &Platform, path: &str, email: &str, status: u16) -> f64 {
    let mut body: Value = json!({ "email": email });
    if path.ends_with("login") || path == REGISTER {
        body["password"] = "not the password of anybody".into();
    }
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let began = Instant::now();
    let response = platform.request(request).await;
    let took = began.elapsed().as_secs_f64() * 1e3;
    assert_eq!(response.status(), status, "{path}");
    platform.settle().await;
    took
}

/// Drops the slowest twentieth, which depends more on the machine.
fn cropped(times: &[f64]) -> Vec<f64> {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.truncate(times.len() * 19 / 20);
    times
}

/// Welch's t of two samples.
fn welch(a: &[f64], b: &[f64]) -> f64 {
    let ((mean_a, error_a), (mean_b, error_b)) = (mean_and_error(a), mean_and_error(b));
    (mean_a - mean_b) / (error_a + error_b).sqrt()
}

/// The mean, and its variance.
#[expect(clippy::cast_precision_loss, reason = "a few hundred answers")]
fn mean_and_error(sample: &[f64]) -> (f64, f64) {
    let count = sample.len() as f64;
    let mean = sample.iter().sum::<f64>() / count;
    let variance = sample.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, variance / count)
}

fn print_row(path: &str, kind: &str, times: &mut [f64], t: Option<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    let t = t.map(|t| format!("{t:+.2}")).unwrap_or_default();
    println!("{path:42} {kind:>7} {:8.2} {:8.2} {:8.2} {t:>8}", at(10), at(50), at(90));
}
