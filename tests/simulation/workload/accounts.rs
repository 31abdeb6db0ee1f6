//! A member's actions on an account: change the password or address, export, delete.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;
use serde_json::json;
use shared::id::UserId;
use tokio::time::sleep;

use super::{
    super::{client::Ask, ledger::Sure},
    member::Member,
};

impl Member {
    /// The token in the newest link to `page` that was mailed to `address` for this
    /// account, and not for another one that had the address before.
    fn mailed_token(&self, account: usize, address: &str, page: &str) -> Option<String> {
        let user: UserId = self.platform.ledger().accounts[account].user_id.parse().unwrap();
        let mails = self.platform.aws.cloud.mails();
        let texts = mails.iter().rev().filter(|mail| mail.to == address).map(|mail| &mail.text);
        let links = texts.filter_map(|text| text.split_once(page)?.1.split_once("token="));
        let mut tokens = links.filter_map(|(_, rest)| rest.split_whitespace().next());
        let token = tokens.find(|token| {
            BASE64_URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| bytes[4..20] == user.to_bytes())
        });
        token.map(str::to_owned)
    }

    pub(super) async fn reset_password(&mut self, account: usize) {
        let emails = self.platform.ledger().accounts[account].emails.clone();
        let email = self.dice.pick(&emails).unwrap().clone();
        let request = Ask::post("/api/v1/auth/password-reset-request", json!({ "email": email }));
        self.ask(request).await;
        sleep(self.dice.millis(12_000)).await;
        let Some(token) = self.mailed_token(account, &email, "reset-password") else { return };
        let password = self.new_password();
        if self.follow_reset(account, &token, &password).await {
            let another = self.new_password();
            if self.dice.happens(300) && self.follow_reset(account, &token, &another).await {
                self.platform.ledger().broken("a link to reset a password worked twice");
            }
        }
    }

    async fn follow_reset(&mut self, account: usize, token: &str, password: &str) -> bool {
        let before = {
            let mut ledger = self.platform.ledger();
            ledger.accounts[account].passwords.push(password.to_owned());
            ledger.may_end_all(account, None)
        };
        let body = json!({ "token": token, "new_password": password });
        let answer = self.ask(Ask::post("/api/v1/auth/password-reset-confirm", body)).await;
        let mut ledger = self.platform.ledger();
        match answer.map(|answer| answer.status) {
            Some(204) => {
                ledger.accounts[account].passwords = vec![password.to_owned()];
                ledger.have_ended(&before);
                true
            }
            Some(400..500) => {
                ledger.accounts[account].passwords.retain(|candidate| candidate != password);
                false
            }
            Some(_) | None => false,
        }
    }

    pub(super) async fn change_password(&mut self, account: usize) {
        let Some((session, token)) = self.any_session() else { return };
        let password = self.new_password();
        let (current, before) = {
            let mut ledger = self.platform.ledger();
            let known = &mut ledger.accounts[account].passwords;
            let current = self.dice.pick(known).unwrap().clone();
            known.push(password.clone());
            (current, ledger.may_end_all(account, Some(session)))
        };
        let body = json!({ "current_password": current, "new_password": password });
        let answer = self.ask(Ask::post("/api/v1/auth/password-change", body).token(&token)).await;
        let mut ledger = self.platform.ledger();
        match answer.map(|answer| answer.status) {
            Some(204) => {
                ledger.accounts[account].passwords = vec![password];
                ledger.have_ended(&before);
            }
            Some(400..500) => ledger.accounts[account].passwords.retain(|known| *known != password),
            Some(_) | None => {}
        }
    }

    pub(super) async fn change_address(&mut self, account: usize) {
        let Some((_, token)) = self.recent_token(account).await else { return };
        let email = self.new_address();
        let body = json!({ "email": email });
        let change = Ask::new(Method::PATCH, "/api/v1/users/me").body(body).token(&token);
        if self.ask(change).await.is_none_or(|answer| answer.status != 200) {
            return;
        }
        sleep(self.dice.millis(12_000)).await;
        let Some(token) = self.mailed_token(account, &email, "confirm-email") else { return };
        let password = {
            let mut ledger = self.platform.ledger();
            ledger.accounts[account].emails.push(email.clone());
            // The confirmation of a new address ends all sessions.
            ledger.may_end_all(account, None);
            self.dice.pick(&ledger.accounts[account].passwords).unwrap().clone()
        };
        let body = json!({ "token": token, "password": password });
        let confirm = Ask::post("/api/v1/auth/email-verification-confirm", body);
        let answer = self.ask(confirm).await;
        let mut ledger = self.platform.ledger();
        match answer.map(|answer| answer.status) {
            Some(204) => ledger.accounts[account].emails = vec![email],
            Some(400..500) => ledger.accounts[account].emails.retain(|known| *known != email),
            Some(_) | None => {}
        }
    }

    /// Repeats a PATCH of the role or status that the account has: it changes nothing
    /// as long as the account has it, and must not restore it once it is revoked.
    pub(super) async fn insist(&mut self, account: usize) {
        let Some((_, token)) = self.any_session() else { return };
        self.platform.ledger().accounts[account].administered = true;
        for number in 0..3 {
            let wish = if self.dice.happens(500) { ("status", "active") } else { ("role", "ADMIN") };
            let body = json!({ wish.0: wish.1, "name": format!("Ada Marker-Lovelace {number}") });
            self.ask(Ask::new(Method::PATCH, "/api/v1/users/me").body(body).token(&token)).await;
        }
    }

    pub(super) async fn export(&mut self, account: usize) {
        let Some((_, token)) = self.any_session() else { return };
        let answer = self.ask(Ask::new(Method::POST, "/api/v1/users/me/export").token(&token)).await;
        if let Some(answer) = answer.filter(|answer| answer.status == 202) {
            self.platform.ledger().exports.push((account, answer.location));
        }
    }

    pub(super) async fn leave(&mut self, account: usize) {
        let Some((_, token)) = self.recent_token(account).await else { return };
        let (known, before) = {
            let mut ledger = self.platform.ledger();
            let known = std::mem::replace(&mut ledger.accounts[account].deleted, Sure::Maybe);
            (known, ledger.may_end_all(account, None))
        };
        let answer = self.ask(Ask::new(Method::DELETE, "/api/v1/users/me").token(&token)).await;
        let mut ledger = self.platform.ledger();
        match answer.map(|answer| answer.status) {
            Some(204) => {
                ledger.accounts[account].deleted = Sure::Yes;
                ledger.have_ended(&before);
                drop(ledger);
                self.forget();
            }
            // The deletion was refused, and no other request has deleted the account.
            Some(400..500) if !ledger.accounts[account].administered => {
                ledger.accounts[account].deleted = known;
            }
            Some(_) | None => {}
        }
    }
}
