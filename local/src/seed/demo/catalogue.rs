//! The catalogue: categories by their paths, each after its parent, and then products
//! by their SKUs, several at the same time.

use std::collections::HashMap;

use futures::{StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    DemoError,
    assortment::{Category, Product},
    shop::Shop,
};
use crate::operator::Tally;

/// Number of concurrent requests for products.
const CONCURRENCY: usize = 8;

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

/// Creates the products whose SKUs or slugs are free.
pub(super) async fn make_products(
    shop: &Shop<'_>,
    products: &[Product],
    ids: &Ids,
    done: &impl Fn(),
) -> Result<Tally, DemoError> {
    let make = |Product { places, body }: &Product| {
        let mut body = body.clone();
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
    let tallies = futures::stream::iter(products.iter().map(make)).buffer_unordered(CONCURRENCY);
    tallies.try_fold(Tally::default(), async |sum, tally| Ok(sum.and(tally))).await
}
