//! Fields of a request that both creates and changes a resource: a field that the body
//! does not name has the value of the resource, as far as that is kept.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Change, Faults, Patch};
use crate::{money::Money, text::Invalid};

/// A required field: its value, or else `kept`.
pub fn always<T, U>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<T>,
    kept: Option<U>,
    parse: impl FnOnce(T) -> Result<U, Invalid>,
) -> Option<U> {
    let said = faults.patch_required(pointer, field, parse)?;
    let value = said.or(kept);
    if value.is_none() {
        faults.add(pointer, required());
    }
    value
}

/// An optional field: its value, nothing for `null`, or else `kept`.
pub fn patched<T, U>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<T>,
    kept: Option<U>,
    parse: impl FnOnce(T) -> Result<U, Invalid>,
) -> Option<U> {
    let mut value = kept;
    if let Some(change) = faults.patch(pointer, field, parse) {
        change.apply(&mut value);
    }
    value
}

/// Fault of a required field that is absent.
pub fn required() -> Invalid {
    Invalid::new("required", "This field is required.")
}

/// The change of an amount of money; `None` means a fault.
pub fn money(faults: &mut Faults, pointer: &str, field: Patch<Map<String, Value>>) -> Option<Change<Money>> {
    Some(match faults.patch(pointer, field, Ok)? {
        Change::Keep => Change::Keep,
        Change::Remove => Change::Remove,
        Change::Set(object) => Change::Set(Money::parse(faults, pointer, object)?),
    })
}

/// A list of at most `most` entries: its parsed entries, or else `kept`, or else none.
pub fn list<T, U: Clone>(
    faults: &mut Faults,
    pointer: &str,
    field: Patch<Vec<T>>,
    kept: Option<&Vec<U>>,
    most: usize,
    mut parse: impl FnMut(&mut Faults, &str, T) -> Option<U>,
) -> Option<Vec<U>> {
    let change = faults.patch(pointer, field, |items| {
        if items.len() > most {
            return Err(Invalid::new("too_many", format!("At most {most} entries are allowed.")));
        }
        Ok(items)
    })?;
    match change {
        Change::Keep => Some(kept.cloned().unwrap_or_default()),
        Change::Remove => Some(Vec::new()),
        Change::Set(items) => {
            let parsed: Vec<_> = items
                .into_iter()
                .enumerate()
                .map(|(index, item)| parse(faults, &format!("{pointer}/{index}"), item))
                .collect();
            parsed.into_iter().collect()
        }
    }
}

/// An object of a body, merged into the kept one, if there is one.
pub fn onto(field: Patch<Map<String, Value>>, kept: Option<impl Serialize>) -> Patch<Map<String, Value>> {
    match kept {
        Some(kept) => field.onto(&kept),
        None => field,
    }
}
