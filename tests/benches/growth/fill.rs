//! A platform filled with products, categories, orders and organisations: the tree by
//! entries of its log, a thousand categories each, the products by imports, the orders one
//! by one, the organisations and members by their items.

mod organizations;

use std::fmt::Write as _;

use axum::body::Body;
use catalog::tree::{Rank, Tree, TreeChange, TreeKeeper, TreeLogEntry};
use http::{Method, Request, header, request};
use http_body_util::BodyExt as _;
use local::platform::Platform;
use serde_json::{Value, json};
use shared::{
    Context,
    clock::Clock,
    id::{CategoryId, Ids, OrganizationId},
    identity::{
        accounts::NewAccount,
        password::{HashCost, Password},
    },
    journal::Folded,
    random::Random,
    table::Table,
    telemetry::Log,
    text::{Slug, Title},
    vocabulary::{CategoryStatus, Role},
};

use crate::harness::client::sdk_config;

const EMAIL: &str = "chief@example.com";
const PASSWORD: &str = "wooden lighthouse over the bay";

/// Categories with products below `wide`: more than are merged.
const WIDE: usize = 100;

/// Categories with products below `narrow`: few enough to be merged.
const NARROW: usize = 10;

/// Number of children of each other category.
const FAN: usize = 10;

/// Changes in an entry of the log: an item has 400 KB at most.
const CHANGES: usize = 1_000;

/// Rows of an import, which has 4 MB at most.
const ROWS: usize = 20_000;

/// Orders with one token, which expires after ten minutes.
const ORDERS_A_TOKEN: usize = 5_000;

/// The data of a filled platform.
pub struct Filled {
    pub token: String,
    wide: CategoryId,
    narrow: CategoryId,
    shelf: CategoryId,
    deep: CategoryId,
    buyer: String,
    organization: OrganizationId,
}

impl Filled {
    /// Placeholders in paths, with their values.
    pub fn ids(&self) -> impl Iterator<Item = (&'static str, String)> {
        let Self { wide, narrow, shelf, deep, .. } = *self;
        let categories = [("{wide}", wide), ("{narrow}", narrow), ("{shelf}", shelf), ("{deep}", deep)];
        let categories = categories.map(|(name, id)| (name, id.to_string()));
        let organization = ("{organization}", self.organization.to_string());
        categories.into_iter().chain([("{buyer}", self.buyer.clone()), organization])
    }
}

/// Creates `size` products, categories and orders.
pub async fn fill(platform: &Platform, size: usize) -> Filled {
    create_administrator(platform).await;
    let context = context();
    let table = platform.stack().table.name.clone();
    let table = Table::new(&sdk_config(platform), table, context.clone());
    let [wide, narrow, shelf, above] = plant(&table, &context, size).await;
    let numbers: Vec<usize> = (0..size).collect();
    for numbers in numbers.chunks(ROWS) {
        import(platform, numbers).await;
    }
    let buyer = order(platform, size).await;
    let organization = organizations::found(&table, &context, size, buyer.parse().unwrap()).await;
    let token = log_in(platform).await;
    let body = json!({ "name": "Deep", "parent_id": above }).to_string();
    let deep = request(Method::POST, "/api/v1/categories", &token, "application/json");
    let deep = json(platform, deep.body(Body::from(body)).unwrap()).await;
    let deep = deep["id"].as_str().unwrap().parse().unwrap();
    Filled { token, wide, narrow, shelf, deep, buyer, organization }
}

async fn create_administrator(platform: &Platform) {
    let cost = HashCost { memory_kib: 64, iterations: 1, parallelism: 1 };
    let password = Password::parse(PASSWORD.to_owned(), &[]).unwrap();
    let account = NewAccount {
        role: Role::Admin,
        email_verified: true,
        password_hash: Some(cost.hash(password, &Random::system()).await.unwrap()),
        ..NewAccount::confirmed(EMAIL.parse().unwrap())
    };
    platform.operator().accounts().await.unwrap().create(account).await.unwrap();
}

fn context() -> Context {
    Context {
        function: "tests",
        stage: "local".to_owned(),
        ids: Ids::new(Clock::system(), Random::system()),
        clock: Clock::system(),
        random: Random::system(),
        log: Log::from_fn(|_| {}),
    }
}

/// Creates the tree without the categories' items; returns the categories of the
/// requests, and one far from the top.
async fn plant(table: &Table, context: &Context, size: usize) -> [CategoryId; 4] {
    let mut changes = Vec::new();
    let mut add = |name: String, parent: Option<CategoryId>, last: &mut Option<Rank>| {
        let (id, rank) = (context.ids.next(), Rank::between(last.as_ref(), None));
        *last = Some(rank.clone());
        let slug = Slug::parse(&name).unwrap();
        let (name, status) = (Title::parse(&name).unwrap(), CategoryStatus::Active.into());
        changes.push(TreeChange::Create { id, parent, rank, name, slug, status });
        id
    };
    let mut tops = None;
    let wide = add("wide".to_owned(), None, &mut tops);
    let narrow = add("narrow".to_owned(), None, &mut tops);
    let mut last = None;
    let shelves: Vec<_> =
        (0..WIDE).map(|number| add(format!("shelf-{number}"), Some(wide), &mut last)).collect();
    let mut last = None;
    for number in 0..NARROW {
        add(format!("pick-{number}"), Some(narrow), &mut last);
    }
    // The other categories: the number of each parent is a tenth of its own.
    let mut others: Vec<(CategoryId, Option<Rank>)> = Vec::new();
    for number in 0..size {
        let name = format!("other-{number}");
        let id = match others.get_mut((number.max(1) - 1) / FAN) {
            Some((parent, last)) => add(name, Some(*parent), last),
            None => add(name, None, &mut tops),
        };
        others.push((id, None));
    }
    let mut tree = Folded::<Tree>::default();
    let operation = catalog::OPERATIONS.iter().find(|it| it.name == "catalog.create_category").unwrap();
    for changes in changes.chunks(CHANGES) {
        let entry = TreeLogEntry::after(&tree, changes).unwrap();
        table.operation(operation).put_new(&entry, Vec::new()).await.unwrap();
        tree.apply(&entry).unwrap();
    }
    TreeKeeper::new(table.clone(), context.clone()).save_when_due(1).await.unwrap();
    [wide, narrow, shelves[7], others[others.len() / 2].0]
}

/// Each product is on a shelf, and every tenth is picked.
async fn import(platform: &Platform, numbers: &[usize]) {
    let token = log_in(platform).await;
    let mut rows = String::from("sku,title,price,currency,categories,attributes.brand\n");
    for number in numbers {
        let kind = if number.is_multiple_of(20) {
            "Xamsung Xmartphone"
        } else {
            ["Tea", "Coffee", "Cup", "Pot"][number % 4]
        };
        let shelf = number % WIDE;
        let pick = if number.is_multiple_of(10) {
            format!("|narrow/pick-{}", number / 10 % NARROW)
        } else {
            String::new()
        };
        let price = 100 + number % 9_973;
        // Writing to a String cannot fail.
        let _ = writeln!(
            rows,
            "S-{number:06},{kind} {number},{price},EUR,wide/shelf-{shelf}{pick},Brand {}",
            number % 50
        );
    }
    let upload = request(Method::POST, "/api/v1/products/import", &token, "text/csv");
    let response = platform.request(upload.body(Body::from(rows)).unwrap()).await;
    let begun = response.headers()[header::LOCATION].to_str().unwrap().to_owned();
    platform.settle().await;
    let token = log_in(platform).await;
    let report = request(Method::GET, &begun, &token, "text/plain");
    let report = json(platform, report.body(Body::empty()).unwrap()).await;
    // A chunk that was too slow is delivered again, and finds its products.
    let made = report["created"].as_u64().unwrap() + report["unchanged"].as_u64().unwrap();
    assert_eq!((&report["status"], &json!(made)), (&json!("done"), &json!(numbers.len())), "{report}");
}

/// Orders the first product `count` times; returns the id of the customer.
async fn order(platform: &Platform, count: usize) -> String {
    let mut token = log_in(platform).await;
    let post = async |path: &str, token: &str, key: &str, body: Value| {
        let request = request(Method::POST, path, token, "application/json").header("idempotency-key", key);
        json(platform, request.body(Body::from(body.to_string())).unwrap()).await
    };
    let stock = json!({ "change": count, "reason": "Counted" });
    post("/api/v1/stock/S-000000", &token, "stock", stock).await;
    let mut order = Value::Null;
    for number in 0..count {
        if number % ORDERS_A_TOKEN == 0 {
            token = log_in(platform).await;
        }
        let body = json!({ "lines": [{ "sku": "S-000000", "quantity": 1 }] });
        order = post("/api/v1/orders", &token, &number.to_string(), body).await;
        assert_eq!(order["status"], "reserved", "{order}");
        // An account may not hold them all.
        let path = format!("/api/v1/orders/{}/confirm", order["id"].as_str().unwrap());
        order = post(&path, &token, &number.to_string(), json!({})).await;
        assert_eq!(order["status"], "confirmed", "{order}");
    }
    platform.settle().await;
    order["user_id"].as_str().unwrap().to_owned()
}

/// A request with a token, without a body.
pub fn request(method: Method, path: &str, token: &str, content_type: &str) -> request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, content_type)
}

async fn log_in(platform: &Platform) -> String {
    let body = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
    let request = Request::post("/api/v1/auth/login").header(header::CONTENT_TYPE, "application/json");
    let reply = json(platform, request.body(Body::from(body)).unwrap()).await;
    reply["access_token"].as_str().unwrap().to_owned()
}

async fn json(platform: &Platform, request: Request<Body>) -> Value {
    let bytes = platform.request(request).await.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}
