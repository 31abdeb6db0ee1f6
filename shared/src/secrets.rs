//! Secrets in SSM's Parameter Store, as SecureStrings. The first function that needs
//! one creates it without overwriting and reads it back, so that concurrent instances
//! get the same value.
//!
//! The table of all secrets, with their readers and rotation, is in
//! `ARCHITECTURE.md`.

use aws_lc_rs::{hkdf, hmac};
use aws_sdk_ssm::{Client, error::SdkError, types::ParameterType};
use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};

use crate::{Failure, random::Random};

/// A secret: its name below the stage's path, and the generator of its first value.
#[derive(Debug, Clone, Copy)]
pub struct Secret {
    /// Last part of the parameter's name.
    pub name: &'static str,
    /// Generator of a value.
    pub generate: fn(&Random) -> Result<String, Failure>,
}

impl Secret {
    /// Declares a secret of 32 random bytes, for a MAC.
    pub const fn mac_key(name: &'static str) -> Self {
        Self { name, generate: |random| Ok(BASE64_STANDARD_NO_PAD.encode(random.bytes::<32>())) }
    }
}

/// The parameters below one stage's path.
#[derive(Debug, Clone)]
pub struct Secrets {
    client: Client,
    path: String,
    random: Random,
}

impl Secrets {
    /// The secrets below `path` (`/agora/<stage>/`).
    pub fn new(aws: &aws_types::SdkConfig, path: String, random: Random) -> Self {
        Self { client: Client::new(aws), path, random }
    }

    /// Reads the values of `wanted`, in their order, and creates missing ones. One
    /// call if all exist.
    pub async fn read_or_create<const N: usize>(&self, wanted: [Secret; N]) -> Result<[String; N], Failure> {
        let mut values = self.read(&wanted).await?;
        let missing: Vec<Secret> = wanted
            .iter()
            .zip(&values)
            .filter(|(_, value)| value.is_none())
            .map(|(secret, _)| *secret)
            .collect();
        if !missing.is_empty() {
            for secret in missing {
                self.create(secret).await?;
            }
            values = self.read(&wanted).await?;
        }
        let values: Vec<String> = values.into_iter().flatten().collect();
        values.try_into().map_err(|_| Failure::internal("a secret that was just made cannot be read"))
    }

    /// Replaces the value of a secret.
    pub async fn replace(&self, secret: Secret, value: String) -> Result<(), Failure> {
        let put = self.client.put_parameter().name(self.full_name(&secret)).value(value);
        put.r#type(ParameterType::SecureString).overwrite(true).send().await?;
        Ok(())
    }

    async fn read(&self, wanted: &[Secret]) -> Result<Vec<Option<String>>, Failure> {
        let names: Vec<String> = wanted.iter().map(|secret| self.full_name(secret)).collect();
        let output =
            self.client.get_parameters().set_names(Some(names.clone())).with_decryption(true).send().await?;
        Ok(names
            .iter()
            .map(|name| {
                let found = output.parameters().iter().find(|parameter| parameter.name() == Some(name))?;
                found.value().map(str::to_owned)
            })
            .collect())
    }

    async fn create(&self, secret: Secret) -> Result<(), Failure> {
        let created = self
            .client
            .put_parameter()
            .name(self.full_name(&secret))
            .value((secret.generate)(&self.random)?)
            .r#type(ParameterType::SecureString)
            .overwrite(false)
            .send()
            .await;
        match created {
            // Another instance was faster: its value counts.
            Err(SdkError::ServiceError(error)) if error.err().is_parameter_already_exists() => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }

    fn full_name(&self, secret: &Secret) -> String {
        format!("{}{}", self.path, secret.name)
    }
}

/// A key that authenticates messages of one purpose: HMAC-SHA-256. Signed messages
/// carry the key's id, so that the previous key is still found after a rotation.
#[derive(Debug, Clone)]
pub struct MacKey {
    current: NamedKey,
    previous: Vec<NamedKey>,
}

#[derive(Debug, Clone)]
struct NamedKey {
    id: [u8; 4],
    key: hmac::Key,
}

impl MacKey {
    /// Derives the key for `purpose` from a secret that [`Secret::mac_key`] declares:
    /// the newest value, followed by the previous ones, separated by spaces.
    pub fn from_secret(value: &str, purpose: &'static str) -> Result<Self, Failure> {
        let mut keys = value.split_ascii_whitespace().map(|text| NamedKey::derive(text, purpose));
        let current = keys.next().unwrap_or_else(|| Err(Failure::internal("a secret is empty")))?;
        Ok(Self { current, previous: keys.collect::<Result<_, _>>()? })
    }

    /// The id of the newest key, which signs.
    pub fn id(&self) -> [u8; 4] {
        self.current.id
    }

    /// The ids of all keys, the newest first.
    pub fn ids(&self) -> impl Iterator<Item = [u8; 4]> {
        std::iter::once(&self.current).chain(&self.previous).map(|key| key.id)
    }

    /// Signs `message` with the newest key.
    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        self.current.sign(message)
    }

    /// Signs `message` with the key `id`; `None` if it is not one of these.
    pub fn sign_with(&self, id: [u8; 4], message: &[u8]) -> Option<[u8; 32]> {
        self.find(id).map(|key| key.sign(message))
    }

    /// True if `code` is the key `id`'s MAC of `message`, compared in constant time.
    pub fn verify(&self, id: [u8; 4], message: &[u8], code: &[u8]) -> bool {
        self.find(id).is_some_and(|key| hmac::verify(&key.key, message, code).is_ok())
    }

    fn find(&self, id: [u8; 4]) -> Option<&NamedKey> {
        std::iter::once(&self.current).chain(&self.previous).find(|key| key.id == id)
    }
}

impl NamedKey {
    /// HKDF (RFC 5869) separates purposes: a message of one cannot pass for one of
    /// another.
    fn derive(secret: &str, purpose: &'static str) -> Result<Self, Failure> {
        let bytes = BASE64_STANDARD_NO_PAD
            .decode(secret)
            .map_err(|_| Failure::internal("a secret is not base 64"))?;
        let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, b"agora").extract(&bytes);
        let expand = |info: &str| -> Result<hmac::Key, Failure> {
            let info = [info.as_bytes()];
            Ok(extracted.expand(&info, hmac::HMAC_SHA256).map_err(Failure::internal)?.into())
        };
        // The id derives from the key itself, so it need not be stored.
        let mut id = [0; 4];
        id.copy_from_slice(&hmac::sign(&expand("key id")?, b"").as_ref()[..4]);
        Ok(Self { id, key: expand(purpose)? })
    }

    fn sign(&self, message: &[u8]) -> [u8; 32] {
        let mut code = [0; 32];
        code.copy_from_slice(hmac::sign(&self.key, message).as_ref());
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_previous_key_is_found_and_the_newest_signs() {
        let make = || (Secret::mac_key("k").generate)(&Random::system()).expect("generates");
        let (old, new) = (make(), make());
        let before = MacKey::from_secret(&old, "p").expect("reads");
        let after = MacKey::from_secret(&format!("{new} {old}"), "p").expect("reads");
        let code = before.sign(b"m");
        assert!(after.verify(before.id(), b"m", &code));
        assert!(!after.verify(after.id(), b"m", &code));
        assert!(!before.verify(after.id(), b"m", &after.sign(b"m")));
        let other = MacKey::from_secret(&old, "q").expect("reads");
        assert!(!other.verify(other.id(), b"m", &code), "another purpose");
    }
}
