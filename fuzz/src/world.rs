//! A platform with every group, a caller for each operation, and a resource for each
//! parameter of a path.

use std::{cell::RefCell, collections::BTreeMap};

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use local::{
    operator::Operator,
    platform::{Options, Platform},
};
use serde_json::{Value, json};
use shared::clock::{Clock, Timestamp};

use super::{
    NOW,
    operation::{Caller, Operation},
    parameters::{Api, Parameters, People},
    random,
};

const PASSWORD: &str = "correct horse battery staple";

/// Number of requests after which the platform is replaced: its data stay in memory.
const REQUESTS: u32 = 20_000;

/// The platform under test.
pub struct World {
    platform: Platform,
    people: People,
    things: BTreeMap<String, String>,
    come: u32,
    asked: u32,
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
}

/// Passes the current world to `ask`, and keeps it afterwards.
pub async fn within<T>(ask: impl AsyncFnOnce(&mut World) -> T) -> T {
    let known = WORLD.take().filter(|world| world.asked < REQUESTS);
    let mut world = match known {
        Some(world) => world,
        None => Box::pin(World::new()).await,
    };
    world.asked += 1;
    let answer = ask(&mut world).await;
    WORLD.set(Some(world));
    answer
}

impl World {
    async fn new() -> Self {
        let mut options = Options::memory().expect("a template");
        for function in ["AuthApi", "UsersApi"] {
            // Cheap hashes, which are not under test.
            let variables = &mut options.template.value["Resources"][function]["Properties"]["Environment"];
            variables["Variables"]["PASSWORD_COST"] = "m=8,t=1,p=1".into();
        }
        options.clock = Clock::from_fn(|| Timestamp::from_millis(NOW * 1000));
        options.random = random();
        let platform = Box::pin(Platform::start(options)).await.expect("starts");
        let mut world =
            Self { platform, people: People::default(), things: BTreeMap::new(), come: 0, asked: 0 };
        Box::pin(world.people_come()).await;
        world
    }

    /// Answers a request as the gateway does.
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.platform.request(request).await
    }

    /// The token of a kind of caller.
    pub fn token(&self, caller: Caller) -> Option<&str> {
        self.people.token(caller)
    }

    /// The resource for a parameter of a path, which exists as far as is known.
    pub async fn thing(&mut self, parameter: &str) -> String {
        if let Some(known) = self.things.get(parameter) {
            return known.clone();
        }
        if !self.are_there().await {
            Box::pin(self.people_come()).await;
        }
        let made = Box::pin(Parameters { api: &self.platform, people: &self.people }.make(parameter)).await;
        self.things.insert(parameter.to_owned(), made.clone());
        made
    }

    /// Replaces users and resources that a reply to a permitted request shows to be
    /// missing.
    pub async fn learn(&mut self, operation: &Operation, status: u16) {
        if operation.caller() != Caller::Anyone && [401, 403].contains(&status) && !self.are_there().await {
            Box::pin(self.people_come()).await;
        }
        if status == 404 {
            operation.parameters().for_each(|name| drop(self.things.remove(name)));
        }
    }

    async fn are_there(&self) -> bool {
        let is = async |caller, path: &str| {
            let token = self.token(caller).unwrap_or_default();
            let request = Request::get(path).header("authorization", format!("Bearer {token}"));
            self.platform.ask(request.body(String::new()).expect("a request")).await.0 == 200
        };
        is(Caller::User, "/api/v1/auth/me").await && is(Caller::Administrator, "/api/v1/users?limit=1").await
    }

    async fn people_come(&mut self) {
        self.come += 1;
        let email = |name: &str| format!("{name}{}@example.com", self.come);
        let owner = self.account("register", &email("ada")).await;
        self.account("register", &email("root")).await;
        let operator: &Operator = self.platform.operator();
        let accounts = operator.accounts().await.expect("accounts");
        accounts.grant_administrator(&email("root").parse().expect("an address")).await.expect("grants");
        let administrator = self.account("login", &email("root")).await;
        self.people = People { owner, administrator, password: PASSWORD, ..People::default() };
        self.things.clear();
        // Created at once: an input may use up the one export of a day.
        Box::pin(self.thing("export_id")).await;
    }

    async fn account(&self, path: &str, email: &str) -> Value {
        let request =
            Request::post(format!("/api/v1/auth/{path}")).header("content-type", "application/json");
        let body = json!({ "email": email, "password": PASSWORD }).to_string();
        let (status, _, tokens) = self.platform.ask(request.body(body).expect("a request")).await;
        assert!(status < 300, "{path} answers {status}: {tokens}");
        tokens
    }
}

impl Api for Platform {
    async fn ask(&self, request: Request<String>) -> (u16, String, Value) {
        let (parts, body) = self.request(request.map(Body::from)).await.into_parts();
        let location = parts.headers.get("location").and_then(|value| value.to_str().ok());
        let bytes = body.collect().await.expect("whole").to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        (parts.status.as_u16(), location.unwrap_or_default().to_owned(), body)
    }

    async fn settle(&self) {
        Platform::settle(self).await;
    }
}
