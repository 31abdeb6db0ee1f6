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
    /// Parses the whole address at `pointer`. A line that equals the `stored` one is
    /// accepted as it is.
    pub fn parse(
        faults: &mut Faults,
        pointer: &str,
        object: Map<String, Value>,
        stored: Option<&Self>,
    ) -> Option<Self> {
        let fields: AddressFields = faults.nested(pointer, object)?;
        let at = |name: &str| format!("{pointer}/{name}");
        let line = |stored: Option<&AddressLine>| {
            let stored = stored.cloned();
            move |text: String| AddressLine::parse_or_keep(&text, stored.as_ref())
        };
        let of = |field: fn(&Self) -> Option<&AddressLine>| line(stored.and_then(field));
        let street = faults.required(&at("street"), fields.street, of(|it| Some(&it.street)));
        let street2 = faults.optional(&at("street2"), fields.street2, of(|it| it.street2.as_ref()));
        let city = faults.required(&at("city"), fields.city, of(|it| Some(&it.city)));
        let region = faults.optional(&at("region"), fields.region, of(|it| it.region.as_ref()));
        let postal_code =
            faults.optional(&at("postal_code"), fields.postal_code, of(|it| it.postal_code.as_ref()));
        let country = faults.required(&at("country"), fields.country, |text: String| {
            CountryCode::parse_or_keep(&text, stored.map(|it| &it.country))
        });
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
