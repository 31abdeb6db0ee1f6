//! Resources that the parameters of paths name: the one place that creates each kind.
//! The matrix, the hostile suites and the fuzz targets reach every operation with it.
//! Each resource is created with two of everything that is listed below it, so that
//! its lists have a second page.
//!
//! To support a parameter, add its line to [`Parameters::make`]; the suites fail
//! until that is done.

use std::sync::{Arc, OnceLock};

use http::{Method, Request, header};
use serde_json::{Value, json};

use super::operation::{Caller, Operation};

/// Client of a platform.
pub trait Api {
    /// Sends a request; returns the status, the `Location` and the JSON body of the
    /// reply.
    async fn ask(&self, request: Request<String>) -> (u16, String, Value);

    /// Waits until every event has been delivered.
    async fn settle(&self);
}

/// Token replies of two users: the owner of the resources, and an administrator.
#[derive(Debug, Clone, Default)]
pub struct People {
    pub owner: Value,
    pub administrator: Value,
    /// Password of both.
    pub password: &'static str,
    /// Location of the owner's export: an account has one a day.
    pub export: Arc<OnceLock<String>>,
}

impl People {
    /// Access token of a kind of caller.
    pub fn token(&self, caller: Caller) -> Option<&str> {
        match caller {
            Caller::Anyone => None,
            Caller::User => Some(text(&self.owner, "access_token")),
            Caller::Administrator => Some(text(&self.administrator, "access_token")),
        }
    }
}

/// Resources named in paths, created when they are needed.
pub struct Parameters<'a, A> {
    pub api: &'a A,
    pub people: &'a People,
}

impl<A: Api> Parameters<'_, A> {
    /// The path of an operation, with new resources.
    pub async fn path(&self, operation: &Operation) -> String {
        let mut path = operation.path.clone();
        for (name, thing) in operation.things() {
            // Boxed: the futures of the callers are large themselves.
            path = path.replace(&format!("{{{name}}}"), &Box::pin(self.make(thing)).await);
        }
        path
    }

    /// Creates a resource, the owner's or an administrator's, and returns its id or
    /// name.
    ///
    /// # Panics
    ///
    /// If the parameter has no line here.
    pub async fn make(&self, parameter: &str) -> String {
        match parameter {
            "user_id" | "member_id" => text(&self.people.owner["user"], "id").to_owned(),
            "session_id" => {
                let list =
                    async || self.call(Caller::User, Method::GET, "/api/v1/auth/sessions", None).await.2;
                let mut sessions = list().await;
                if sessions["data"].as_array().unwrap().len() < 2 {
                    let email = &self.people.owner["user"]["email"];
                    let body = json!({ "email": email, "password": self.people.password });
                    self.call(Caller::Anyone, Method::POST, "/api/v1/auth/login", Some(body)).await;
                    sessions = list().await;
                }
                let sessions = sessions["data"].as_array().unwrap();
                // A session other than the caller's, if there is one.
                let session = sessions.iter().min_by_key(|session| session["current"] == true);
                text(session.unwrap(), "id").to_owned()
            }
            "export_id" => self.export().await,
            "product_id" => text(&self.product(None).await, "id").to_owned(),
            "slug" => text(&self.product(None).await, "slug").to_owned(),
            "category_id" => self.category().await,
            "import_id" => self.import().await,
            "sku" => self.sku().await,
            "order_id" => self.order().await,
            "organization_id" => self.organizations(Caller::User).await.swap_remove(0),
            "organization_slug" => {
                let path = format!("/api/v1/organizations/{}", self.organizations(Caller::User).await[0]);
                text(&self.call(Caller::User, Method::GET, &path, None).await.2, "slug").to_owned()
            }
            "invitation_id" => self.invitation().await,
            "invitation_of_organization" => {
                let organization = self.organizations(Caller::User).await.swap_remove(0);
                let path = format!("/api/v1/organizations/{organization}/invitations");
                let body = json!({ "email": "mint-marker@example.com", "role": "viewer" });
                let made = self.call(Caller::User, Method::POST, &path, Some(body)).await.2;
                text(&made, "id").to_owned()
            }
            "event_id" => self.event().await,
            "event_slug" => {
                let path = format!("/api/v1/events/{}/publish", self.event().await);
                text(&self.call(Caller::User, Method::POST, &path, None).await.2, "slug").to_owned()
            }
            "occurrence_key" => "2026-03-10".to_owned(),
            other => {
                panic!("no suite can name a {{{other}}}: say in tests/harness/parameters.rs how one is made")
            }
        }
    }

    async fn export(&self) -> String {
        if let Some(export) = self.people.export.get() {
            return export.clone();
        }
        let (_, location, _) = self.call(Caller::User, Method::POST, "/api/v1/users/me/export", None).await;
        self.api.settle().await;
        let export = location.rsplit('/').next().unwrap_or_default().to_owned();
        self.people.export.get_or_init(|| export).clone()
    }

    async fn category(&self) -> String {
        let category = self.administrator("/api/v1/categories", json!({ "name": "Herbs" })).await;
        let id = text(&category, "id");
        for name in ["Mint", "Sage"] {
            self.administrator("/api/v1/categories", json!({ "name": name, "parent_id": id })).await;
            self.product(Some(id)).await;
        }
        id.to_owned()
    }

    /// Creates a product; its SKU is its id.
    async fn product(&self, category: Option<&str>) -> Value {
        let price = json!({ "amount": 300, "currency": "EUR" });
        let categories: Vec<&str> = category.into_iter().collect();
        let body = json!({ "title": "Mint", "price": price, "category_ids": categories });
        self.administrator("/api/v1/products", body).await
    }

    /// Creates a SKU with low stock and two stock adjustments.
    async fn sku(&self) -> String {
        let sku = text(&self.product(None).await, "sku").to_owned();
        self.api.settle().await;
        let path = format!("/api/v1/stock/{sku}");
        for change in [1, 2] {
            let body = json!({ "change": change, "reason": "Counted" });
            self.keyed(Caller::Administrator, &path, &format!("{sku}-{change}"), body).await;
        }
        sku
    }

    async fn order(&self) -> String {
        let sku = self.sku().await;
        let order = json!({ "sku": sku, "quantity": 1 });
        text(&self.keyed(Caller::User, "/api/v1/orders", &sku, order).await, "id").to_owned()
    }

    /// Active organisations that a person has created: two, because an account may own ten.
    /// The administrator is an owner of each too, and each has two invitations.
    async fn organizations(&self, founder: Caller) -> Vec<String> {
        let name = if founder == Caller::User { "Herb Society" } else { "Spice Society" };
        let mine = "/api/v1/organizations/mine?limit=100";
        loop {
            let mine = self.call(founder, Method::GET, mine, None).await.2;
            let mine = mine["data"].as_array().unwrap().iter();
            let mine = mine.filter(|found| found["name"] == name && found["status"] == "active");
            let ids: Vec<String> = mine.map(|found| text(found, "id").to_owned()).collect();
            if ids.len() >= 2 {
                return ids;
            }
            let body = Some(json!({ "name": name }));
            let made = self.call(founder, Method::POST, "/api/v1/organizations", body).await.2;
            let path = format!("/api/v1/organizations/{}", text(&made, "id"));
            let administrator = json!({ "user_id": self.people.administrator["user"]["id"] });
            let appoint = format!("{path}/appoint");
            self.call(Caller::Administrator, Method::POST, &appoint, Some(administrator)).await;
            for email in ["mint-marker@example.com", "sage-marker@example.com"] {
                let body = json!({ "email": email, "role": "viewer" });
                self.call(founder, Method::POST, &format!("{path}/invitations"), Some(body)).await;
            }
            for _ in 0..2 {
                let mut event = herb_walk();
                event["organizer"] = made["id"].clone();
                let event = self.call(founder, Method::POST, "/api/v1/events", Some(event)).await.2;
                let publish = format!("/api/v1/events/{}/publish", text(&event, "id"));
                self.call(founder, Method::POST, &publish, None).await;
            }
        }
    }

    /// Creates a draft of the owner.
    async fn event(&self) -> String {
        let made = self.call(Caller::User, Method::POST, "/api/v1/events", Some(herb_walk())).await.2;
        text(&made, "id").to_owned()
    }

    /// Invitations of the owner to the organisations of the administrator; returns the first.
    async fn invitation(&self) -> String {
        let mut made = Vec::new();
        for organization in self.organizations(Caller::Administrator).await {
            let path = format!("/api/v1/organizations/{organization}/invitations");
            let body = json!({ "email": self.people.owner["user"]["email"], "role": "viewer" });
            let invitation = self.call(Caller::Administrator, Method::POST, &path, Some(body)).await.2;
            made.push(text(&invitation, "id").to_owned());
        }
        made.swap_remove(0)
    }

    async fn import(&self) -> String {
        let request = Request::post("/api/v1/products/import").header(header::CONTENT_TYPE, "text/csv");
        let body = "sku,title,price,currency\nM-1,Mint,300,EUR\n".to_owned();
        let (_, _, import) = self.send(Caller::Administrator, request, body).await;
        text(&import, "id").to_owned()
    }

    /// Creates a resource as the administrator.
    async fn administrator(&self, path: &str, body: Value) -> Value {
        self.call(Caller::Administrator, Method::POST, path, Some(body)).await.2
    }

    async fn keyed(&self, caller: Caller, path: &str, key: &str, body: Value) -> Value {
        let request = Request::post(path).header("idempotency-key", key);
        self.send(caller, request.header(header::CONTENT_TYPE, "application/json"), body.to_string()).await.2
    }

    async fn call(
        &self,
        caller: Caller,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, String, Value) {
        let mut request = Request::builder().method(method).uri(path);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.send(caller, request, body.map(|body| body.to_string()).unwrap_or_default()).await
    }

    /// Sends a request that has to succeed.
    async fn send(
        &self,
        caller: Caller,
        request: http::request::Builder,
        body: String,
    ) -> (u16, String, Value) {
        let token = self.people.token(caller).unwrap_or_default();
        let request = request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(body).unwrap();
        let what = format!("{} {}", request.method(), request.uri());
        let (status, location, body) = self.api.ask(request).await;
        assert!(status < 300, "{what} answers {status}: {body}");
        (status, location, body)
    }
}

/// Text field of an object.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// A weekly series with a place.
fn herb_walk() -> Value {
    let part = json!({
        "start": "2026-03-03T19:00", "duration": "PT2H", "rule": "FREQ=WEEKLY;BYDAY=TU", "count": 20,
    });
    json!({
        "title": "Herb walk",
        "schedule": { "time_zone": "Europe/Berlin", "parts": [part] },
        "venue": { "city": "Berlin", "country": "DE" },
    })
}
