//! Postal addresses in requests.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::PostalAddress;
use crate::{
    http::{Faults, Field},
    text::{AddressLine, CountryCode},
};

#[derive(Deserialize)]
struct AddressFields {
    street: Field<String>,
    street2: Field<String>,
    city: Field<String>,
    region: Field<String>,
    postal_code: Field<String>,
    country: Field<String>,
}

impl PostalAddress {
    /// The whole address that stands in a request at `pointer`.
    pub fn parse(faults: &mut Faults, pointer: &str, object: Map<String, Value>) -> Option<Self> {
        let fields: AddressFields = faults.nested(pointer, object)?;
        let at = |name: &str| format!("{pointer}/{name}");
        let line = |text: String| AddressLine::parse(&text);
        let street = faults.required(&at("street"), fields.street, line);
        let street2 = faults.optional(&at("street2"), fields.street2, line);
        let city = faults.required(&at("city"), fields.city, line);
        let region = faults.optional(&at("region"), fields.region, line);
        let postal_code = faults.optional(&at("postal_code"), fields.postal_code, line);
        let country =
            faults.required(&at("country"), fields.country, |text: String| CountryCode::parse(&text));
        Some(Self {
            street: street?,
            street2: street2?,
            city: city?,
            region: region?,
            postal_code: postal_code?,
            country: country?,
        })
    }
}
