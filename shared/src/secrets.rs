//! Secrets in SSM's Parameter Store, as SecureStrings. Whoever needs one first
//! makes it: created without overwriting, then read back, so two instances that
//! race end up with the same one.
//!
//! The table of all secrets, who reads each and how it rotates is in
//! `ARCHITECTURE.md`.

use aws_lc_rs::hmac;
use aws_sdk_ssm::{Client, error::SdkError, types::ParameterType};
use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};

use crate::{Failure, random::Random};

/// A secret's name below the stage's path, and how its first value is made.
#[derive(Debug, Clone, Copy)]
pub struct Secret {
    /// The last part of the parameter's name.
    pub name: &'static str,
    /// Makes a value.
    pub generate: fn(&Random) -> Result<String, Failure>,
}

impl Secret {
    /// A secret of 32 random bytes, for a MAC.
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

    /// The values of `wanted`, in their order; what does not exist is made.
    /// One call where all exist.
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
            // Somebody was faster: theirs counts.
            Err(SdkError::ServiceError(error)) if error.err().is_parameter_already_exists() => Ok(()),
            other => Ok(other.map(drop)?),
        }
    }

    fn full_name(&self, secret: &Secret) -> String {
        format!("{}{}", self.path, secret.name)
    }
}

/// A key that messages are authenticated with: HMAC-SHA-256. What it signs
/// carries its id, so that after a rotation the previous key is still found.
#[derive(Debug, Clone)]
pub struct MacKey {
    id: [u8; 4],
    key: hmac::Key,
}

impl MacKey {
    /// The key of a secret that [`Secret::mac_key`] made.
    pub fn from_secret(value: &str) -> Result<Self, Failure> {
        let bytes =
            BASE64_STANDARD_NO_PAD.decode(value).map_err(|_| Failure::internal("a secret is not base 64"))?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &bytes);
        // The id comes of the key itself: there is nothing to number or to keep.
        let tag = hmac::sign(&key, b"key id");
        let mut id = [0; 4];
        id.copy_from_slice(&tag.as_ref()[..4]);
        Ok(Self { id, key })
    }

    /// The key's id.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The code that authenticates `message`. `purpose` keeps the messages of
    /// one use from passing for another's.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let mut code = [0; 32];
        code.copy_from_slice(hmac::sign(&self.key, &Self::for_purpose(purpose, message)).as_ref());
        code
    }

    /// Whether `code` is [`Self::sign`]'s, in a time that does not tell how much
    /// of it is right.
    pub fn verify(&self, purpose: &str, message: &[u8], code: &[u8]) -> bool {
        hmac::verify(&self.key, &Self::for_purpose(purpose, message), code).is_ok()
    }

    fn for_purpose(purpose: &str, message: &[u8]) -> Vec<u8> {
        [purpose.as_bytes(), &[0], message].concat()
    }
}
