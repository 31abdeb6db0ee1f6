//! Jobs over items of earlier releases, which kept stock under SKUs. Such a SKU is the id
//! of its variant for ever: the stock does not move.

use std::collections::BTreeMap;

use shared::{
    Failure,
    evolution::{Beside, Change, Evolution, IfPresent, Job},
    id::VariantId,
    table::{
        item::{Attributes, Stored},
        schema,
    },
    text::Sku,
};

use crate::{
    buyer::Buyer,
    offer::{Adjustment, Bucket, Offer, OfferStatus, OfferedSku, ProductOffers},
    order::Order,
};

/// Jobs of the group.
pub const JOBS: &[Job] = &[
    Job::of::<OfferVariants>(),
    Job::of::<BucketVariants>(),
    Job::of::<AdjustmentVariants>(),
    Job::of::<OrderVariants>(),
    Job::of::<ProductVariants>(),
    Job::of::<CustomerConfirmations>(),
];

struct OfferVariants;

impl Evolution for OfferVariants {
    type Entity = Offer;
    const NAME: &'static str = "offer-variants";
    const ABOUT: &'static str = "Stock without the id of its variant; closed offers in the low-stock list.";

    fn change(before: &Stored<Offer>, item: &Attributes) -> Result<Option<Change<Offer>>, Failure> {
        let offer = &before.entity;
        let is_listed = item.contains_key(schema::low_stock("").index.partition_key());
        Ok(Some(Change::of(Offer {
            variant_id: Some(offer.variant()),
            low: is_listed && offer.status != OfferStatus::Closed,
            ..offer.clone()
        })))
    }
}

struct BucketVariants;

impl Evolution for BucketVariants {
    type Entity = Bucket;
    const NAME: &'static str = "bucket-variants";
    const ABOUT: &'static str = "Stock buckets without the id of their variant.";

    fn change(before: &Stored<Bucket>, _: &Attributes) -> Result<Option<Change<Bucket>>, Failure> {
        let bucket = &before.entity;
        Ok(Some(Change::of(Bucket { variant_id: Some(bucket.variant()), ..bucket.clone() })))
    }
}

struct AdjustmentVariants;

impl Evolution for AdjustmentVariants {
    type Entity = Adjustment;
    const NAME: &'static str = "adjustment-variants";
    const ABOUT: &'static str = "Stock adjustments without the id of their variant.";

    fn change(before: &Stored<Adjustment>, _: &Attributes) -> Result<Option<Change<Adjustment>>, Failure> {
        let adjustment = &before.entity;
        Ok(Some(Change::of(Adjustment { variant_id: Some(adjustment.variant()), ..adjustment.clone() })))
    }
}

struct OrderVariants;

impl Evolution for OrderVariants {
    type Entity = Order;
    const NAME: &'static str = "order-variants";
    const ABOUT: &'static str = "Lines of orders without the id of their variant.";

    fn change(before: &Stored<Order>, _: &Attributes) -> Result<Option<Change<Order>>, Failure> {
        let mut order = before.entity.clone();
        for line in &mut order.lines {
            line.variant_id = Some(line.variant());
        }
        Ok(Some(Change::of(order)))
    }
}

struct ProductVariants;

impl Evolution for ProductVariants {
    type Entity = ProductOffers;
    const NAME: &'static str = "product-variants";
    const ABOUT: &'static str = "Products without the ids of their variants, and their SKUs without a claim.";

    fn change(
        before: &Stored<ProductOffers>,
        _: &Attributes,
    ) -> Result<Option<Change<ProductOffers>>, Failure> {
        let product = &before.entity;
        if product.skus.variants.is_some() && product.skus.former_variants.is_some() {
            return Ok(None);
        }
        let mut after = product.clone();
        after.skus.variants = Some(product.skus.variants());
        after.skus.former_variants = Some(product.skus.former_variants());
        let claims: BTreeMap<Sku, VariantId> =
            product.skus.now.iter().map(Sku::folded).zip(product.skus.variants()).collect();
        let claims = claims.into_iter().map(|(sku, variant_id)| OfferedSku {
            sku,
            variant_id,
            product_id: product.product_id,
            product_version: product.product_version,
            free: false,
        });
        // A claim that is present is newer than this product's last event.
        let beside = claims.map(|claim| Beside::put_new(&claim, IfPresent::Keep));
        Ok(Some(Change::of(after).with(beside.collect::<Result<_, _>>()?)))
    }
}

struct CustomerConfirmations;

impl Evolution for CustomerConfirmations {
    type Entity = Buyer;
    const NAME: &'static str = "customer-confirmations";
    const ABOUT: &'static str =
        "Customers without the confirmation of their address, which count as confirmed.";

    fn change(before: &Stored<Buyer>, _: &Attributes) -> Result<Option<Change<Buyer>>, Failure> {
        let buyer = &before.entity;
        Ok((buyer.user_version > 0).then(|| {
            Change::of(Buyer { email_verified: Some(buyer.has_confirmed_email()), ..buyer.clone() })
        }))
    }
}
