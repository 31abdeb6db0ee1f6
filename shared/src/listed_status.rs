//! Part of a product list: a list has a partition for each status, and one for active
//! products that are withheld from the public.

use std::fmt;

use crate::vocabulary::{Open, ProductStatus};

/// Status of a product in lists. Public lists read the part of `active` alone, so their pages
/// stay full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListedStatus {
    /// A status of a product.
    Status(Open<ProductStatus>),
    /// Active, and withheld from the public.
    Withheld,
}

impl ListedStatus {
    /// The part that has a product. No public list has drafts or archived products, so these
    /// stay in the part of their status.
    pub fn of(status: &Open<ProductStatus>, withheld: bool) -> Self {
        if withheld && *status == ProductStatus::Active {
            Self::Withheld
        } else {
            Self::Status(status.clone())
        }
    }

    /// Every part.
    pub fn all() -> impl Iterator<Item = Self> {
        ProductStatus::ALL.iter().map(|status| Self::from(*status)).chain([Self::Withheld])
    }
}

impl From<ProductStatus> for ListedStatus {
    fn from(status: ProductStatus) -> Self {
        Self::Status(status.into())
    }
}

impl fmt::Display for ListedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => status.fmt(f),
            Self::Withheld => f.write_str("withheld"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_active_products_are_withheld_from_lists() {
        let of = |status: ProductStatus, withheld| ListedStatus::of(&status.into(), withheld).to_string();
        assert_eq!(
            (of(ProductStatus::Active, false), of(ProductStatus::Active, true)),
            ("active".to_owned(), "withheld".to_owned())
        );
        assert_eq!(of(ProductStatus::Draft, true), "draft");
    }

    #[test]
    fn the_part_of_withheld_products_is_of_no_status() {
        let parts: std::collections::BTreeSet<String> =
            ListedStatus::all().map(|part| part.to_string()).collect();
        assert_eq!(parts.len(), ProductStatus::ALL.len() + 1);
    }
}
