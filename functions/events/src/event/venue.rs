//! Venue of an event.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use shared::text::{City, CountryCode, VenueAddress, VenueName};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

/// Place of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Venue {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<VenueName>,
    /// Postal address without city and country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<VenueAddress>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<City>,
    /// Country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<CountryCode>,
    /// Latitude (WGS 84) in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<Degrees>,
    /// Longitude (WGS 84) in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<Degrees>,
}

/// An angle with six decimals, which is 11 cm on the ground. Equal texts are equal values,
/// unlike floating-point numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Degrees(i32);

impl Degrees {
    /// The nearest angle up to `most` degrees from zero.
    pub fn within(degrees: f64, most: f64) -> Option<Self> {
        // NaN is in no range.
        (-most..=most).contains(&degrees).then(|| Self::from(degrees))
    }

    /// Millionths of a degree.
    pub fn micro(self) -> i32 {
        self.0
    }

    fn degrees(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

impl From<f64> for Degrees {
    #[expect(clippy::cast_possible_truncation, reason = "180 degrees are 1.8e8 millionths; more saturate")]
    fn from(degrees: f64) -> Self {
        Self((degrees * 1e6).round() as i32)
    }
}

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.degrees())
    }
}

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::from)
    }
}

impl PartialSchema for Degrees {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some("Degrees (WGS 84); six decimals are kept."))
            .examples([52.521_9])
            .into()
    }
}

impl ToSchema for Degrees {}
