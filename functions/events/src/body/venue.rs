//! The venue in requests.

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{
    http::{Change, Faults, Field, Patch},
    text::{City, CountryCode, Invalid, VenueAddress, VenueName},
};

use crate::event::{Degrees, Venue};

#[derive(Deserialize)]
struct VenueRequest {
    name: Field<String>,
    address: Field<String>,
    city: Field<String>,
    country: Field<String>,
    latitude: Field<f64>,
    longitude: Field<f64>,
}

/// The change of a venue; `None` means a fault.
pub(crate) fn venue_of(faults: &mut Faults, field: Patch<Map<String, Value>>) -> Option<Change<Venue>> {
    Some(match faults.patch("/venue", field, Ok)? {
        Change::Keep => Change::Keep,
        Change::Remove => Change::Remove,
        Change::Set(object) => Change::Set(parse_venue(faults, "/venue", object)?),
    })
}

/// Parses a venue at a pointer.
pub(super) fn parse_venue(faults: &mut Faults, pointer: &str, object: Map<String, Value>) -> Option<Venue> {
    let fields: VenueRequest = faults.nested(pointer, object)?;
    let at = |field: &str| format!("{pointer}/{field}");
    let name = faults.optional(&at("name"), fields.name, |text: String| VenueName::parse(&text));
    let address = faults.optional(&at("address"), fields.address, |text: String| VenueAddress::parse(&text));
    let city = faults.optional(&at("city"), fields.city, |text: String| City::parse(&text));
    let country = faults.optional(&at("country"), fields.country, |text: String| CountryCode::parse(&text));
    let latitude = faults.optional(&at("latitude"), fields.latitude, |degrees| {
        let invalid = || Invalid::new("invalid_latitude", "A latitude is a number from -90 to 90.");
        Degrees::within(degrees, 90.0).ok_or_else(invalid)
    });
    let longitude = faults.optional(&at("longitude"), fields.longitude, |degrees| {
        let invalid = || Invalid::new("invalid_longitude", "A longitude is a number from -180 to 180.");
        Degrees::within(degrees, 180.0).ok_or_else(invalid)
    });
    let (latitude, longitude) = (latitude?, longitude?);
    for (field, one, other) in [("latitude", latitude, longitude), ("longitude", longitude, latitude)] {
        if one.is_none() && other.is_some() {
            faults.add(at(field), Invalid::new("required", "A point has a latitude and a longitude."));
        }
    }
    Some(Venue { name: name?, address: address?, city: city?, country: country?, latitude, longitude })
}
