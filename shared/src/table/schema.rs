//! Every key of the one table, on one screen: its form, and the actions that each
//! function may perform on its items. The leading keys in `template.yaml` are written
//! from these rows; the test harness denies all other actions, and a test finds
//! unused grants.
//!
//! Every list and the index that serves it; any other combination of filters is
//! refused (400 `unsupported_filter_combination`). Lists of active products are merged with
//! those of withheld ones for callers who see these ([`ListedStatus`]):
//!
//! | list | filters | order | served by |
//! |---|---|---|---|
//! | users | any of `role`, `status`, `created_after`, `created_before` | `created_at`, `-created_at` | `users_by_role`, merged over the roles and statuses that the filters leave open |
//! | users | `email` alone | | `login`, then `user` |
//! | users | `q` alone: prefix of an address or a name | matching addresses, then names | `users_by_email`, `users_by_name` |
//! | sessions of a user | | `-created_at` | `session`'s partition |
//! | products | `status` | `-created_at` | `products` |
//! | products | `status`, `currency`, and with it `price_gte`, `price_lte` | `price`, `-price` | `products_by_price` |
//! | products | `status` | `title` | `products_by_title` |
//! | products | `sku` alone | | `sku`, then `product` |
//! | products | `q` alone: prefix of a word of the title or of a SKU | the matching text | `products_by_words`; a whole SKU by `sku`, then `product` |
//! | products | `status` and one of `brand`, `color`, `material`, `size` | `-created_at` | `products_by_value`, merged with `products_by_attribute` |
//! | products | `seller` of an organisation, `status` | `-created_at` | `seller_products` |
//! | products | `seller=platform`, `status` | `-created_at` | `products`, without those of organisations |
//! | products of a category | those of the first three rows | those of these rows | `category_products`, `…_by_price`, `…_by_title`; merged over up to 64 categories of a subtree, one after the other beyond that |
//! | products, whole | | `-created_at` | `products`, merged over the statuses and the withheld ones, then `product` |
//! | categories | | order of the tree | the tree in memory: `tree_snapshot`, `tree_log` |
//! | orders | `created_after`, `created_before`; for administrators any of them with `user_id` | `created_at`, `-created_at` | `orders_by_user` |
//! | orders, for administrators | `created_after`, `created_before`, with `status` or without | the same | `orders_by_status`, merged over the statuses without that filter |
//! | orders, for members of the organisation and administrators | `seller`, and with it `created_after`, `created_before`, `status` | the same | `seller_orders`, merged over the statuses without that filter |
//! | low stock | | `sku` | `low_stock` |
//! | stock adjustments | | `-at` | `stock_adjustment`'s part of `offer`'s partition |
//! | organisations | `status`, for administrators | `-created_at` | `organizations` |
//! | organisations | `q` alone: prefix of a word of the name | the matching text | `organizations_by_words` |
//! | organisations of the caller | `role` | `role` | `memberships_of` |
//! | members | `role` | `role`, `since` | `members_by_role`; for others `public_members` |
//! | invitations of an organisation | `status` | `-invited_at` | `invitations_of` |
//! | invitations of the caller | | `-invited_at` | `invitations_for` |
//! | events that the caller manages | `organizer`, with `status` or without | `-created_at` | `events_of`, merged over the statuses without that filter |
//! | events, for administrators | `status` | `-created_at` | `events_by_status` |
//! | listed events that are not over | any combination of text, time, place, category, price and others | `starts_at`, `-relevance`, `distance`, `price`, `-created_at` | the agenda in memory: `agenda_snapshot`, `agenda_log`; linear in listed events, comfortable up to 30,000 a region |
//! | event categories | | order of the list | `event_categories` |

use crate::{
    clock::Timestamp,
    id::{
        AdjustmentId, CategoryId, EventId, ExportId, Id, Identified, ImportChunkId, ImportId, InvitationId,
        MembershipId, OrderId, OrganizationId, ProductId, RevocationId, SessionId, UserId, VariantId,
    },
    listed_status::ListedStatus,
    money::Sortable,
    organizer::Organizer,
    text::{Sku, Slug},
    vocabulary::{EventStatus, InvitationStatus, Open, OrderStatus, OrganizationStatus, Role, Status},
};

/// Number of partitions of the orders by expiry: a single one would limit all orders
/// to 1,000 a second.
pub const EXPIRY_SHARDS: u8 = 4;

/// Number of partitions of the events by the time at which the sweeper looks at them.
pub const EVENT_DUE_SHARDS: u8 = 4;

/// Into how many partitions revocations are spread, by account.
pub const REVOCATION_SHARDS: u8 = 4;

/// An item's primary key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

/// An index of the table. Each is sparse and projects the attribute `card`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// `gsi1`.
    Gsi1,
    /// `gsi2`.
    Gsi2,
    /// `gsi3`.
    Gsi3,
    /// `gsi4`.
    Gsi4,
}

impl Index {
    /// Every index.
    pub const ALL: [Self; 4] = [Self::Gsi1, Self::Gsi2, Self::Gsi3, Self::Gsi4];

    /// The index's name in the template.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsi1 => "gsi1",
            Self::Gsi2 => "gsi2",
            Self::Gsi3 => "gsi3",
            Self::Gsi4 => "gsi4",
        }
    }

    /// The attribute of its partition key.
    pub fn partition_key(self) -> &'static str {
        match self {
            Self::Gsi1 => "gsi1pk",
            Self::Gsi2 => "gsi2pk",
            Self::Gsi3 => "gsi3pk",
            Self::Gsi4 => "gsi4pk",
        }
    }

    /// The attribute of its sort key.
    pub fn sort_key(self) -> &'static str {
        match self {
            Self::Gsi1 => "gsi1sk",
            Self::Gsi2 => "gsi2sk",
            Self::Gsi3 => "gsi3sk",
            Self::Gsi4 => "gsi4sk",
        }
    }
}

/// An item's key in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexKey {
    /// Index.
    pub index: Index,
    /// Prefixes of the partition keys of the items that belong there. No condition of
    /// IAM restricts the index keys of a put, so a function may write an item of its
    /// own into another group's list.
    pub of: &'static [&'static str],
    /// Partition and sort key in the index.
    pub key: Key,
}

/// In a row's grants: every function that verifies access tokens, identified by its
/// variable `TOKEN_ISSUER`.
pub const VERIFIERS: &str = "(verifiers of access tokens)";

/// In a row's grants: every consumer of `user.export_requested`.
pub const EXPORTERS: &str = "(writers of exports)";

/// An action on items, named as in IAM. Writes in a transaction need the same
/// actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `GetItem`.
    Get,
    /// `BatchGetItem`.
    Batch,
    /// `Query`.
    Query,
    /// `PutItem`.
    Put,
    /// `UpdateItem`.
    Update,
    /// `DeleteItem`.
    Delete,
    /// `ConditionCheckItem`.
    Check,
}

impl Action {
    /// Every action, in the order of a policy.
    pub const ALL: [Self; 7] =
        [Self::Get, Self::Batch, Self::Query, Self::Put, Self::Update, Self::Delete, Self::Check];

    /// The action as IAM names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "dynamodb:GetItem",
            Self::Batch => "dynamodb:BatchGetItem",
            Self::Query => "dynamodb:Query",
            Self::Put => "dynamodb:PutItem",
            Self::Update => "dynamodb:UpdateItem",
            Self::Delete => "dynamodb:DeleteItem",
            Self::Check => "dynamodb:ConditionCheckItem",
        }
    }
}

/// One row of the schema.
#[derive(Debug)]
pub struct KeyTemplate {
    /// The constructor in this module.
    pub name: &'static str,
    /// Index of the key; `None`: the table itself.
    pub index: Option<Index>,
    /// The partition key's template.
    pub pk: &'static str,
    /// Each action with the functions that may perform it, by their bins, or
    /// [`VERIFIERS`] or [`EXPORTERS`].
    pub grants: &'static [(Action, &'static [&'static str])],
}

impl KeyTemplate {
    /// The pattern of these keys for IAM's `dynamodb:LeadingKeys`.
    pub fn leading_key(&self) -> String {
        match self.pk.split_once('{') {
            Some((prefix, _)) => format!("{prefix}*"),
            None => self.pk.to_owned(),
        }
    }
}

/// The id in a partition key of the form `<PREFIX>#<id>`.
pub fn id_of<K: Identified>(pk: &str) -> Option<Id<K>> {
    pk.split_once('#')?.1.parse().ok()
}

/// The suffix of a product's row in the lists of a category.
pub fn category_row(category: CategoryId) -> String {
    format!("CATEGORY#{category}")
}

/// The suffix of a product's row in the list of words.
pub fn words_row(words: &str) -> String {
    format!("WORDS#{words}")
}

/// The suffix of a product's row in the list of an attribute.
pub fn attribute_row(attribute: &str) -> String {
    format!("ATTRIBUTE#{attribute}")
}

/// The suffix of a product's row in the list of its seller.
pub fn seller_row() -> String {
    "SELLER".to_owned()
}

/// The suffix of an organisation's row in the list of words.
pub fn organization_words_row(words: &str) -> String {
    format!("WORDS#{words}")
}

macro_rules! action {
    (get) => {
        Action::Get
    };
    (batch) => {
        Action::Batch
    };
    (query) => {
        Action::Query
    };
    (put) => {
        Action::Put
    };
    (update) => {
        Action::Update
    };
    (delete) => {
        Action::Delete
    };
    (check) => {
        Action::Check
    };
}

macro_rules! schema {
    (
        items {
            $($(#[$doc:meta])+ $name:ident($($argument:ident: $type:ty),*): $pk:literal / $sk:literal, $($action:ident by $bins:tt),+;)+
        }
        indexes {
            $($(#[$index_doc:meta])+ $index_name:ident($($index_argument:ident: $index_type:ty),*): $index:ident $index_pk:literal / $index_sk:literal, of $of:tt, query by $index_bins:tt;)+
        }
    ) => {
        $(
            $(#[$doc])+
            pub fn $name($($argument: $type),*) -> Key {
                Key { pk: format!($pk), sk: format!($sk) }
            }
        )+
        $(
            $(#[$index_doc])+
            pub fn $index_name($($index_argument: $index_type),*) -> IndexKey {
                IndexKey { index: Index::$index, of: &$of, key: Key { pk: format!($index_pk), sk: format!($index_sk) } }
            }
        )+

        /// Every row above. A function that writes an item also writes its index
        /// rows.
        pub const SCHEMA: &[KeyTemplate] = &[
            $(KeyTemplate {
                name: stringify!($name),
                index: None,
                pk: $pk,
                grants: &[$((action!($action), &$bins)),+],
            },)+
            $(KeyTemplate {
                name: stringify!($index_name),
                index: Some(Index::$index),
                pk: $index_pk,
                grants: &[(Action::Query, &$index_bins)],
            },)+
        ];
    };
}

schema! {
    items {
        /// An account, with all of its personal data.
        user(id: UserId): "USER#{id}" / "USER",
            get by ["auth-api", "users-api", "users-consumer", "notifications"], put by ["auth-api", "users-api"],
            check by ["auth-api", "users-api"];

        /// The login of an email address. The key is an HMAC of the address, so that
        /// the table's keys, streams and metrics do not reveal who has an account.
        login(address_mac: &str): "LOGIN#{address_mac}" / "LOGIN",
            get by ["auth-api", "users-api", "notifications"], put by ["auth-api", "users-api"],
            delete by ["auth-api", "users-api"];

        /// Public part of an account: name, confirmation of the address, MAC of the
        /// address.
        public_profile(id: UserId): "PROFILE#{id}" / "PROFILE",
            get by ["organizations-api"], batch by ["organizations-api", "events-api", "events-search", "events-consumer"],
            put by ["auth-api", "users-api"], delete by ["users-api"], check by ["organizations-api", "events-api"];

        /// Kinds and costs of imported hashes.
        imported_hashes(): "IMPORTED_HASHES" / "IMPORTED_HASHES",
            get by ["auth-api"];

        /// A signed-in device. All of a user's sessions are one partition.
        session(user: UserId, id: SessionId): "SESSION#{user}" / "{id}",
            get by ["auth-api", "users-api", "organizations-api"], query by ["auth-api", "users-consumer"],
            put by ["auth-api"], update by ["auth-api"], delete by ["users-consumer"];

        /// Revocations of a shard of the accounts, in the order of time. Every function
        /// that verifies tokens continues its copy: at most one read in five seconds,
        /// shard and instance; up to 1,000 revocations a second and shard.
        revocation(shard: u8, id: RevocationId): "REVOKED#{shard}" / "{id}",
            query by [VERIFIERS], put by ["auth-api", "users-api"];

        /// Revocations of all accounts, written by earlier releases.
        former_revocation(id: RevocationId): "REVOKED" / "{id}", query by [VERIFIERS];

        /// Attempts at a limited action: failed logins, mails, accounts.
        limit(mac: &str): "LIMIT#{mac}" / "LIMIT",
            update by ["auth-api", "users-api"];

        /// Number of active administrators.
        administrators(): "ADMINISTRATORS" / "ADMINISTRATORS",
            update by ["users-api"];

        /// Public keys that verify access tokens.
        jwks(): "JWKS" / "JWKS",
            get by [VERIFIERS], put by ["auth-api"];

        /// First reply to a request with an idempotency key.
        idempotency(scope: &str): "IDEMPOTENCY#{scope}" / "IDEMPOTENCY",
            get by ["users-api", "catalog-api", "orders-api", "organizations-api", "events-api"],
            put by ["users-api", "catalog-api", "orders-api", "organizations-api", "events-api"];

        /// Latest export of a person's data.
        export_job(user: UserId): "EXPORT#{user}" / "JOB",
            get by ["users-api"], put by ["users-api"], update by [EXPORTERS], query by ["users-consumer"],
            delete by ["users-consumer"];

        /// A part of an export; every group writes its own.
        export_part(user: UserId, export: ExportId, part: &str): "EXPORT#{user}" / "{export}#{part}",
            query by ["users-api", EXPORTERS], put by [EXPORTERS], delete by [EXPORTERS];

        /// A mail to an address that no account has any more.
        outgoing_mail(user: UserId): "OUTGOING_MAIL#{user}" / "OUTGOING_MAIL",
            get by ["notifications"], put by ["users-api"], delete by ["notifications"];

        /// A mail to the former address of an account, which has another from this
        /// version on.
        former_address(user: UserId, version: u64): "OUTGOING_MAIL#{user}" / "CHANGED#{version:012}",
            get by ["notifications"], put by ["auth-api"], delete by ["notifications"];

        /// Claim of a mail for an event, until it is sent and after.
        mail(event_id: &str): "MAIL#{event_id}" / "MAIL",
            put by ["notifications"];

        /// A product with all of its variants.
        product(id: ProductId): "PRODUCT#{id}" / "PRODUCT",
            get by ["catalog-api", "catalog-consumer"], put by ["catalog-api", "catalog-consumer"];

        /// A further place of a product in lists: a category, a word, an attribute, a seller.
        product_row(id: ProductId, place: &str): "PRODUCT#{id}" / "ROW#{place}",
            put by ["catalog-api", "catalog-consumer"], delete by ["catalog-api", "catalog-consumer"];

        /// Claim of a product on a SKU, without case.
        sku(sku: &Sku): "SKU#{sku}" / "SKU",
            get by ["catalog-api", "catalog-consumer"], put by ["catalog-api", "catalog-consumer"],
            delete by ["catalog-api", "catalog-consumer"];

        /// Claim of a product on a slug.
        product_slug(slug: &Slug): "PRODUCT_SLUG#{slug}" / "PRODUCT_SLUG",
            get by ["catalog-api"], put by ["catalog-api", "catalog-consumer"],
            delete by ["catalog-api", "catalog-consumer"];

        /// A category, without its position in the tree.
        category(id: CategoryId): "CATEGORY#{id}" / "CATEGORY",
            get by ["catalog-api", "catalog-consumer"], put by ["catalog-api", "catalog-consumer"];

        /// Number of products of a category. Written with each product that enters or
        /// leaves one: up to 1,000 a second in all categories.
        category_count(id: CategoryId): "CATEGORY_COUNTS" / "{id}",
            query by ["catalog-api"], update by ["catalog-api", "catalog-consumer"];

        /// Numbers of products of an organisation. Written with each product that is created,
        /// deleted, withheld or shown again.
        seller_count(seller: OrganizationId): "SELLER_COUNT#{seller}" / "SELLER_COUNT",
            get by ["catalog-consumer"], update by ["catalog-api", "catalog-consumer"];

        /// A change of the category tree. The numbers have no gaps: the writer of the
        /// next one has read all previous ones.
        tree_log(number: u64): "TREE_LOG" / "{number:012}",
            query by ["catalog-api", "catalog-consumer"], put by ["catalog-api", "catalog-consumer"];

        /// Latest snapshot of the tree: number of its last change, number of its
        /// parts.
        tree_snapshot(): "TREE_SNAPSHOT" / "TREE_SNAPSHOT",
            get by ["catalog-api", "catalog-consumer"], put by ["catalog-consumer"];

        /// A part of a snapshot.
        tree_snapshot_part(number: u64, part: u32): "TREE_SNAPSHOT#{number}" / "{part:06}",
            query by ["catalog-api", "catalog-consumer"], put by ["catalog-consumer"],
            delete by ["catalog-consumer"];

        /// An import of products.
        import(id: ImportId): "IMPORT#{id}" / "IMPORT",
            get by ["catalog-api"], put by ["catalog-api"];

        /// Result of a part of an import.
        import_result(id: ImportId, chunk: ImportChunkId): "IMPORT#{id}" / "RESULT#{chunk}",
            get by ["catalog-consumer"], query by ["catalog-api"], put by ["catalog-consumer"];

        /// A part of an import.
        import_chunk(id: ImportChunkId): "IMPORT_CHUNK#{id}" / "IMPORT_CHUNK",
            get by ["catalog-consumer"], put by ["catalog-api"];

        /// A variant that can be ordered, with its stock.
        offer(variant: &VariantId): "OFFER#{variant}" / "OFFER",
            get by ["orders-consumer"], batch by ["orders-api", "orders-consumer"], put by ["orders-consumer"],
            update by ["orders-api", "orders-consumer", "orders-sweeper"];

        /// A stock bucket of a variant with many concurrent orders.
        stock_bucket(variant: &VariantId, bucket: u8): "OFFER#{variant}" / "BUCKET#{bucket:02}",
            batch by ["orders-api", "orders-consumer"], put by ["orders-api"],
            update by ["orders-api", "orders-consumer", "orders-sweeper"], check by ["orders-api"];

        /// A stock adjustment.
        stock_adjustment(variant: &VariantId, id: AdjustmentId): "OFFER#{variant}" / "ADJUSTMENT#{id}",
            query by ["orders-api"], put by ["orders-api"];

        /// Availability of a variant, as of the last event.
        stock_availability(variant: &VariantId): "OFFER#{variant}" / "AVAILABILITY",
            batch by ["orders-consumer"], put by ["orders-consumer"];

        /// The variant of a SKU, which is in its folded form.
        offered_sku(sku: &Sku): "OFFERED_SKU#{sku}" / "OFFERED_SKU",
            batch by ["orders-api"], put by ["orders-consumer"], update by ["orders-consumer"];

        /// Variants of a product that can be ordered, or could be.
        product_offers(id: ProductId): "OFFERS_OF#{id}" / "OFFERS_OF",
            batch by ["orders-api"], get by ["orders-consumer"], put by ["orders-consumer"];

        /// Order.
        order(id: OrderId): "ORDER#{id}" / "ORDER",
            get by ["orders-api", "orders-consumer", "orders-sweeper"],
            put by ["orders-api", "orders-consumer", "orders-sweeper"];

        /// Customer: permission to order, and the reservations of each order.
        buyer(id: UserId): "BUYER#{id}" / "BUYER",
            get by ["orders-api", "orders-consumer", "orders-sweeper"], batch by ["orders-api"],
            put by ["orders-api", "orders-consumer", "orders-sweeper"], update by ["orders-consumer"];

        /// Lease of the operator's command that rewrites items of earlier releases.
        backfill_lease(): "BACKFILL" / "LEASE", get by [], put by [], delete by [];

        /// Progress of that command in a segment of the table.
        backfill_progress(segment: u32): "BACKFILL" / "SEGMENT#{segment:02}", query by [], put by [], delete by [];

        /// Profile of an organisation.
        organization(id: OrganizationId): "ORG#{id}" / "ORG",
            batch by ["organizations-api", "organizations-consumer", "events-api", "events-search", "events-consumer"],
            put by ["organizations-api", "organizations-consumer"];

        /// A further place of an organisation in the list of words.
        organization_row(id: OrganizationId, place: &str): "ORG#{id}" / "ROW#{place}",
            put by ["organizations-api", "organizations-consumer"], delete by ["organizations-api"];

        /// Claim of an organisation on a slug; a former one leads on to the organisation.
        organization_slug(slug: &Slug): "ORG_SLUG#{slug}" / "ORG_SLUG",
            get by ["organizations-api"], put by ["organizations-api"];

        /// A member of an organisation. All of its members and its counters are one
        /// partition, which every group may check in its writes.
        member(organization: OrganizationId, user: UserId): "MEMBER#{organization}" / "{user}",
            batch by ["organizations-api", "organizations-consumer", "catalog-api", "catalog-consumer", "orders-api", "events-api"],
            query by ["organizations-consumer", "notifications"],
            put by ["organizations-api", "organizations-consumer"],
            check by ["organizations-api", "catalog-api", "catalog-consumer", "orders-api", "events-api"];

        /// Status of an organisation, and the numbers of its owners and members.
        organization_counters(organization: OrganizationId): "MEMBER#{organization}" / "COUNTERS",
            batch by ["organizations-api", "organizations-consumer", "catalog-api", "catalog-consumer", "orders-api", "events-api"],
            get by ["catalog-consumer", "events-api", "events-consumer"], put by ["organizations-api"],
            update by ["organizations-api", "organizations-consumer"], check by ["catalog-api", "catalog-consumer", "orders-api", "events-api", "events-consumer"];

        /// Invitation of an address to an organisation.
        invitation(id: InvitationId): "INVITATION#{id}" / "INVITATION",
            get by ["organizations-api", "organizations-consumer", "notifications"],
            put by ["organizations-api", "organizations-consumer"];

        /// An event with its schedule and exceptions.
        event(id: EventId): "EVENT#{id}" / "EVENT",
            get by ["events-api", "events-consumer", "events-sweeper", "notifications"],
            batch by ["events-search"],
            put by ["events-api", "events-consumer", "events-sweeper"];

        /// Claim of an event on a slug.
        event_slug(slug: &Slug): "EVENT_SLUG#{slug}" / "EVENT_SLUG",
            get by ["events-api"], put by ["events-api"], delete by ["events-api", "events-consumer"];

        /// Categories of events: one list of at most 300.
        event_categories(): "EVENT_CATEGORIES" / "EVENT_CATEGORIES",
            get by ["events-api", "events-search"], put by ["events-api"];

        /// A change of the agenda: listed events that search finds.
        agenda_log(region: &str, number: u64): "AGENDA_LOG#{region}" / "{number:012}",
            query by ["events-search", "events-consumer", "events-sweeper"], put by ["events-consumer"],
            delete by ["events-sweeper"];

        /// Latest snapshot of the agenda: number of its last change, number of its parts.
        agenda_snapshot(region: &str): "AGENDA_SNAPSHOT#{region}" / "AGENDA_SNAPSHOT",
            get by ["events-search", "events-consumer", "events-sweeper"],
            put by ["events-consumer", "events-sweeper"];

        /// A part of a snapshot of the agenda.
        agenda_snapshot_part(region: &str, number: u64, part: u32):
            "AGENDA_PART#{region}#{number}" / "{part:06}",
            query by ["events-search", "events-consumer", "events-sweeper"],
            put by ["events-consumer", "events-sweeper"],
            delete by ["events-consumer", "events-sweeper"];
    }
    indexes {
        /// All accounts by time of registration, which their ids begin with. A
        /// partition takes 1,000 writes a second: beyond that many registrations it
        /// must be sharded.
        users_by_role(role: &Open<Role>, status: &Open<Status>, id: UserId): Gsi1 "USERS#{role}#{status}" / "{id}",
            of ["USER#"], query by ["users-api"];

        /// All accounts by email address.
        users_by_email(email: &str, id: UserId): Gsi2 "USERS_BY_EMAIL" / "{email}#{id}",
            of ["USER#"], query by ["users-api"];

        /// All accounts by name, folded for searches; earlier releases wrote it in
        /// lower case.
        users_by_name(name: &str, id: UserId): Gsi3 "USERS_BY_NAME" / "{name}#{id}",
            of ["USER#"], query by ["users-api"];

        /// All products by time of creation. A partition takes 1,000 writes a second:
        /// beyond that the lists of all products must be sharded.
        products(status: &ListedStatus, id: ProductId): Gsi1 "PRODUCTS#{status}" / "{id}",
            of ["PRODUCT#"], query by ["catalog-api"];

        /// All products by price.
        products_by_price(status: &ListedStatus, price: Sortable, id: ProductId): Gsi2
            "PRODUCTS_BY_PRICE#{status}" / "{price}#{id}", of ["PRODUCT#"], query by ["catalog-api"];

        /// All products by title, in lower case.
        products_by_title(status: &ListedStatus, title: &str, id: ProductId): Gsi3
            "PRODUCTS_BY_TITLE#{status}" / "{title}#{id}", of ["PRODUCT#"], query by ["catalog-api"];

        /// All products by each suffix of their titles that begins with a word, and
        /// by their SKUs, in lower case.
        products_by_words(status: &ListedStatus, words: &str, id: ProductId): Gsi4
            "PRODUCTS_BY_WORDS#{status}" / "{words}#{id}", of ["PRODUCT#"], query by ["catalog-api"];

        /// All products by a value of one of the filterable attributes, folded for
        /// filters.
        products_by_value(status: &ListedStatus, attribute: &str, value: &str, id: ProductId): Gsi1
            "PRODUCTS_BY_VALUE#{status}#{attribute}={value}" / "{id}", of ["PRODUCT#"], query by ["catalog-api"];

        /// As `products_by_value`, written by earlier releases with letters and
        /// digits only.
        products_by_attribute(status: &ListedStatus, attribute: &str, value: &str, id: ProductId): Gsi1
            "PRODUCTS_BY_ATTRIBUTE#{status}#{attribute}={value}" / "{id}", of ["PRODUCT#"], query by ["catalog-api"];

        /// Products of a category by time of creation.
        category_products(category: CategoryId, status: &ListedStatus, id: ProductId): Gsi1
            "CATEGORY_PRODUCTS#{category}#{status}" / "{id}", of ["PRODUCT#"], query by ["catalog-api", "catalog-consumer"];

        /// Products of a category by price.
        category_products_by_price(category: CategoryId, status: &ListedStatus, price: Sortable, id: ProductId): Gsi2
            "CATEGORY_PRODUCTS_BY_PRICE#{category}#{status}" / "{price}#{id}", of ["PRODUCT#"], query by ["catalog-api"];

        /// Products of a category by title, in lower case.
        category_products_by_title(category: CategoryId, status: &ListedStatus, title: &str, id: ProductId): Gsi3
            "CATEGORY_PRODUCTS_BY_TITLE#{category}#{status}" / "{title}#{id}", of ["PRODUCT#"], query by ["catalog-api"];

        /// Products of an organisation by time of creation.
        seller_products(seller: OrganizationId, status: &ListedStatus, id: ProductId): Gsi1
            "SELLER_PRODUCTS#{seller}#{status}" / "{id}", of ["PRODUCT#"], query by ["catalog-api", "catalog-consumer"];

        /// Products and categories by the user who created them, read when that user
        /// is deleted.
        made_by(user: UserId, thing: &str): Gsi4 "MADE_BY#{user}" / "{thing}",
            of ["PRODUCT#", "CATEGORY#"], query by ["catalog-consumer"];

        /// A customer's orders by time of creation.
        orders_by_user(user: UserId, at: Timestamp, id: OrderId): Gsi1 "ORDERS_OF#{user}" / "{at}#{id}",
            of ["ORDER#"], query by ["orders-api", "orders-consumer"];

        /// All orders by time of creation. A partition takes 1,000 writes a second:
        /// beyond that many orders it must be sharded.
        orders_by_status(status: &Open<OrderStatus>, at: Timestamp, id: OrderId): Gsi2 "ORDERS#{status}" / "{at}#{id}",
            of ["ORDER#"], query by ["orders-api"];

        /// Orders of an organisation by time of creation.
        seller_orders(seller: OrganizationId, status: &Open<OrderStatus>, at: Timestamp, id: OrderId): Gsi4
            "SELLER_ORDERS#{seller}#{status}" / "{at}#{id}", of ["ORDER#"], query by ["orders-api"];

        /// All products with offers, for operators. Up to 1,000 products a second
        /// that change their variants.
        offered_products(id: ProductId): Gsi1 "OFFERED_PRODUCTS" / "{id}", of ["OFFERS_OF#"], query by [];

        /// Reserved orders by the end of the reservation.
        orders_by_expiry(shard: u8, until: Timestamp, id: OrderId): Gsi3 "EXPIRY#{shard}" / "{until}#{id}",
            of ["ORDER#"], query by ["orders-sweeper"];

        /// All organisations by time of creation. A partition takes 1,000 writes a second:
        /// beyond that the lists of all organisations must be sharded.
        organizations(status: &Open<OrganizationStatus>, id: OrganizationId): Gsi1 "ORGANIZATIONS#{status}" / "{id}",
            of ["ORG#"], query by ["organizations-api"];

        /// All organisations by each suffix of their names that begins with a word, folded
        /// for searches.
        organizations_by_words(status: &Open<OrganizationStatus>, words: &str, id: OrganizationId): Gsi2
            "ORGANIZATIONS_BY_WORDS#{status}" / "{words}#{id}", of ["ORG#"], query by ["organizations-api"];

        /// Memberships of an account, those with the highest role first.
        memberships_of(user: UserId, rank: usize, organization: OrganizationId): Gsi1
            "MEMBERSHIPS_OF#{user}" / "{rank}#{organization}", of ["MEMBER#"],
            query by ["organizations-api", "organizations-consumer"];

        /// Members of an organisation, the owners first, then by time of joining.
        members_by_role(organization: OrganizationId, rank: usize, id: MembershipId): Gsi2
            "MEMBERS#{organization}" / "{rank}#{id}", of ["MEMBER#"], query by ["organizations-api"];

        /// Members of an organisation who are shown to everyone.
        public_members(organization: OrganizationId, rank: usize, id: MembershipId): Gsi3
            "PUBLIC_MEMBERS#{organization}" / "{rank}#{id}", of ["MEMBER#"], query by ["organizations-api"];

        /// Invitations of an organisation by time.
        invitations_of(organization: OrganizationId, status: &Open<InvitationStatus>, at: Timestamp, id: InvitationId): Gsi1
            "INVITATIONS#{organization}#{status}" / "{at}#{id}", of ["INVITATION#"],
            query by ["organizations-api", "organizations-consumer"];

        /// Pending invitations of an address by time.
        invitations_for(address_mac: &str, at: Timestamp, id: InvitationId): Gsi2
            "INVITATIONS_FOR#{address_mac}" / "{at}#{id}", of ["INVITATION#"], query by ["organizations-api"];

        /// Events of an organizer by time of creation.
        events_of(organizer: &Organizer, status: &Open<EventStatus>, id: EventId): Gsi1
            "EVENTS_OF#{organizer}#{status}" / "{id}", of ["EVENT#"], query by ["events-api", "events-consumer"];

        /// All events by time of creation. A partition takes 1,000 writes a second: beyond
        /// that the lists of all events must be sharded.
        events_by_status(status: &Open<EventStatus>, id: EventId): Gsi2 "EVENTS#{status}" / "{id}",
            of ["EVENT#"], query by ["events-api"];

        /// Events by the account that created them, read when it is deleted.
        event_made_by(user: UserId, id: EventId): Gsi4 "EVENT_MADE_BY#{user}" / "{id}",
            of ["EVENT#"], query by ["events-consumer"];

        /// Events that end by themselves, by the time at which the sweeper looks at them.
        events_by_due(shard: u8, at: Timestamp, id: EventId): Gsi3 "EVENTS_DUE#{shard}" / "{at}#{id}",
            of ["EVENT#"], query by ["events-sweeper"];

        /// Stock at or below the low-stock threshold.
        low_stock(sku: &str): Gsi4 "LOW_STOCK" / "{sku}",
            of ["OFFER#"], query by ["orders-api"];
    }
}
