//! The login of an email address: one item under an HMAC of the address, so that an
//! address has one account or none.

use std::net::IpAddr;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    Failure,
    id::{DeviceId, UserId},
    secrets::{MacKey, Secret},
    table::{
        item::Entity,
        schema::{self, Key},
    },
    text::Email,
};

/// The keys of the HMACs of mailboxes, networks and devices.
#[derive(Debug, Clone)]
pub struct AddressKey {
    mailbox: MacKey,
    network: MacKey,
    device: MacKey,
}

impl AddressKey {
    /// The secret of the keys.
    pub const SECRET: Secret = Secret::mac_key("address-key");

    /// Derives the keys from the secret's value.
    pub fn from_secret(value: &str) -> Result<Self, Failure> {
        Ok(Self {
            mailbox: MacKey::from_secret(value, "mailbox")?,
            network: MacKey::from_secret(value, "network")?,
            device: MacKey::from_secret(value, "device")?,
        })
    }

    /// HMAC of `email`, for keys.
    pub fn mailbox(&self, email: &Email) -> String {
        let code = self.mailbox.sign(email.as_str().as_bytes());
        format!(
            "{}.{}",
            BASE64_URL_SAFE_NO_PAD.encode(self.mailbox.id()),
            BASE64_URL_SAFE_NO_PAD.encode(code)
        )
    }

    /// HMAC of the network of `address`, for keys: an IPv4 address, or an IPv6 /64,
    /// which one subscriber has. Half of the HMAC is enough to tell networks apart.
    pub fn network(&self, address: Option<IpAddr>) -> String {
        self.prefix(address, 8)
    }

    /// HMAC of the site of `address`, for keys, which may have many networks: an IPv4
    /// address, or an IPv6 /48.
    pub fn site(&self, address: Option<IpAddr>) -> String {
        self.prefix(address, 6)
    }

    fn prefix(&self, address: Option<IpAddr>, bytes: usize) -> String {
        let bytes = match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => address.octets().to_vec(),
            Some(IpAddr::V6(address)) => address.octets()[..bytes].to_vec(),
            None => Vec::new(),
        };
        BASE64_URL_SAFE_NO_PAD.encode(&self.network.sign(&bytes)[..16])
    }

    /// Makes a token that proves that the device has logged in to the account of
    /// `mailbox` before.
    pub fn device_token(&self, mailbox: &str, id: DeviceId) -> String {
        let code = self.device.sign(device_message(mailbox, id).as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode([&self.device.id()[..], id.bytes(), &code].concat())
    }

    /// Returns the device of a valid token of `mailbox`.
    pub fn device(&self, mailbox: &str, token: &str) -> Option<DeviceId> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (key, bytes) = bytes.split_first_chunk::<4>()?;
        let (id, code) = bytes.split_first_chunk::<16>()?;
        let id = DeviceId::from_bytes(*id);
        self.device.verify(*key, device_message(mailbox, id).as_bytes(), code).then_some(id)
    }
}

fn device_message(mailbox: &str, id: DeviceId) -> String {
    format!("{mailbox} {id}")
}

/// Number of networks that a login remembers.
const NETWORKS: usize = 8;

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Login {
    /// [`AddressKey::mailbox`] of the address.
    pub address_mac: String,
    /// Id of the account.
    pub user_id: UserId,
    /// The password as a PHC string, or in the format of the system that the account
    /// was imported from; `None` until its owner chooses one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<String>,
    /// Incremented with every change of the password, which invalidates links that
    /// were mailed before.
    #[serde(rename = "gen")]
    pub generation: u32,
    /// [`AddressKey::network`]s that its owner has logged in from, the latest first:
    /// failures from other networks cannot lock the owner out there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// True if the account has a [`PublicProfile`](super::PublicProfile). One that a
    /// release without them has created gets it at its next login: the profile needs the
    /// name, which is in the account, and the MAC, which is here.
    #[serde(default)]
    pub has_profile: bool,
}

impl Login {
    /// True if its owner has logged in from `network`.
    pub fn knows(&self, network: &str) -> bool {
        self.networks.iter().any(|known| known == network)
    }

    /// Remembers a network as the latest one.
    pub fn remember(&mut self, network: String) {
        if !self.knows(&network) {
            self.networks.insert(0, network);
            self.networks.truncate(NETWORKS);
        }
    }
}

impl Entity for Login {
    const TYPE: &'static str = "login";

    fn key(&self) -> Key {
        schema::login(&self.address_mac)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn a_network_is_an_ipv4_address_or_an_ipv6_64() {
        let secret = (AddressKey::SECRET.generate)(&Random::system()).expect("generates");
        let key = AddressKey::from_secret(&secret).expect("reads");
        let network = |text: &str| key.network(text.parse().ok());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
        assert_eq!(network("192.0.2.1"), network("::ffff:192.0.2.1"));
        let site = |text: &str| key.site(text.parse().ok());
        assert_eq!(site("2001:db8:1:2::1"), site("2001:db8:1:3::1"));
        assert_ne!(site("2001:db8:1:2::1"), site("2001:db8:2:2::1"));
        assert_ne!(site("192.0.2.1"), site("192.0.2.2"));
    }

    #[test]
    fn a_device_token_is_of_one_mailbox_and_cannot_be_made_up() {
        let secret = || (AddressKey::SECRET.generate)(&Random::system()).expect("generates");
        let key = AddressKey::from_secret(&secret()).expect("reads");
        let device = DeviceId::from_bytes([7; 16]);
        let token = key.device_token("ada", device);
        assert_eq!(key.device("ada", &token), Some(device));
        assert_eq!(key.device("bo", &token), None);
        let other = AddressKey::from_secret(&secret()).expect("reads");
        assert_eq!(other.device("ada", &token), None);
        let longer = format!("{token}AAAA");
        for wrong in ["", "AAAA", "not base64", &token[1..], &longer, &token.to_uppercase()] {
            assert_eq!(key.device("ada", wrong), None, "{wrong}");
        }
    }
}
