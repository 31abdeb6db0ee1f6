//! The catalogue: categories by their paths, each after its parent, and then products
//! by their SKUs, several at the same time.

use std::collections::HashMap;

use futures::{StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    DemoError,
    assortment::{Category, Product},
    orders::PRODUCTS_AN_ORDER,
    shop::Shop,
};
use crate::operator::Tally;

/// Number of concurrent requests for products.
const CONCURRENCY: usize = 8;

/// One of so many orders has products of an organisation.
const EVERY: usize = 10;

/// The ids of categories, by their paths.
pub(super) type Ids = HashMap<String, Value>;

/// Creates the missing categories.
pub(super) async fn make_categories(
    shop: &Shop<'_>,
    categories: &[Category],
    done: &impl Fn(),
) -> Result<(Ids, Tally), DemoError> {
    let (mut ids, mut tally) = (Ids::new(), Tally::default());
    for Category { path, name, slug } in categories {
        let found = shop.get(&format!("/api/v1/categories/by-path?path={path}")).await?;
        let mut answer = match found.status {
            StatusCode::OK => {
                tally.present += 1;
                found
            }
            StatusCode::NOT_FOUND => {
                let parent = path.rsplit_once('/').and_then(|(parent, _)| ids.get(parent));
                let body = json!({ "name": name, "slug": slug, "parent_id": parent });
                let made = shop.post("/api/v1/categories", &body).await?;
                if made.status != StatusCode::CREATED {
                    return Err(made.unexpected());
                }
                tally.made += 1;
                made
            }
            _ => return Err(found.unexpected()),
        };
        ids.insert(path.clone(), answer.body["id"].take());
        done();
    }
    Ok((ids, tally))
}

/// Creates the products whose SKUs or slugs are free. The organisations `sellers` sell
/// some of them.
pub(super) async fn make_products(
    shop: &Shop<'_>,
    products: &[Product],
    (ids, sellers): (&Ids, &[String]),
    done: &impl Fn(),
) -> Result<Tally, DemoError> {
    let make = |(number, Product { places, body }): (usize, &Product)| {
        let mut body = body.clone();
        if let Some(seller) = seller_of(number, sellers) {
            body["seller"] = json!(seller);
        }
        body["category_ids"] = places.iter().filter_map(|path| ids.get(path)).cloned().collect();
        async move {
            let answer = shop.post("/api/v1/products", &body).await?;
            done();
            match answer.status {
                StatusCode::CREATED => Ok(Tally { made: 1, ..Tally::default() }),
                StatusCode::CONFLICT => Ok(Tally { present: 1, ..Tally::default() }),
                _ => Err(answer.unexpected()),
            }
        }
    };
    let tallies = futures::stream::iter(products.iter().enumerate().map(make)).buffer_unordered(CONCURRENCY);
    tallies.try_fold(Tally::default(), async |sum, tally| Ok(sum.and(tally))).await
}

/// The organisation that sells a product: all products of every tenth order.
fn seller_of(product: usize, sellers: &[String]) -> Option<&String> {
    let order = product / PRODUCTS_AN_ORDER;
    if order % EVERY == EVERY - 1 { sellers.get(order / EVERY % sellers.len()) } else { None }
}
