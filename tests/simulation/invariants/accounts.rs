//! Invariants of accounts.

use std::collections::BTreeMap;

use serde_json::json;
use shared::{
    id::UserId,
    identity::{AddressKey, Login, User},
    secrets::Secrets,
    vocabulary::Status,
};

use super::{
    super::{
        client::Ask,
        ledger::{Account, Sure},
        platform::Platform,
    },
    Aftermath, Faults,
};
use crate::seeded;

async fn address_key(platform: &Platform) -> AddressKey {
    let path = "/agora/local/".to_owned();
    let secrets = Secrets::new(&platform.sdk_config("tests"), path, seeded::random(0));
    let [key] = secrets.read_or_create([AddressKey::SECRET]).await.unwrap();
    AddressKey::from_secret(&key).unwrap()
}

fn users(aftermath: &Aftermath<'_>) -> BTreeMap<UserId, User> {
    aftermath.entities::<User>("user").into_values().map(|user| (user.id, user)).collect()
}

/// Every account has the login of its address, and no other login exists.
pub async fn an_address_has_one_login_or_none(aftermath: &Aftermath<'_>) -> Faults {
    let key = address_key(aftermath.platform).await;
    let logins = aftermath.entities::<Login>("login");
    let mut faults = Faults::new();
    for (id, user) in users(aftermath) {
        let mac = key.mailbox(&user.email);
        let of_user = logins.values().filter(|login| login.user_id == id).collect::<Vec<_>>();
        if of_user.len() != 1 || of_user[0].address_mac != mac {
            faults.push(format!("{id} has {} logins, or one of another address", of_user.len()));
        }
    }
    let users = users(aftermath);
    let orphans = logins.values().filter(|login| !users.contains_key(&login.user_id));
    faults.extend(orphans.map(|login| format!("a login of {}, who is not there", login.user_id)));
    faults
}

pub async fn an_administrator_is_left(aftermath: &Aftermath<'_>) -> Faults {
    let active = users(aftermath).values().filter(|user| user.is_active_administrator()).count();
    let counted = aftermath.items("administrators").map(|item| item["count"].clone()).next();
    let right = active >= 1 && counted == Some(json!(active));
    if right { Faults::new() } else { vec![format!("{active} administrators, counted as {counted:?}")] }
}

/// An account is deleted if its deletion was acknowledged, and exists if no deletion
/// was requested.
pub async fn deleted_accounts_are_gone(aftermath: &Aftermath<'_>) -> Faults {
    let users = users(aftermath);
    let ledger = aftermath.platform.ledger();
    let wrong = ledger.accounts.iter().filter(|account| {
        let there = users.contains_key(&account.user_id.parse().unwrap());
        match account.deleted {
            Sure::No => !there,
            Sure::Maybe => false,
            Sure::Yes => there,
        }
    });
    wrong.map(|account| format!("{} is deleted for {:?}", account.user_id, account.deleted)).collect()
}

/// Requests in flight during a deletion leave no session and no export.
pub async fn nothing_of_deleted_accounts_is_left(aftermath: &Aftermath<'_>) -> Faults {
    let users = users(aftermath);
    let kinds = ["session", "export_job", "export_part"];
    let items = kinds.into_iter().flat_map(|kind| aftermath.items(kind));
    let left = items.filter(|item| !users.contains_key(&item["user_id"].as_str().unwrap().parse().unwrap()));
    left.map(|item| format!("{} {} is left of a deleted account", item["pk"], item["sk"])).collect()
}

/// An export that was promised is written by every group.
pub async fn exports_are_whole(aftermath: &Aftermath<'_>) -> Faults {
    let users = users(aftermath);
    let ledger = aftermath.platform.ledger();
    let wrong = ledger.exports.iter().filter(|(account, location)| {
        // The exports of a deleted account are deleted with it.
        if !users.contains_key(&ledger.accounts[*account].user_id.parse().unwrap()) {
            return false;
        }
        let id = location.rsplit('/').next().unwrap();
        let done =
            aftermath.items("export_job").any(|job| job["export_id"] == id && job["done"]["users"] == true);
        !done
    });
    wrong.map(|(_, location)| format!("{location} is not done")).collect()
}

/// The owner of an acknowledged account can log in, unless it was deleted or blocked.
pub async fn acknowledged_accounts_log_in(aftermath: &Aftermath<'_>) -> Faults {
    let users = users(aftermath);
    let accounts: Vec<Account> = std::mem::take(&mut aftermath.platform.ledger().accounts);
    let mut faults = Faults::new();
    for account in &accounts {
        let Some(user) = users.get(&account.user_id.parse().unwrap()) else { continue };
        if !account.emails.iter().any(|email| email == user.email.as_str()) {
            faults.push(format!("{} has an address that it was not given", account.user_id));
        }
        let wanted = if user.status == Status::Blocked { 403 } else { 200 };
        let mut answers = Vec::new();
        for password in &account.passwords {
            let body = json!({ "email": user.email, "password": password });
            let answer = Ask::post("/api/v1/auth/login", body).ask(aftermath.platform, 0, None).await;
            answers.push(answer.unwrap().status);
        }
        let good = answers.iter().filter(|status| **status == wanted).count();
        // Too many wrong attempts delay the next one.
        if good != 1 && !answers.contains(&429) {
            faults.push(format!("{} was answered {answers:?}", account.user_id));
        }
    }
    faults
}
