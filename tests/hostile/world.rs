//! Somebody for every operation to be called by, and something for every path to
//! name. An attack may end sessions, delete accounts and things: then others are
//! made.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value, json};

use crate::harness::{
    App, PASSWORD,
    document::sell_what_examples_order,
    operation::{Caller, Operation},
    parameters::{Parameters, People},
};

/// What there is on a platform under attack.
#[derive(Debug, Default)]
pub struct World(RefCell<State>);

#[derive(Debug, Default)]
struct State {
    people: People,
    come: u32,
    /// By the name of the parameter.
    things: BTreeMap<String, String>,
}

impl World {
    /// People, and the goods that the examples of orders name.
    pub async fn new(app: &App) -> Self {
        let world = Self::default();
        world.people_come(app).await;
        sell_what_examples_order(app, &world.token(Caller::Administrator).unwrap()).await;
        world
    }

    /// The token of one who may call.
    pub fn token(&self, caller: Caller) -> Option<String> {
        self.0.borrow().people.token(caller).map(str::to_owned)
    }

    /// The people of now.
    pub fn people(&self) -> People {
        self.0.borrow().people.clone()
    }

    /// What a parameter of a path names: a thing that is there, as far as is known.
    pub async fn thing(&self, app: &App, parameter: &str) -> String {
        if let Some(known) = self.0.borrow().things.get(parameter) {
            return known.clone();
        }
        if !self.are_there(app).await {
            self.people_come(app).await;
        }
        let people = self.people();
        let made = Box::pin(Parameters { api: app, people: &people }.make(parameter)).await;
        self.0.borrow_mut().things.insert(parameter.to_owned(), made.clone());
        made
    }

    /// Learns from an answer to a request that named what is there, with a token
    /// that is good.
    pub async fn learn(&self, app: &App, operation: &Operation, status: u16) {
        let wanted = operation.caller() != Caller::Anyone;
        if wanted && (status == 401 || status == 403) && !self.are_there(app).await {
            self.people_come(app).await;
        }
        if status == 404 {
            let mut state = self.0.borrow_mut();
            for parameter in operation.parameters() {
                state.things.remove(parameter);
            }
        }
    }

    async fn are_there(&self, app: &App) -> bool {
        let People { owner, administrator, .. } = self.people();
        let is = async |person: &Value, path: &str| {
            let token = person["access_token"].as_str().unwrap_or_default();
            app.get_as(token, path).await.status == 200
        };
        is(&owner, "/api/v1/auth/me").await && is(&administrator, "/api/v1/users?limit=1").await
    }

    async fn people_come(&self, app: &App) {
        let number = {
            let mut state = self.0.borrow_mut();
            state.come += 1;
            state.come
        };
        let owner = app.register_as(&format!("person{number}-marker@example.com")).await;
        let administrator = app.administrator(&format!("root{number}-marker@example.com")).await;
        let people = People { owner, administrator, password: PASSWORD, ..People::default() };
        // Now: an attack may use up the one export of a day.
        let export = Box::pin(Parameters { api: app, people: &people }.make("export_id")).await;
        let mut state = self.0.borrow_mut();
        state.people = people;
        state.things = BTreeMap::from([("export_id".to_owned(), export)]);
    }

    /// An example in which what people sign in with is the owner's.
    pub fn body(&self, example: &Value) -> Value {
        let email = self.0.borrow().people.owner["user"]["email"].clone();
        let mut body = example.clone();
        for (name, value) in body.as_object_mut().into_iter().flatten() {
            match name.as_str() {
                "email" => *value = email.clone(),
                "password" | "current_password" | "new_password" => *value = json!(PASSWORD),
                _ => {}
            }
        }
        body
    }
}
