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
        Change::Set(object) => Change::Set(parse(faults, object)?),
    })
}

fn parse(faults: &mut Faults, object: Map<String, Value>) -> Option<Venue> {
    let fields: VenueRequest = faults.nested("/venue", object)?;
    let name = faults.optional("/venue/name", fields.name, |text: String| VenueName::parse(&text));
    let address =
        faults.optional("/venue/address", fields.address, |text: String| VenueAddress::parse(&text));
    let city = faults.optional("/venue/city", fields.city, |text: String| City::parse(&text));
    let country = faults.optional("/venue/country", fields.country, |text: String| CountryCode::parse(&text));
    let latitude = faults.optional("/venue/latitude", fields.latitude, |degrees| {
        let invalid = || Invalid::new("invalid_latitude", "A latitude is a number from -90 to 90.");
        Degrees::within(degrees, 90.0).ok_or_else(invalid)
    });
    let longitude = faults.optional("/venue/longitude", fields.longitude, |degrees| {
        let invalid = || Invalid::new("invalid_longitude", "A longitude is a number from -180 to 180.");
        Degrees::within(degrees, 180.0).ok_or_else(invalid)
    });
    let (latitude, longitude) = (latitude?, longitude?);
    for (pointer, one, other) in
        [("/venue/latitude", latitude, longitude), ("/venue/longitude", longitude, latitude)]
    {
        if one.is_none() && other.is_some() {
            faults.add(pointer, Invalid::new("required", "A point has a latitude and a longitude."));
        }
    }
    Some(Venue { name: name?, address: address?, city: city?, country: country?, latitude, longitude })
}
