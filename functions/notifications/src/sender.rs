//! Sends one email for each event, through SES: claimed, sent, marked. Only a crash
//! between the provider's acceptance and the mark can duplicate it. An instance sends
//! one email at a time, so a crash duplicates one email and not a batch.

use aws_sdk_sesv2::{
    Client,
    types::{Body, Content, Destination, EmailContent, Message},
};
use shared::{Context, Failure, id::RequestKind, telemetry::Scope, text::Email};
use tokio::sync::Mutex;

use crate::{
    mails::Mail,
    store::{Claim, Store},
};

#[derive(Debug)]
pub(crate) struct Sender {
    client: Client,
    from: String,
    store: Store,
    context: Context,
    turn: Mutex<()>,
}

impl Sender {
    pub(crate) fn new(
        aws: &shared::context::SdkConfig,
        from: String,
        store: Store,
        context: Context,
    ) -> Self {
        Self { client: Client::new(aws), from, store, context, turn: Mutex::default() }
    }

    /// Sends the email of an event, unless it has been sent.
    pub(crate) async fn send_once(&self, event_id: &str, to: &Email, mail: &Mail) -> Result<(), Failure> {
        let _turn = self.turn.lock().await;
        let claimed_by = self.context.ids.next::<RequestKind>().to_string();
        match self.store.claim_mail(event_id, claimed_by, self.context.clock.now()).await? {
            Claim::Sent => Ok(()),
            Claim::Ours(claim) => {
                self.send(to, mail).await?;
                self.store.mark_sent(claim).await
            }
        }
    }

    async fn send(&self, to: &Email, mail: &Mail) -> Result<(), Failure> {
        let content =
            |text: &str| Content::builder().data(text).charset("UTF-8").build().map_err(Failure::internal);
        let body = Body::builder().text(content(&mail.text)?).html(content(&mail.html)?).build();
        let message = Message::builder().subject(content(&mail.subject)?).body(body).build();
        let send = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to.as_str()).build())
            .content(EmailContent::builder().simple(message).build())
            .send();
        let remaining = Scope::current().map(|scope| scope.remaining()).unwrap_or_default();
        tokio::time::timeout(remaining, send).await.map_err(Failure::unavailable)??;
        Ok(())
    }
}
