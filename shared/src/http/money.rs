//! Amounts of money in requests.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Faults, Field};
use crate::{money::Money, text::Invalid};

#[derive(Deserialize)]
struct MoneyFields {
    amount: Field<i64>,
    currency: Field<String>,
}

impl Money {
    /// Parses the amount at `pointer`: 0 or more.
    pub fn parse(faults: &mut Faults, pointer: &str, object: Map<String, Value>) -> Option<Self> {
        let fields: MoneyFields = faults.nested(pointer, object)?;
        let amount = faults.required(&format!("{pointer}/amount"), fields.amount, |amount| {
            if (0..=Self::MAX_AMOUNT).contains(&amount) {
                Ok(amount)
            } else {
                Err(Invalid::new("invalid_amount", "An amount is 0 to 999,999,999,999 minor units."))
            }
        });
        let currency =
            faults.required(&format!("{pointer}/currency"), fields.currency, |currency: String| {
                currency.parse()
            });
        Some(Self { amount: amount?, currency: currency? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::money::Currency;

    fn euros(amount: i64) -> Money {
        Money { amount, currency: Currency::EUR }
    }

    fn parse(value: Value) -> Result<Money, Vec<(String, &'static str)>> {
        let Value::Object(object) = value else { panic!("an object") };
        let mut faults = Faults::default();
        let money = Money::parse(&mut faults, "/price", object);
        faults.done(money).map_err(Faults::codes)
    }

    #[test]
    fn every_fault_of_an_amount_is_found() {
        assert_eq!(parse(json!({ "amount": 0, "currency": "EUR" })), Ok(euros(0)));
        let faults = parse(json!({ "amount": -1, "currency": "EUX", "cents": 1 })).expect_err("three faults");
        assert_eq!(
            faults,
            [
                ("/price/cents".to_owned(), "unknown_field"),
                ("/price/amount".to_owned(), "invalid_amount"),
                ("/price/currency".to_owned(), "invalid_currency"),
            ]
        );
        let faults = parse(json!({ "amount": 19.99 })).expect_err("two faults");
        assert_eq!(
            faults,
            [("/price/amount".to_owned(), "wrong_type"), ("/price/currency".to_owned(), "required")]
        );
        assert!(parse(json!({ "amount": Money::MAX_AMOUNT + 1, "currency": "EUR" })).is_err());
    }
}
