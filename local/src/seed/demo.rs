//! A shop to look at, filled over the API as its administrator would fill it. What
//! is there already is left alone: a run that was broken off is finished by
//! another. Here is what the groups share; each has a file of its own.

mod assortment;
mod catalogue;
mod shop;
mod words;

use http::StatusCode;

use self::{assortment::Assortment, shop::Shop};
use crate::{
    client::{Client, ClientError},
    operator::Tally,
};

/// How many products there are, unless told otherwise.
pub use self::assortment::PRODUCTS;

/// What a shop is filled with.
#[derive(Debug)]
pub struct Demo {
    assortment: Assortment,
}

/// What has become of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Filled {
    /// The categories.
    pub categories: Tally,
    /// The products.
    pub products: Tally,
}

/// Why the shop is not filled to its end.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The platform.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// It answered otherwise than it should.
    #[error("{request} was answered with {status} {code}\nhint: seed again to go on")]
    Unexpected {
        /// The request.
        request: String,
        /// The answer.
        status: StatusCode,
        /// The problem's code.
        code: String,
    },
}

impl Demo {
    /// A shop with the first so many products, and the categories that they need.
    pub fn of(products: usize) -> Self {
        Self { assortment: Assortment::of(products) }
    }

    /// How many things it is filled with.
    pub fn things(&self) -> usize {
        self.assortment.categories.len() + self.assortment.products.len()
    }

    /// Fills the shop of a platform that has a shopkeeper, and tells of each thing.
    pub async fn fill(&self, client: &Client, done: impl Fn()) -> Result<Filled, DemoError> {
        let shop = Shop::open(client).await?;
        let (ids, categories) = catalogue::make_categories(&shop, &self.assortment.categories, &done).await?;
        let products = catalogue::make_products(&shop, &self.assortment.products, &ids, &done).await?;
        Ok(Filled { categories, products })
    }
}
