//! Typed, prefixed ids in the [TypeID](https://github.com/jetify-com/typeid) format:
//! `user_01h455vb4pex5vsknk084sn02q`. Sortable by time (`UUIDv7`), readable in logs,
//! and distinct Rust types for distinct resources.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

use crate::{
    clock::{Clock, Timestamp},
    random::Random,
    text::Sku,
};

/// A kind of resource that has ids.
pub trait Identified {
    /// Prefix of its ids.
    const PREFIX: &'static str;
    /// Name of its ids in the documents.
    const NAME: &'static str;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident, $kind:ident = $prefix:literal;)+) => {$(
        #[doc = concat!("Marks ids that begin with `", $prefix, "_`.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $kind {}

        impl Identified for $kind {
            const PREFIX: &'static str = $prefix;
            const NAME: &'static str = stringify!($id);
        }

        $(#[$doc])*
        pub type $id = Id<$kind>;
    )+};
}

ids! {
    /// Id of a user's account.
    UserId, UserKind = "user";
    /// Id of a session: a signed-in device of an account.
    SessionId, SessionKind = "sess";
    /// Id of a device that has signed in to an account, across its sessions.
    DeviceId, DeviceKind = "dev";
    /// Id of an access token (`jti`).
    TokenId, TokenKind = "tok";
    /// Id of a request.
    RequestId, RequestKind = "req";
    /// Id of a revocation of one session, or of all of an account's.
    RevocationId, RevocationKind = "rev";
    /// Id of an export of a person's data.
    ExportId, ExportKind = "exp";
    /// Id of a product.
    ProductId, ProductKind = "prod";
    /// Id of a category.
    CategoryId, CategoryKind = "cat";
    /// Id of an import.
    ImportId, ImportKind = "imp";
    /// Id of a chunk of an import.
    ImportChunkId, ImportChunkKind = "chk";
    /// Id generated for a variant; the variant itself has a [`VariantId`].
    NewVariantId, VariantKind = "var";
    /// Id of an order.
    OrderId, OrderKind = "ord";
    /// Id of a stock adjustment.
    AdjustmentId, AdjustmentKind = "adj";
    /// Id of an organisation.
    OrganizationId, OrganizationKind = "org";
    /// Id of a membership, from joining an organisation to leaving it.
    MembershipId, MembershipKind = "mem";
    /// Id of an invitation: the same for every invitation of an address to an
    /// organisation.
    InvitationId, InvitationKind = "inv";
    /// Id of an event, a public happening.
    EventId, EventKind = "evt";
}

/// An id of a `K`.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> Id<K> {
    /// The 16 bytes, for tokens that carry an id in binary.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }

    /// The time at which the id was made.
    pub fn created_at(self) -> Timestamp {
        // `UUIDv7`: the first 48 bits are milliseconds.
        let millis = self.0.as_u128() >> 80;
        Timestamp::from_millis(i64::try_from(millis).unwrap_or_default())
    }

    /// The least id of `moment`: the lower bound of a list by id from that time on.
    pub fn earliest(moment: Timestamp) -> Self {
        let millis = u64::try_from(moment.millis()).unwrap_or(0);
        Self(Uuid::from_u128(u128::from(millis) << 80), PhantomData)
    }

    /// Restores the id of [`Self::to_bytes`].
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes), PhantomData)
    }

    /// The 16 bytes, by reference.
    pub fn bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

/// Crockford's base 32 in lower case, as in TypeID.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 128 bits in digits of 5 bits.
const DIGITS: usize = 26;

impl<K: Identified> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0.as_u128();
        let mut digits = [0; DIGITS];
        for (place, digit) in digits.iter_mut().rev().enumerate() {
            *digit = ALPHABET[(value >> (5 * place)) as usize & 31];
        }
        // The alphabet is ASCII.
        write!(f, "{}_{}", K::PREFIX, String::from_utf8_lossy(&digits))
    }
}

impl<K: Identified> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id that begins with `{0}_`")]
pub struct InvalidId(&'static str);

impl<K: Identified> FromStr for Id<K> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            // A first digit over 7 would need a 129th bit.
            .filter(|digits| digits.len() == DIGITS && digits.as_bytes()[0] <= b'7')
            .ok_or(InvalidId(K::PREFIX))?;
        let mut value = 0_u128;
        for byte in digits.bytes() {
            let digit = ALPHABET.iter().position(|&known| known == byte).ok_or(InvalidId(K::PREFIX))?;
            value = value << 5 | digit as u128;
        }
        Ok(Self(Uuid::from_u128(value), PhantomData))
    }
}

impl<K: Identified> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Identified> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl<K: Identified> utoipa::PartialSchema for Id<K> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^{}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$", K::PREFIX)))
            .examples([format!("{}_01h455vb4pex5vsknk084sn02q", K::PREFIX)])
            .into()
    }
}

impl<K: Identified> utoipa::ToSchema for Id<K> {
    fn name() -> std::borrow::Cow<'static, str> {
        K::NAME.into()
    }
}

/// Id of a variant. Its stock is stored under this id, independently of its SKU.
///
/// It is a `var_` id, or the id of the product that is its own only variant. A
/// variant of a release that stored stock by SKU has the SKU of that time as its id;
/// the backfill job of a later release moves such stock.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct VariantId(String);

impl VariantId {
    /// The id of a product's only variant.
    pub fn of_product(product: Id<ProductKind>) -> Self {
        Self(product.to_string())
    }

    /// The id of a variant that was stored without one.
    pub fn of_sku(sku: &Sku) -> Self {
        Self(sku.to_string())
    }
}

impl From<NewVariantId> for VariantId {
    fn from(id: NewVariantId) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for VariantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for VariantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl utoipa::PartialSchema for VariantId {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Id of a variant. It stays the same when the SKU changes."))
            .min_length(Some(1))
            .max_length(Some(64))
            .examples(["var_01h455vb4pex5vsknk084sn02q"])
            .into()
    }
}

impl utoipa::ToSchema for VariantId {}

/// Generator of ids.
#[derive(Debug, Clone)]
pub struct Ids {
    clock: Clock,
    random: Random,
}

impl Ids {
    /// Makes ids from the time of `clock` and the bits of `random`.
    pub fn new(clock: Clock, random: Random) -> Self {
        Self { clock, random }
    }

    /// Generates an id: `UUIDv7`.
    pub fn next<K>(&self) -> Id<K> {
        let millis = u64::try_from(self.clock.now().millis()).unwrap_or(0);
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &self.random.bytes());
        Id(uuid.into_uuid(), PhantomData)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn an_id_survives_its_text() {
        let ids = Ids::new(Clock::from_fn(|| Timestamp::from_millis(1_700_000_000_000)), Random::system());
        for _ in 0..1_000 {
            let id: UserId = ids.next();
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn an_id_knows_when_it_was_made_and_sorts_so() {
        let moment = Timestamp::from_millis(1_700_000_000_000);
        let ids = Ids::new(Clock::from_fn(move || moment), Random::system());
        let id: UserId = ids.next();
        assert_eq!(id.created_at(), moment);
        let (before, after) =
            (UserId::earliest(moment), UserId::earliest(moment + std::time::Duration::from_millis(1)));
        assert!(before.to_string() <= id.to_string() && id.to_string() < after.to_string());
    }

    #[test]
    fn the_text_is_that_of_the_type_id_specification() {
        // From the specification's valid.json.
        let id: Id<UserKind> = Id(uuid::uuid!("01890a5d-ac96-774b-bcce-b302099a8057"), PhantomData);
        assert_eq!(id.to_string(), "user_01h455vb4pex5vsknk084sn02q");
    }

    #[test]
    fn other_kinds_and_garbage_are_refused() {
        for text in [
            "sess_01h455vb4pex5vsknk084sn02q",
            "user_01h455vb4pex5vsknk084sn02",
            "user_81h455vb4pex5vsknk084sn02q",
            "user_01h455vb4pex5vsknk084sn02u",
            "user_01H455VB4PEX5VSKNK084SN02Q",
            "user-01h455vb4pex5vsknk084sn02q",
            "user_é1h455vb4pex5vsknk084sn02",
            "",
        ] {
            assert!(text.parse::<UserId>().is_err(), "{text}");
        }
    }
}
