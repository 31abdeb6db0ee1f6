//! `GET /api/v1/products`

use std::time::Duration;

use axum::extract::State;
use serde::Deserialize;
use shared::{
    http::{
        InvalidCursor, List, Page, Paging, Problem, PublicReply,
        problem::UNSUPPORTED_FILTER_COMBINATION,
        problem::{AUTHENTICATION_REQUIRED, FORBIDDEN},
    },
    id::OrganizationId,
    identity::MaybeCaller,
    money::Currency,
    seller::{self, Seller},
    text::Sku,
    vocabulary::ProductStatus,
};
use utoipa::IntoParams;

use crate::{
    lists::{
        Found, ListedProduct, Order, PlatformPart, PriceRange, ROUND_TRIPS, SearchPlace, Selection,
        StatusFilter, Words,
    },
    product::{Product, ProductSummary},
    rows::is_found_by,
    state::{Catalog, Reader},
};

/// Product filters. `sku` and `q` cannot be combined with others; at most one of
/// `seller`, `brand`, `color`, `material` and `size` is allowed, and with it only `status`.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductFilters {
    /// Filter by status. Defaults to `active`; other statuses require an administrator, or
    /// a member of the organisation that is the `seller`.
    #[param(inline)]
    status: Option<ProductStatus>,
    /// Filter by seller: `platform`, or the id of an organisation.
    #[serde(default, deserialize_with = "seller::parameter")]
    seller: Option<Seller>,
    /// Sort order. Defaults to `-created_at`.
    #[param(inline)]
    sort: Option<Order>,
    /// Filter by currency. Requires a sort by price.
    #[param(value_type = Option<String>, example = "EUR")]
    currency: Option<String>,
    /// Minimum price, inclusive, in minor units. Requires `currency`.
    price_gte: Option<u64>,
    /// Maximum price, inclusive, in minor units. Requires `currency`.
    price_lte: Option<u64>,
    /// Filter by the complete SKU, case-insensitive.
    sku: Option<String>,
    /// Search by prefix of a title word or a SKU, ignoring case and diacritics. Of a
    /// product with more than 16 SKUs, the others are found by the complete SKU only.
    q: Option<String>,
    /// Filter by brand, case-insensitive.
    brand: Option<String>,
    /// Filter by colour, case-insensitive.
    color: Option<String>,
    /// Filter by material, case-insensitive.
    material: Option<String>,
    /// Filter by size, case-insensitive.
    size: Option<String>,
}

shared::problems! {
    /// Errors of listing products.
    pub enum ListProductsError {
        Unsupported => UNSUPPORTED_FILTER_COMBINATION,
        Cursor(InvalidCursor),
    }
}

/// List products
///
/// Lists products. Eventually consistent: a change appears after a short delay. Without a
/// token, the reply may be cached for 5 seconds. Withheld products are listed for
/// administrators, and with `seller` for members of the organisation. A page of a search
/// (`q`), or of the seller `platform`, may have fewer products than `limit`, or none, while
/// `has_more` is true: continue with `next_cursor`.
#[utoipa::path(
    get,
    path = "/api/v1/products",
    params(ProductFilters, Paging),
    security((), ("bearer" = ["manage_catalog"])),
    responses(PublicReply<Page<ProductSummary>>, ListProductsError),
)]
pub async fn list_products(
    State(catalog): State<Catalog>,
    MaybeCaller(caller): MaybeCaller,
    list: List<ProductFilters>,
) -> Result<PublicReply<Page<ProductSummary>>, Problem> {
    let reader = Reader::of(caller.as_ref());
    let shows_all = match &list.filters.seller {
        Some(seller) => catalog.shows_all(reader, seller).await?,
        None => reader.is_administrator(),
    };
    let status = shown_status(list.filters.status, reader, shows_all)?;
    let page = page(&catalog, list, status).await?;
    let max_age_seconds = reader.max_age_seconds(Duration::ZERO);
    Ok(PublicReply { body: page.map(ProductSummary::from), max_age_seconds })
}

/// Filter of a reader, who may be shown products of every status and withheld ones.
pub(super) fn shown_status(
    status: Option<ProductStatus>,
    reader: Reader,
    shows_all: bool,
) -> Result<StatusFilter, Problem> {
    let status = status.unwrap_or(ProductStatus::Active);
    match status {
        ProductStatus::Active => {}
        ProductStatus::Draft | ProductStatus::Archived if reader.anonymous => {
            return Err(AUTHENTICATION_REQUIRED.into());
        }
        ProductStatus::Draft | ProductStatus::Archived if shows_all => {}
        ProductStatus::Draft | ProductStatus::Archived => return Err(FORBIDDEN.into()),
    }
    Ok(StatusFilter { status, withheld: shows_all })
}

/// The lists that `schema.rs` offers.
enum Kind {
    Sorted(Selection),
    Attribute(&'static str, String),
    Organization(OrganizationId),
    Platform,
    Sku(String),
    Words(Words),
}

fn kind(filters: ProductFilters, status: StatusFilter) -> Result<Kind, ListProductsError> {
    let ProductFilters {
        status: _,
        seller,
        sort,
        currency,
        price_gte,
        price_lte,
        sku,
        q,
        brand,
        color,
        material,
        size,
    } = filters;
    let sorted = sort.is_some() || currency.is_some() || price_gte.is_some() || price_lte.is_some();
    let attributes = [("brand", brand), ("color", color), ("material", material), ("size", size)];
    let mut attributes = attributes.into_iter().filter_map(|(name, value)| Some((name, value?)));
    // A search without words is ignored.
    let words = q.as_deref().and_then(Words::of);
    if let Some(seller) = seller {
        let is_alone = !sorted && sku.is_none() && words.is_none() && attributes.next().is_none();
        return match seller {
            Seller::Organization(seller) if is_alone => Ok(Kind::Organization(seller)),
            Seller::Platform if is_alone => Ok(Kind::Platform),
            Seller::Organization(_) | Seller::Platform | Seller::Unknown(_) => {
                Err(ListProductsError::Unsupported)
            }
        };
    }
    match (sku, words, attributes.next(), attributes.next()) {
        (None, None, None, _) => {
            Ok(Kind::Sorted(selection(status, sort, currency.as_deref(), price_gte, price_lte)?))
        }
        (None, None, Some((name, value)), None) if !sorted => Ok(Kind::Attribute(name, value)),
        (Some(sku), None, None, _) if !sorted => Ok(Kind::Sku(sku)),
        (None, Some(words), None, _) if !sorted => Ok(Kind::Words(words)),
        _ => Err(ListProductsError::Unsupported),
    }
}

/// Sort order, with the price range if it is by price.
pub(super) fn selection(
    status: StatusFilter,
    sort: Option<Order>,
    currency: Option<&str>,
    least: Option<u64>,
    most: Option<u64>,
) -> Result<Selection, ListProductsError> {
    let order = sort.unwrap_or_default();
    let by_price = match order {
        Order::Cheapest | Order::Dearest => true,
        Order::Newest | Order::Title => false,
    };
    let range = match currency {
        Some(currency) if by_price => {
            let currency: Currency = currency.parse().map_err(|_| ListProductsError::Unsupported)?;
            let amount = |amount: u64| i64::try_from(amount).unwrap_or(i64::MAX);
            Some(PriceRange { currency, least: least.map(amount), most: most.map(amount) })
        }
        None if least.is_none() && most.is_none() => None,
        Some(_) | None => return Err(ListProductsError::Unsupported),
    };
    Ok(Selection { status, order, range })
}

async fn page(
    catalog: &Catalog,
    List { filters, paging }: List<ProductFilters>,
    status: StatusFilter,
) -> Result<Page<ListedProduct>, ListProductsError> {
    let store = &catalog.store;
    let q = filters.q.clone();
    let kind = kind(filters, status)?;
    if let Kind::Words(words) = kind {
        let Found { products, reached } =
            search(catalog, &words, &q.unwrap_or_default(), &paging, status).await?;
        let page = match reached {
            Some(reached) => paging.page_until(None, products, &reached, |(_, place)| place.clone())?,
            None => paging.page(None, products, |(_, place)| place.clone())?,
        };
        return Ok(page.map(|(product, _)| product));
    }
    let after: Option<String> = paging.after(None)?;
    let limit = paging.to_read();
    if let Kind::Platform = kind {
        let PlatformPart { products, reached } = store.list_of_platform(status.status, after, limit).await?;
        return Ok(match reached {
            Some(reached) => paging.page_until(None, products, &reached, |product| product.sort.clone())?,
            None => paging.page(None, products, |product| product.sort.clone())?,
        });
    }
    let after = after.as_deref();
    let found = match kind {
        Kind::Sorted(selection) => store.list_products(None, selection, after, limit).await?,
        Kind::Attribute(name, value) => store.list_by_attribute(status, (name, &value), after, limit).await?,
        Kind::Organization(seller) => store.list_of_organization(seller, status, after, limit).await?,
        Kind::Words(_) | Kind::Platform => Vec::new(),
        Kind::Sku(sku) => {
            let product = by_sku(catalog, &sku, status).await?;
            product.map(|product| listed(&product)).into_iter().collect()
        }
    };
    Ok(paging.page(None, found, |product| product.sort.clone())?)
}

/// Searches products by the words. A product with a SKU beyond its rows is found by the
/// complete SKU, before all others.
async fn search(
    catalog: &Catalog,
    words: &Words,
    text: &str,
    paging: &Paging,
    status: StatusFilter,
) -> Result<Found, ListProductsError> {
    let after: Option<SearchPlace> = paging.after(None)?;
    // The SKU, and its product.
    let lookups = if after.is_none() && Sku::parse(text).is_ok() { 2 } else { 0 };
    let owner = match after {
        None => by_sku(catalog, text, status).await?,
        Some(_) => None,
    };
    let owner = owner.filter(|product| !is_found_by(product, &words.prefix));
    let place = SearchPlace::Latest(String::new());
    let mut products: Vec<_> = owner.map(|product| (listed(&product), place)).into_iter().collect();
    let missing = paging.to_read() - products.len();
    let left = ROUND_TRIPS - lookups;
    let found = catalog.store.search_products(status, words, after, missing, left).await?;
    products.extend(found.products);
    Ok(Found { products, reached: found.reached })
}

fn listed(product: &Product) -> ListedProduct {
    ListedProduct { id: product.id, sort: String::new(), card: product.card() }
}

/// Finds the product of a SKU, if its status matches: strongly consistent.
async fn by_sku(
    catalog: &Catalog,
    sku: &str,
    status: StatusFilter,
) -> Result<Option<Product>, ListProductsError> {
    let Ok(sku) = Sku::parse(sku) else { return Ok(None) };
    let Some(id) = catalog.store.find_by_sku(&sku).await? else { return Ok(None) };
    let product = catalog.store.get_product(id).await?.map(|product| product.entity);
    Ok(product.filter(|product| status.includes(product)))
}
