//! A shop to look at, filled over the API as its administrator would fill it. What
//! is there already is left alone: a run that was broken off is finished by
//! another. Here is what the groups share; each has a file of its own.

mod assortment;
mod catalogue;
mod orders;
mod shop;
mod words;

use http::StatusCode;
use shared::text::Invalid;

use self::{assortment::Assortment, orders::People, shop::Shop};
use super::people::{SHOPKEEPER, person};
use crate::{
    client::{Client, ClientError},
    operator::{Command, Tally},
};

/// How many products there are, unless told otherwise.
pub use self::assortment::PRODUCTS;

/// The seeded accounts that buy: those before the first one that is blocked.
const CUSTOMERS: usize = 12;

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
    /// The orders.
    pub orders: Tally,
}

/// Why the shop is not filled to its end.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The platform.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A person, or a SKU.
    #[error("{}", .0.detail)]
    Invalid(Invalid),
    /// The orders do not get to know of the products.
    #[error("what the shop sells cannot be ordered yet\nhint: seed again to go on")]
    NotForSale,
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

impl From<Invalid> for DemoError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl Demo {
    /// A shop with the first so many products, and the categories that they need.
    pub fn of(products: usize) -> Self {
        Self { assortment: Assortment::of(products) }
    }

    /// How many things it is filled with.
    pub fn things(&self) -> usize {
        self.assortment.categories.len()
            + self.assortment.products.len()
            + orders::count(self.assortment.products.len())
    }

    /// Fills the shop of a platform, and tells of each thing.
    pub async fn fill(&self, client: &Client, done: impl Fn()) -> Result<Filled, DemoError> {
        client.operate(&Command::SeedShopkeeper).await?;
        client.operate(&Command::SeedUsers { from: 0, count: CUSTOMERS }).await?;
        let shop = Shop::open(client, SHOPKEEPER.to_owned()).await?;
        let (ids, categories) = catalogue::make_categories(&shop, &self.assortment.categories, &done).await?;
        let products = catalogue::make_products(&shop, &self.assortment.products, &ids, &done).await?;
        let mut customers = Vec::new();
        for number in 0..CUSTOMERS {
            customers.push(Shop::open(client, person(number)?.email.as_str().to_owned()).await?);
        }
        let people = People { customers: &customers, shopkeeper: &shop };
        let orders = orders::make_orders(client, &people, &self.assortment.products, &done).await?;
        Ok(Filled { categories, products, orders })
    }
}
