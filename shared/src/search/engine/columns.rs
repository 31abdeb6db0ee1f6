//! Single values of the documents of a segment.

use std::collections::BTreeSet;

use super::{
    Document, RestoreError,
    bits::Bits,
    codec::{Input, Output},
    geo::{Place, Vector},
    plan::Plan,
    strings::Strings,
};

/// Values, each by the place of its document. Documents are in the order of their ids.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) ids: Strings,
    pub(super) versions: Vec<u64>,
    pub(super) created: Vec<i64>,
    pub(super) places: Vec<Option<Place>>,
    /// Vectors of the places.
    pub(super) vectors: Vec<Option<Vector>>,
    pub(super) amounts: Vec<Option<Money>>,
    /// Sorted.
    pub(super) currencies: Strings,
    pub(super) free: Bits,
    pub(super) cards: Strings,
}

/// Range of amounts, with the place of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Money {
    pub(super) currency: u32,
    pub(super) low: i64,
    pub(super) high: i64,
}

const FREE: u8 = 1;
const PLACE: u8 = 2;
const AMOUNT: u8 = 4;

impl Columns {
    /// Takes the values of one document.
    pub(super) fn of(document: &Document) -> Self {
        let mut columns = Self { free: Bits::none(1), ..Self::default() };
        columns.ids.push(&document.id);
        columns.versions.push(document.version);
        columns.created.push(document.created_at);
        columns.add_place(document.point.and_then(Place::of));
        columns.amounts.push(document.amount.as_ref().map(|amount| Money {
            currency: 0,
            low: amount.low,
            high: amount.high.max(amount.low),
        }));
        document.amount.iter().for_each(|amount| columns.currencies.push(&amount.currency));
        if document.free {
            columns.free.add(0);
        }
        columns.cards.push(&document.card);
        columns
    }

    fn add_place(&mut self, place: Option<Place>) {
        self.places.push(place);
        self.vectors.push(place.map(|place| Vector::of(place.point())));
    }

    pub(super) fn merged(parts: &[&Self], plan: &Plan) -> Self {
        let documents = || plan.order.iter().filter_map(|(part, place)| Some((*parts.get(*part)?, *place)));
        let mut merged = Self { free: Bits::none(plan.order.len()), ..Self::default() };
        let currencies: BTreeSet<&str> = documents()
            .filter_map(|(part, place)| Some(part.currencies.get(part.amount(place)?.currency)))
            .collect();
        for currency in &currencies {
            merged.currencies.push(currency);
        }
        for (new, (part, place)) in (0_u32..).zip(documents()) {
            let at = place as usize;
            merged.ids.push(part.ids.get(place));
            merged.versions.push(part.versions.get(at).copied().unwrap_or_default());
            merged.created.push(part.created.get(at).copied().unwrap_or_default());
            merged.places.push(part.places.get(at).copied().flatten());
            merged.vectors.push(part.vectors.get(at).copied().flatten());
            let amount = part.amount(place).map(|amount| {
                let currency = merged.currencies.find(part.currencies.get(amount.currency));
                Money { currency: currency.unwrap_or_default(), ..amount }
            });
            merged.amounts.push(amount);
            if part.free.has(place) {
                merged.free.add(new);
            }
            merged.cards.push(part.cards.get(place));
        }
        merged
    }

    pub(super) fn write(&self, output: &mut Output) {
        self.ids.write_sorted(output);
        self.currencies.write_sorted(output);
        let places = self.places.iter().zip(&self.amounts);
        let values = self.versions.iter().zip(&self.created).zip(places);
        for (document, ((version, created), (place, amount))) in (0_u32..).zip(values) {
            let flag = |has: bool, flag: u8| if has { flag } else { 0 };
            let free = flag(self.free.has(document), FREE);
            output.byte(free | flag(place.is_some(), PLACE) | flag(amount.is_some(), AMOUNT));
            output.number(*version);
            output.signed(*created);
            if let Some(place) = place {
                output.signed(place.latitude.into());
                output.signed(place.longitude.into());
            }
            if let Some(amount) = amount {
                output.number(amount.currency.into());
                output.signed(amount.low);
                output.signed(amount.high);
            }
        }
        self.cards.write(output);
    }

    pub(super) fn read(input: &mut Input) -> Result<Self, RestoreError> {
        let ids = Strings::read_sorted(input)?;
        let currencies = Strings::read_sorted(input)?;
        let mut columns = Self { free: Bits::none(ids.len()), ids, currencies, ..Self::default() };
        let degrees = |input: &mut Input, bound: i64| match input.signed()? {
            degrees if (-bound..=bound).contains(&degrees) => {
                i32::try_from(degrees).map_err(|_| RestoreError::Corrupt)
            }
            _ => Err(RestoreError::Corrupt),
        };
        for document in 0..columns.ids.len() {
            let flags = input.byte()?;
            columns.versions.push(input.number()?);
            columns.created.push(input.signed()?);
            if flags & FREE != 0 {
                columns.free.add(super::strings::ordinal(document));
            }
            columns.add_place(match flags & PLACE {
                0 => None,
                _ => Some(Place {
                    latitude: degrees(input, 90_000_000)?,
                    longitude: degrees(input, 180_000_000)?,
                }),
            });
            columns.amounts.push(match flags & AMOUNT {
                0 => None,
                _ => Some(Money {
                    currency: input.below(columns.currencies.len())?,
                    low: input.signed()?,
                    high: input.signed()?,
                }),
            });
        }
        columns.cards = Strings::read(input)?;
        if columns.cards.len() == columns.ids.len() { Ok(columns) } else { Err(RestoreError::Corrupt) }
    }

    #[inline]
    pub(super) fn amount(&self, document: u32) -> Option<Money> {
        self.amounts.get(document as usize).copied().flatten()
    }
}
