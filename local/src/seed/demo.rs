//! A demo shop, filled over the API by its administrator. Existing data is left alone:
//! an interrupted run is completed by the next. This file has what the groups share;
//! each group has a file of its own.

mod assortment;
mod catalogue;
mod events;
mod orders;
mod organizations;
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

/// Default number of products.
pub use self::assortment::PRODUCTS;

/// The seeded accounts that buy: those before the first blocked one.
const CUSTOMERS: usize = 12;

/// Content of a shop.
#[derive(Debug)]
pub struct Demo {
    assortment: Assortment,
}

/// Result of filling a shop.
#[derive(Debug, PartialEq, Eq)]
pub struct Filled {
    /// The categories.
    pub categories: Tally,
    /// The products.
    pub products: Tally,
    /// The orders.
    pub orders: Tally,
    /// The organisations.
    pub organizations: Tally,
    /// Events.
    pub events: Tally,
}

/// Errors of filling a shop.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The platform could not be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A person, or a SKU, is not valid.
    #[error("{}", .0.detail)]
    Invalid(Invalid),
    /// The orders group does not receive the products.
    #[error("the shop's products cannot be ordered yet\nhint: run seed again to continue")]
    NotForSale,
    /// The platform gave an unexpected reply.
    #[error("{request} returned {status} {code}\nhint: run seed again to continue")]
    Unexpected {
        /// The request.
        request: String,
        /// Status of the reply.
        status: StatusCode,
        /// Code of the problem.
        code: String,
    },
}

impl From<Invalid> for DemoError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl Demo {
    /// A shop with the first `products` products, and their categories.
    pub fn of(products: usize) -> Self {
        Self { assortment: Assortment::of(products) }
    }

    /// Number of its items.
    pub fn things(&self) -> usize {
        self.assortment.categories.len()
            + self.assortment.products.len()
            + orders::count(self.assortment.products.len())
            + organizations::COUNT
            + events::count(self.assortment.products.len())
    }

    /// Fills the shop of a platform, and reports each item to `done`.
    pub async fn fill(&self, client: &Client, done: impl Fn()) -> Result<Filled, DemoError> {
        client.operate(&Command::SeedShopkeeper).await?;
        client.operate(&Command::SeedUsers { from: 0, count: CUSTOMERS }).await?;
        let shop = Shop::open(client, SHOPKEEPER.to_owned()).await?;
        let (ids, categories) = catalogue::make_categories(&shop, &self.assortment.categories, &done).await?;
        let mut customers = Vec::new();
        for number in 0..CUSTOMERS {
            customers.push(Shop::open(client, person(number)?.email.as_str().to_owned()).await?);
        }
        let (sellers, organizations) = organizations::make_organizations(&customers, &done).await?;
        let events =
            events::make_events(&customers, &sellers, events::count(self.assortment.products.len()), &done)
                .await?;
        let products = &self.assortment.products;
        let products = catalogue::make_products(&shop, products, (&ids, &sellers), &done).await?;
        let people = People { customers: &customers, shopkeeper: &shop };
        let orders = orders::make_orders(client, &people, &self.assortment.products, &done).await?;
        Ok(Filled { categories, products, orders, organizations, events })
    }
}
