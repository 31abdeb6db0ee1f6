//! Money: integer minor units of an ISO 4217 currency, and arithmetic that never
//! wraps and never mixes currencies.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::text::Invalid;

/// Currencies of ISO 4217, without its codes for funds, metals and tests.
const CURRENCIES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN \
    BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS \
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD \
    KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR \
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
    SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF \
    XPF YER ZAR ZMW ZWG";

/// Currency code (ISO 4217).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
}

impl FromStr for Currency {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let known = CURRENCIES.split(' ').any(|code| code == text);
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if known => Ok(Self(code)),
            Ok(_) | Err(_) => Err(Invalid::new("invalid_currency", "A currency is an ISO 4217 code.")),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The code is ASCII.
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Currency {
    /// Digits of the minor unit: 2, except for the currencies that ISO 4217 lists
    /// otherwise.
    fn digits(self) -> usize {
        const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
        const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
        let code = self.to_string();
        let is_of = |codes: &str| codes.split(' ').any(|listed| listed == code);
        if is_of(NONE) {
            0
        } else if is_of(THREE) {
            3
        } else {
            2
        }
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[A-Z]{3}$"))
            .description(Some("ISO 4217"))
            .examples(["EUR"])
            .into()
    }
}

impl ToSchema for Currency {}

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// Amount in minor units: `1999` is 19.99 euros, or 1999 yen.
    #[schema(examples(1999))]
    pub amount: i64,
    /// Currency code (ISO 4217).
    pub currency: Currency,
}

/// Formats for people: `19.99 EUR`, `1999 JPY`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.digits();
        let sign = if self.amount < 0 { "-" } else { "" };
        let minor = format!("{:0>width$}", self.amount.unsigned_abs(), width = digits + 1);
        let (whole, rest) = minor.split_at(minor.len() - digits);
        let point = if digits > 0 { "." } else { "" };
        write!(f, "{sign}{whole}{point}{rest} {}", self.currency)
    }
}

/// An amount in a sort key: amounts of a currency sort as numbers. Negative amounts
/// never occur in keys.
#[derive(Debug, Clone, Copy)]
pub struct Sortable(pub Money);

impl fmt::Display for Sortable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{:012}", self.0.currency, self.0.amount)
    }
}

/// Errors of adding and subtracting amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Different currencies.
    #[error("amounts of different currencies")]
    CurrencyMismatch,
    /// The result exceeds an `i64`.
    #[error("an amount too large")]
    Overflow,
}

impl Money {
    /// Maximum amount in a request: twelve digits, so that the sum of millions of
    /// them fits, and so that keys can hold it.
    pub const MAX_AMOUNT: i64 = 999_999_999_999;

    /// Zero in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { amount: 0, currency }
    }

    /// Adds amounts of one currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_add)
    }

    /// Subtracts amounts of one currency.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_sub)
    }

    /// Multiplies the amount.
    pub fn checked_mul(self, times: u32) -> Result<Self, MoneyError> {
        let amount = self.amount.checked_mul(i64::from(times)).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    fn with(self, other: Self, operation: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let amount = operation(self.amount, other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn euros(amount: i64) -> Money {
        Money { amount, currency: Currency::EUR }
    }

    #[test]
    fn money_is_written_as_minor_units_and_a_currency() {
        let json = json!({ "amount": 1999, "currency": "EUR" });
        assert_eq!(serde_json::to_value(euros(1999)).expect("JSON"), json);
        assert_eq!(serde_json::from_value::<Money>(json).expect("money"), euros(1999));
    }

    #[test]
    fn people_read_major_units() {
        let money = |amount, code: &str| Money { amount, currency: code.parse().expect("known") }.to_string();
        assert_eq!(money(1999, "EUR"), "19.99 EUR");
        assert_eq!(money(5, "EUR"), "0.05 EUR");
        assert_eq!(money(-5, "EUR"), "-0.05 EUR");
        assert_eq!(money(1999, "JPY"), "1999 JPY");
        assert_eq!(money(1, "KWD"), "0.001 KWD");
    }

    #[test]
    fn the_list_of_currencies_is_one_of_codes_in_order() {
        let codes: Vec<&str> = CURRENCIES.split(' ').collect();
        assert!(
            codes.iter().all(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
        );
        assert!(codes.is_sorted() && codes.contains(&Currency::EUR.to_string().as_str()));
        for text in ["", "eur", "EURO", "EU", "XXX", "XAU", "AED AFN", "€€"] {
            assert!(text.parse::<Currency>().is_err(), "{text}");
        }
    }

    #[test]
    fn arithmetic_neither_wraps_nor_mixes_currencies() {
        assert_eq!(euros(2).checked_add(euros(3)), Ok(euros(5)));
        assert_eq!(euros(2).checked_sub(euros(3)), Ok(euros(-1)));
        assert_eq!(euros(2).checked_mul(3), Ok(euros(6)));
        assert_eq!(euros(i64::MAX).checked_add(euros(1)), Err(MoneyError::Overflow));
        assert_eq!(euros(i64::MAX).checked_mul(2), Err(MoneyError::Overflow));
        let yen = Money::zero("JPY".parse().expect("known"));
        assert_eq!(euros(1).checked_add(yen), Err(MoneyError::CurrencyMismatch));
    }
}
