//! A caller for every operation, and a resource for every path. An attack may end
//! sessions, delete accounts and resources, which are then replaced.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value, json};

use crate::harness::{
    App, PASSWORD,
    document::sell_what_examples_order,
    operation::{Caller, Operation},
    parameters::{Parameters, People},
};

/// State of a platform under attack.
#[derive(Debug, Default)]
pub struct World(RefCell<State>);

#[derive(Debug, Default)]
struct State {
    people: People,
    come: u32,
    /// Resources by the name of the parameter.
    things: BTreeMap<String, String>,
}

impl World {
    /// Creates users, and the product in the examples of orders.
    pub async fn new(app: &App) -> Self {
        let world = Self::default();
        world.people_come(app).await;
        sell_what_examples_order(app, &world.token(Caller::Administrator).unwrap()).await;
        world
    }

    /// The token of a kind of caller.
    pub fn token(&self, caller: Caller) -> Option<String> {
        self.0.borrow().people.token(caller).map(str::to_owned)
    }

    /// The current users.
    pub fn people(&self) -> People {
        self.0.borrow().people.clone()
    }

    /// The resource for a parameter of a path, which exists as far as is known.
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

    /// Replaces users and resources that a reply to a request with a valid token
    /// shows to be missing.
    pub async fn learn(&self, app: &App, operation: &Operation, status: u16) {
        let wanted = operation.caller() != Caller::Anyone;
        if wanted && (status == 401 || status == 403) && !self.are_there(app).await {
            self.people_come(app).await;
        }
        if status == 404 {
            let mut state = self.0.borrow_mut();
            for (_, thing) in operation.things() {
                state.things.remove(thing);
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
        let email = format!("person{number}-marker@example.com");
        let _ = app.register_as(&email).await;
        // Invitations are listed for a verified address only.
        app.confirm_email(&email).await;
        let owner = app.log_in(&email).await;
        let administrator = app.administrator(&format!("root{number}-marker@example.com")).await;
        let people = People { owner, administrator, password: PASSWORD, ..People::default() };
        // Created at once: an attack may use up the one export of a day.
        let export = Box::pin(Parameters { api: app, people: &people }.make("export_id")).await;
        let mut state = self.0.borrow_mut();
        state.people = people;
        state.things = BTreeMap::from([("export_id".to_owned(), export)]);
    }

    /// The example with the owner's credentials.
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
