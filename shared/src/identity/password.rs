//! Passwords: required strength, and hashes.

mod argon2id;
mod imported;
mod strength;

use std::{fmt, str::FromStr};

use argon2::{Params, password_hash::phc::PasswordHash};
use utoipa::ToSchema;

use crate::{
    Failure,
    random::Random,
    table::units::Operation,
    telemetry::Scope,
    text::{Email, Invalid, PersonName, nfc},
};

pub(super) use imported::IMPORTED_HASHES;
pub use imported::{ImportedHashes, Scheme};
pub(super) const OPERATIONS: &[Operation] = imported::OPERATIONS;

/// A password that is strong enough to be kept: 8 to 256 characters that are hard
/// to guess. It is never printed.
#[derive(ToSchema)]
#[schema(
    value_type = String,
    format = "password",
    min_length = 8,
    max_length = 256,
    examples("correct horse battery staple")
)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Minimum number of characters.
    pub const MIN_CHARACTERS: usize = 8;
    /// Maximum number of characters.
    pub const MAX_CHARACTERS: usize = 256;

    /// Words that an attacker who knows the person would try.
    pub fn personal<'a>(email: Option<&'a Email>, name: Option<&'a PersonName>) -> Vec<&'a str> {
        let address = email.into_iter().flat_map(|email| email.as_str().split('@').chain([email.as_str()]));
        address.chain(name.map(PersonName::as_str)).collect()
    }

    /// Accepts 8 to 256 characters of any kind that are hard to guess (`zxcvbn` score
    /// of 3 or more), also for an attacker who knows `personal`: the owner's address
    /// and name. It blocks for some milliseconds: handlers use [`Candidate`].
    pub fn parse(text: String, personal: &[&str]) -> Result<Self, Invalid> {
        Candidate::parse(text)?.judge(personal)
    }
}

/// A password of an acceptable length, whose strength is not judged yet.
pub struct Candidate(String);

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Candidate(…)")
    }
}

impl Candidate {
    /// Accepts 8 to 256 characters, counted in NFC as in NIST SP 800-63B.
    #[expect(clippy::needless_pass_by_value, reason = "a field gives its text away")]
    pub fn parse(text: String) -> Result<Self, Invalid> {
        let text = nfc(&text).into_owned();
        if !(Password::MIN_CHARACTERS..=Password::MAX_CHARACTERS).contains(&text.chars().count()) {
            let (min, max) = (Password::MIN_CHARACTERS, Password::MAX_CHARACTERS);
            return Err(Invalid::new(
                "password_length",
                format!("A password must have {min} to {max} characters."),
            ));
        }
        Ok(Self(text))
    }

    /// Judges the strength on a blocking thread if hashes of this cost are made
    /// there, so that the deadline and other requests keep running.
    pub async fn password(
        self,
        personal: &[&str],
        cost: HashCost,
    ) -> Result<Result<Password, Invalid>, Failure> {
        if cost.memory_kib <= INLINE_HASH_KIB {
            return Ok(self.judge(personal));
        }
        let personal: Vec<String> = personal.iter().map(|word| (*word).to_owned()).collect();
        let judge = move || self.judge(&personal.iter().map(String::as_str).collect::<Vec<_>>());
        tokio::task::spawn_blocking(judge).await.map_err(Failure::internal)
    }

    fn judge(self, personal: &[&str]) -> Result<Password, Invalid> {
        let strength = strength::strength(&self.0, personal);
        if strength.is_strong {
            return Ok(Password(self.0));
        }
        let reasons = std::iter::once("This password is easy to guess.".to_owned()).chain(strength.reasons);
        Err(Invalid::new("weak_password", reasons.collect::<Vec<_>>().join(" ")))
    }
}

/// A password that a caller has entered and that is not verified. It is never
/// printed.
#[derive(Clone)]
pub struct Attempt {
    /// In NFC.
    text: String,
    /// The text as received, if that is not NFC: hashes of earlier releases and of
    /// other systems may be of it.
    received: Option<String>,
    /// True if the length is possible: neither empty nor too long. An imported hash
    /// may be that of the empty text.
    possible: bool,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempt(…)")
    }
}

impl Attempt {
    /// Accepts any text.
    pub fn new(text: String) -> Self {
        let composed = nfc(&text);
        let possible = (1..=Password::MAX_CHARACTERS).contains(&composed.chars().count());
        if !possible {
            return Self { text: String::new(), received: None, possible };
        }
        let composed = composed.into_owned();
        let received = Some(text).filter(|received| *received != composed);
        Self { text: composed, received, possible }
    }
}

/// Cost of an argon2id hash; as text `m=47104,t=1,p=1`, as in a PHC string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

/// Maximum cost of verifying a stored hash: an import, or an attacker with write
/// access to the table, must not be able to stop a function with one.
const MAX_HASH_COST: HashCost = HashCost { memory_kib: 256 * 1024, iterations: 10, parallelism: 8 };

/// A hash of so little memory takes less time than waking another thread. No
/// deployment has one: it is for tests, whose order of events then does not depend on
/// threads.
const INLINE_HASH_KIB: u32 = 64;

/// Bytes of a password that bcrypt reads.
const BCRYPT_BYTES: usize = 72;

/// As [`MAX_HASH_COST`], for bcrypt's logarithm of rounds.
const DEAREST_BCRYPT: u32 = 14;

/// Result of verifying a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// The password does not match.
    Wrong,
    /// The password matches.
    Right {
        /// True if the hash has another cost or kind than a new one would have.
        outdated: bool,
    },
}

impl HashCost {
    /// Cost of a new hash: OWASP's first choice for argon2id.
    pub const DEFAULT: Self = Self { memory_kib: 47_104, iterations: 1, parallelism: 1 };

    /// Hashes on a blocking thread, to a PHC string.
    pub async fn hash(self, password: Password, random: &Random) -> Result<String, Failure> {
        self.hash_text(password.0, random).await
    }

    /// Hashes a verified password at the current cost.
    pub async fn rehash(self, verified: Attempt, random: &Random) -> Result<String, Failure> {
        self.hash_text(verified.text, random).await
    }

    async fn hash_text(self, text: String, random: &Random) -> Result<String, Failure> {
        let salt = random.bytes::<16>();
        self.off_thread(move || self.phc(&text, &salt)).await
    }

    /// Verifies on a blocking thread. Without a hash (an unknown address, or no
    /// password) the work is the same and the result is `Wrong`.
    pub async fn verify(self, attempt: &Attempt, hash: Option<String>) -> Result<Verified, Failure> {
        let Attempt { text, received, possible } = attempt.clone();
        let mut verified = self.verify_text(text, hash.clone()).await?;
        // For every account, known or not, an attempt that is not NFC takes two
        // hashes.
        if let Some(received) = received {
            let outdated = hash.as_ref().is_some_and(|hash| is_verified_whole(&received, hash));
            let other = self.verify_text(received, hash).await?;
            if verified == Verified::Wrong && matches!(other, Verified::Right { .. }) {
                verified = Verified::Right { outdated };
            }
        }
        Ok(if possible { verified } else { Verified::Wrong })
    }

    async fn verify_text(self, text: String, hash: Option<String>) -> Result<Verified, Failure> {
        self.off_thread(move || match hash.as_deref() {
            None => self.phc(&text, &[0; 16]).map(|_| Verified::Wrong),
            Some(hash) if hash.starts_with("$2") => verify_bcrypt(&text, hash),
            Some(hash) => self.verify_argon2(&text, hash),
        })
        .await
    }

    /// Counts a hash in the scope, and runs the work on a blocking thread unless it
    /// is very short.
    async fn off_thread<T: Send + 'static>(
        self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        if let Some(scope) = Scope::current() {
            scope.count_hash();
        }
        if self.memory_kib <= INLINE_HASH_KIB {
            return work();
        }
        tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?
    }

    fn phc(self, text: &str, salt: &[u8; 16]) -> Result<String, Failure> {
        let params = Params::new(self.memory_kib, self.iterations, self.parallelism, None)
            .map_err(Failure::internal)?;
        Ok(argon2id::hash(text, salt, &params).map_err(Failure::internal)?.to_string())
    }

    fn verify_argon2(self, text: &str, hash: &str) -> Result<Verified, Failure> {
        let (hash, cost) = readable_argon2(hash).ok_or_else(unreadable)?;
        let right = argon2id::verify(text, &hash) == Ok(true);
        let outdated = cost != self || hash.algorithm.as_str() != "argon2id";
        Ok(if right { Verified::Right { outdated } } else { Verified::Wrong })
    }
}

impl fmt::Display for HashCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m={},t={},p={}", self.memory_kib, self.iterations, self.parallelism)
    }
}

impl FromStr for HashCost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut values = ["m=", "t=", "p="]
            .into_iter()
            .zip(text.splitn(3, ','))
            .map(|(name, part)| part.strip_prefix(name).and_then(|number| number.parse().ok()));
        let mut next = || values.next().flatten().ok_or("is not of the form m=47104,t=1,p=1");
        let cost = Self { memory_kib: next()?, iterations: next()?, parallelism: next()? };
        Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None)
            .map_err(|_| "is a cost that argon2 does not take")?;
        Ok(cost)
    }
}

/// True if a hash of another system can be verified: argon2 or bcrypt, at a cost up
/// to the maximum.
pub fn is_acceptable_hash(hash: &str) -> bool {
    readable_argon2(hash).is_some() || readable_bcrypt(hash).is_some()
}

fn readable_argon2(hash: &str) -> Option<(PasswordHash, HashCost)> {
    let hash: PasswordHash = hash.parse().ok()?;
    let params = Params::try_from(&hash).ok()?;
    let cost =
        HashCost { memory_kib: params.m_cost(), iterations: params.t_cost(), parallelism: params.p_cost() };
    let bearable = cost.memory_kib <= MAX_HASH_COST.memory_kib
        && cost.iterations <= MAX_HASH_COST.iterations
        && cost.parallelism <= MAX_HASH_COST.parallelism;
    (bearable && hash.hash.is_some() && hash.salt.is_some()).then_some((hash, cost))
}

fn readable_bcrypt(hash: &str) -> Option<bcrypt::HashParts> {
    hash.parse().ok().filter(|parts: &bcrypt::HashParts| parts.get_cost() <= DEAREST_BCRYPT)
}

fn verify_bcrypt(text: &str, hash: &str) -> Result<Verified, Failure> {
    readable_bcrypt(hash).ok_or_else(unreadable)?;
    let right = bcrypt::verify(text, hash).map_err(|_| unreadable())?;
    // bcrypt repeats its input after a NUL: `pear` NUL `pear` has the hash of `pear`.
    let right = right && !text.contains('\0');
    let outdated = is_verified_whole(text, hash);
    Ok(if right { Verified::Right { outdated } } else { Verified::Wrong })
}

/// False for a text that matches a bcrypt hash although the password may be another one
/// with the same first bytes. A new hash of it would make a slip of the owner, or a text of
/// another person, the password; the imported hash stays.
fn is_verified_whole(text: &str, hash: &str) -> bool {
    !hash.starts_with("$2") || text.len() < BCRYPT_BYTES
}

fn unreadable() -> Failure {
    Failure::internal("a stored hash cannot be verified")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, personal: &[&str]) -> Option<&'static str> {
        Password::parse(text.to_owned(), personal).err().map(|invalid| invalid.code)
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(code("sho⚡t!!", &[]), Some("password_length"));
        assert_eq!(code(&"x9Ö-".repeat(65), &[]), Some("password_length"));
        assert_eq!(code("тихий омут вечером", &[]), None);
    }

    #[test]
    fn a_password_of_the_owners_names_is_weak() {
        assert_eq!(code("lovelace-byron", &[]), None);
        assert_eq!(code("lovelace-byron", &["lovelace", "byron", "lovelace-byron"]), Some("weak_password"));
        assert_eq!(code("password1234", &[]), Some("weak_password"));
    }

    #[test]
    fn a_cost_is_read_as_it_is_written() {
        assert_eq!(HashCost::DEFAULT.to_string().parse(), Ok(HashCost::DEFAULT));
        for wrong in
            ["", "47104", "m=47104", "m=47104,t=1", "m=47104,t=1,p=1,p=2", "t=1,m=47104,p=1", "m=8,t=0,p=1"]
        {
            assert!(wrong.parse::<HashCost>().is_err(), "{wrong:?}");
        }
    }

    #[tokio::test]
    async fn a_hash_is_a_phc_string_of_the_cost() {
        let password = Password::parse("correct horse battery staple".to_owned(), &[]).expect("strong");
        let cost = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
        let hash = cost.hash(password, &Random::system()).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn a_password_is_verified_and_an_older_cost_is_seen() {
        let text = "correct horse battery staple";
        let cheap = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
        let dear = HashCost { iterations: 2, ..cheap };
        let password = Password::parse(text.to_owned(), &[]).expect("strong");
        let hash = cheap.hash(password, &Random::system()).await.expect("hashes");
        let (right, wrong) = (Attempt::new(text.to_owned()), Attempt::new("x".to_owned()));
        let verify = async |cost: HashCost, attempt: &Attempt, hash: &str| {
            cost.verify(attempt, Some(hash.to_owned())).await.expect("verifies")
        };
        assert_eq!(verify(cheap, &right, &hash).await, Verified::Right { outdated: false });
        assert_eq!(verify(dear, &right, &hash).await, Verified::Right { outdated: true });
        assert_eq!(verify(cheap, &wrong, &hash).await, Verified::Wrong);
        assert_eq!(cheap.verify(&right, None).await.expect("works"), Verified::Wrong);
        let bcrypt = bcrypt::hash_with_salt(text, 4, [7; 16]).expect("hashes").to_string();
        assert_eq!(verify(cheap, &right, &bcrypt).await, Verified::Right { outdated: true });
        assert_eq!(verify(cheap, &wrong, &bcrypt).await, Verified::Wrong);
    }

    #[tokio::test]
    async fn a_password_is_the_same_composed_and_decomposed() {
        let cost = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
        let (composed, decomposed) =
            ("crème brûlée au citron", "cre\u{300}me bru\u{302}le\u{301}e au citron");
        let password = Password::parse(decomposed.to_owned(), &[]).expect("strong");
        let hash = cost.hash(password, &Random::system()).await.expect("hashes");
        let verify = async |hash: &str, text: &str| {
            cost.verify(&Attempt::new(text.to_owned()), Some(hash.to_owned())).await.expect("verifies")
        };
        for text in [composed, decomposed] {
            assert_eq!(verify(&hash, text).await, Verified::Right { outdated: false });
        }
        // A hash of an earlier release, which took the text as it was received.
        let former = argon2_of(decomposed);
        assert_eq!(verify(&former, decomposed).await, Verified::Right { outdated: true });
        assert_eq!(verify(&former, composed).await, Verified::Wrong);
        let renewed =
            cost.rehash(Attempt::new(decomposed.to_owned()), &Random::system()).await.expect("hashes");
        assert_eq!(verify(&renewed, composed).await, Verified::Right { outdated: false });
    }

    #[tokio::test]
    async fn an_imported_hash_is_of_its_text_alone() {
        let cost = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
        let verify = async |hash: &str, text: &str| {
            cost.verify(&Attempt::new(text.to_owned()), Some(hash.to_owned())).await.expect("verifies")
        };
        let bcrypt = |text: &str| bcrypt::hash_with_salt(text, 4, [7; 16]).expect("hashes").to_string();
        let pear = bcrypt("pear");
        assert_eq!(verify(&pear, "pear").await, Verified::Right { outdated: true });
        assert_eq!(verify(&pear, "pear\0pear").await, Verified::Wrong);
        // bcrypt reads 72 bytes. A text with more is not made the password.
        let long = "z".repeat(80);
        let longest = bcrypt(&long);
        for (text, verified) in [
            (&*long, Verified::Right { outdated: false }),
            (&*format!("{}x", &long[..72]), Verified::Right { outdated: false }),
            (&long[..72], Verified::Right { outdated: false }),
            (&long[..71], Verified::Wrong),
        ] {
            assert_eq!(verify(&longest, text).await, verified, "{text}");
        }
        assert_eq!(verify(&bcrypt(&long[..71]), &long[..71]).await, Verified::Right { outdated: true });
        let decomposed = "e\u{301}".repeat(30);
        assert_eq!(verify(&bcrypt(&decomposed), &decomposed).await, Verified::Right { outdated: false });
        for empty in [bcrypt(""), argon2_of("")] {
            for text in ["", &"z".repeat(257)] {
                assert_eq!(verify(&empty, text).await, Verified::Wrong);
            }
        }
        // Version 16, which is written without a version.
        let salt = b"0123456789abcdef";
        let params = Params::new(64, 1, 1, Some(32)).expect("valid");
        let argon2 = argon2::Argon2::new(argon2::Algorithm::Argon2i, argon2::Version::V0x10, params);
        let mut bytes = [0; 32];
        argon2.hash_password_into(b"pear", salt, &mut bytes).expect("hashes");
        let encode = |bytes: &[u8]| base64::Engine::encode(&base64::prelude::BASE64_STANDARD_NO_PAD, bytes);
        let old = format!("$argon2i$m=64,t=1,p=1${}${}", encode(salt), encode(&bytes));
        assert!(is_acceptable_hash(&old));
        assert_eq!(verify(&old, "pear").await, Verified::Right { outdated: true });
        assert_eq!(verify(&old, "plum").await, Verified::Wrong);
    }

    fn argon2_of(text: &str) -> String {
        let cost = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
        cost.phc(text, &[7; 16]).expect("hashes")
    }

    #[test]
    fn a_hash_that_would_stop_a_function_is_not_accepted() {
        let argon2 = |cost: &str| {
            format!(
                "$argon2id$v=19${cost}$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            )
        };
        assert!(is_acceptable_hash(&argon2("m=65536,t=3,p=4")));
        for text in [
            &argon2("m=1048576,t=1,p=1"),
            &argon2("m=64,t=99,p=1"),
            "$argon2id$v=19$m=64,t=1,p=1",
            "md5:x",
            "",
        ] {
            assert!(!is_acceptable_hash(text), "{text}");
        }
        let bcrypt = bcrypt::hash_with_salt("x", 4, [7; 16]).expect("hashes").to_string();
        assert!(is_acceptable_hash(&bcrypt));
        assert!(!is_acceptable_hash(&bcrypt.replacen("$04$", "$20$", 1)));
    }
}
