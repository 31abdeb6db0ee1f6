//! Passwords: what is strong enough, and how it is kept.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version, password_hash::phc::PasswordHash};
use zxcvbn::{Score, zxcvbn};

use crate::{Failure, random::Random, text::Invalid};

/// A password that is strong enough to be kept. It is never printed.
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Accepts 8 to 256 characters, any, that are hard to guess (`zxcvbn` score
    /// of 3 or more), also for somebody who knows `personal`: the owner's
    /// address and name.
    pub fn parse(text: String, personal: &[&str]) -> Result<Self, Invalid> {
        if !(8..=256).contains(&text.chars().count()) {
            return Err(Invalid::new("password_length", "A password has 8 to 256 characters."));
        }
        let strength = zxcvbn(&text, personal);
        if strength.score() >= Score::Three {
            return Ok(Self(text));
        }
        let mut reasons = vec!["This password is easy to guess.".to_owned()];
        if let Some(feedback) = strength.feedback() {
            reasons.extend(feedback.warning().map(|warning| warning.to_string()));
            reasons.extend(feedback.suggestions().iter().map(ToString::to_string));
        }
        Err(Invalid::new("weak_password", reasons.join(" ")))
    }
}

/// What a hash costs: argon2id.
#[derive(Debug, Clone, Copy)]
pub struct HashCost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl HashCost {
    /// Hashes off the async thread, to a PHC string.
    pub async fn hash(self, password: Password, random: &Random) -> Result<String, Failure> {
        let salt = random.bytes::<16>();
        tokio::task::spawn_blocking(move || {
            let params = Params::new(self.memory_kib, self.iterations, self.parallelism, None)
                .map_err(Failure::internal)?;
            let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_with_salt(password.0.as_bytes(), &salt)
                .map_err(Failure::internal)?;
            Ok(hash.to_string())
        })
        .await
        .map_err(Failure::internal)?
    }
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
    fn what_the_owner_is_called_is_no_secret() {
        assert_eq!(code("lovelace-byron", &[]), None);
        assert_eq!(code("lovelace-byron", &["lovelace", "byron", "lovelace-byron"]), Some("weak_password"));
        assert_eq!(code("password1234", &[]), Some("weak_password"));
    }

    #[tokio::test]
    async fn a_hash_is_a_phc_string_of_the_cost() {
        let password = Password::parse("correct horse battery staple".to_owned(), &[]).expect("strong");
        let cost = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
        let hash = cost.hash(password, &Random::system()).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
    }
}
