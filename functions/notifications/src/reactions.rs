//! Handling of the consumed events.

use shared::{
    Context, Failure,
    bus::{
        Envelope,
        events::{
            OrderState, OrganizationInvited, OrganizationOwnerSucceeded, UserCreated, UserDeleted,
            UserEmailChangeRequested, UserEmailVerificationRequested, UserPasswordResetRequested,
            UserRegistrationRepeated, UserUpdated,
        },
    },
    id::{Id, UserId},
    identity::{
        OutgoingMail, User,
        mail_link::{LinkKey, Purpose},
    },
    secrets::Secrets,
    table::Table,
    text::Email,
    vocabulary::{InvitationStatus, Locale},
    walk::Walker,
};
use tokio::sync::OnceCell;

use crate::{
    Config, SECRETS,
    mails::{self, Mail, Occasion, Reader},
    sender::Sender,
    store::Store,
};

#[derive(Debug)]
pub(crate) struct Notifications {
    pub(crate) store: Store,
    pub(crate) sender: Sender,
    pub(crate) walker: Walker,
    config: Config,
    secrets: Secrets,
    link_key: OnceCell<LinkKey>,
}

shared::reactions! { Notifications, |notifications, envelope, delivery| {
    UserCreated(event) => notifications.user_created(envelope, event),
    UserUpdated(event) => notifications.user_updated(envelope, event),
    UserDeleted(event) => notifications.user_deleted(envelope, event),
    UserEmailChangeRequested(event) => notifications.email_change_requested(envelope, event),
    UserPasswordResetRequested(event) => notifications.password_reset_requested(envelope, event),
    UserEmailVerificationRequested(event) => notifications.email_verification_requested(envelope, event),
    UserRegistrationRepeated(event) => notifications.registration_repeated(envelope, event),
    OrderConfirmed(order) => notifications.order_confirmed(envelope, order),
    OrderCancelled(order) => notifications.order_cancelled(envelope, order),
    OrganizationInvited(event) => notifications.organization_invited(envelope, event),
    OrganizationOwnerSucceeded(event) => notifications.owner_succeeded(envelope, event),
    EventCancelled(event) => notifications.notify_members(delivery, event, mails::event_cancelled),
    EventRescheduled(event) => notifications.notify_members(delivery, event, mails::event_rescheduled),
} }

impl Notifications {
    pub(crate) fn new(aws: &shared::context::SdkConfig, config: Config, context: Context) -> Self {
        let table = Table::new(aws, config.table_name.clone(), context.clone());
        let store = Store::new(table);
        Self {
            walker: Walker::new(aws, config.queue_url.clone(), &context),
            sender: Sender::new(aws, config.mail_sender.clone(), store.clone(), context.clone()),
            store,
            secrets: Secrets::new(aws, config.parameter_path.clone(), context.random),
            config,
            link_key: OnceCell::new(),
        }
    }

    /// The key of the links, read once an instance.
    pub(crate) async fn link_key(&self) -> Result<&LinkKey, Failure> {
        self.link_key
            .get_or_try_init(|| async {
                let [key] = self.secrets.read_or_create(SECRETS).await?;
                LinkKey::from_secret(&key)
            })
            .await
    }

    /// Asks the owner of a new account to confirm the address, or to choose a password
    /// if the account was created without one.
    async fn user_created(&self, envelope: &Envelope, created: &UserCreated) -> Result<(), Failure> {
        let Some(user) = self.store.get_user(created.user_id).await? else {
            // The account is deleted since.
            return Ok(());
        };
        if created.without_password {
            // The first password has the first generation of the login.
            return self.choose_password(envelope, &user, Purpose::SetPassword, 1).await;
        }
        if user.email_verified { Ok(()) } else { self.confirm_email(envelope, &user).await }
    }

    /// Notice of a changed password or address.
    async fn user_updated(&self, envelope: &Envelope, updated: &UserUpdated) -> Result<(), Failure> {
        let has_changed = |name: &str| updated.changed.iter().any(|field| field == name);
        if has_changed("email") {
            self.email_changed(envelope, updated.user_id).await?;
        }
        if !has_changed("password") {
            return Ok(());
        }
        let Some(user) = self.store.get_user(updated.user_id).await? else { return Ok(()) };
        self.send(envelope, &user.email, &mails::password_changed(reader(&user))).await
    }

    /// Notice of a changed address to the former one.
    async fn email_changed(&self, envelope: &Envelope, user: UserId) -> Result<(), Failure> {
        let version = envelope.aggregate_version;
        // None if the mail has been sent, or the mailbox is the same.
        let Some(former) = self.store.get_former_address(user, version).await? else { return Ok(()) };
        let notice = format!("{}.former", envelope.id);
        self.sender.send_once(&notice, &former.to, &mails::email_changed(last_reader(&former))).await?;
        self.store.remove_outgoing_mail(&former).await
    }

    /// Says good-bye, where there is still an address to say it to.
    async fn user_deleted(&self, envelope: &Envelope, deleted: &UserDeleted) -> Result<(), Failure> {
        let Some(last) = self.store.get_outgoing_mail(deleted.user_id).await? else { return Ok(()) };
        self.send(envelope, &last.to, &mails::account_deleted(last_reader(&last))).await?;
        // The address is no longer needed.
        self.store.remove_outgoing_mail(&last).await
    }

    /// Asks the new address for confirmation, and notifies the current one.
    async fn email_change_requested(
        &self,
        envelope: &Envelope,
        requested: &UserEmailChangeRequested,
    ) -> Result<(), Failure> {
        let Some(user) = self.store.get_user(requested.user_id).await? else { return Ok(()) };
        let Some(pending) = &user.pending_email else { return Ok(()) };
        let link = self.link(envelope, user.id, Purpose::ChangeEmail, pending.as_str()).await?;
        self.send(envelope, pending, &mails::change_email(stranger(&user), &link)).await?;
        let notice = format!("{}.old", envelope.id);
        self.sender.send_once(&notice, &user.email, &mails::email_change_asked(reader(&user))).await
    }

    async fn password_reset_requested(
        &self,
        envelope: &Envelope,
        requested: &UserPasswordResetRequested,
    ) -> Result<(), Failure> {
        let Some((user, generation)) = self.find(&requested.address_mac).await? else { return Ok(()) };
        self.choose_password(envelope, &user, Purpose::ResetPassword, generation).await
    }

    async fn email_verification_requested(
        &self,
        envelope: &Envelope,
        requested: &UserEmailVerificationRequested,
    ) -> Result<(), Failure> {
        match self.find(&requested.address_mac).await? {
            Some((user, _)) if !user.email_verified => self.confirm_email(envelope, &user).await,
            Some(_) | None => Ok(()),
        }
    }

    async fn registration_repeated(
        &self,
        envelope: &Envelope,
        repeated: &UserRegistrationRepeated,
    ) -> Result<(), Failure> {
        let Some((user, _)) = self.find(&repeated.address_mac).await? else { return Ok(()) };
        self.send(envelope, &user.email, &mails::registered_already(reader(&user))).await
    }

    /// Notifies the customer that the order is confirmed.
    async fn order_confirmed(&self, envelope: &Envelope, order: &OrderState) -> Result<(), Failure> {
        let Some(user) = self.store.get_user(order.user_id).await? else { return Ok(()) };
        self.send(envelope, &user.email, &mails::order_confirmed(reader(&user), order)).await
    }

    /// Notifies the customer that the order is cancelled, if the account exists.
    async fn order_cancelled(&self, envelope: &Envelope, order: &OrderState) -> Result<(), Failure> {
        let Some(user) = self.store.get_user(order.user_id).await? else { return Ok(()) };
        self.send(envelope, &user.email, &mails::order_cancelled(reader(&user), order)).await
    }

    /// Sends the link of an invitation, in the language of the account with the address, else
    /// of the inviter.
    async fn organization_invited(
        &self,
        envelope: &Envelope,
        event: &OrganizationInvited,
    ) -> Result<(), Failure> {
        let Some(invitation) = self.store.get_invitation(event.invitation_id).await? else { return Ok(()) };
        let is_latest = invitation.round == event.round;
        let pending = invitation.card.status == InvitationStatus::Pending;
        let email = invitation.card.email.as_ref().filter(|_| is_latest && pending);
        // The invitation has ended, or another has taken its place.
        let Some(email) = email else { return Ok(()) };
        let account = self.find(&invitation.address_mac).await?.map(|(user, _)| user);
        let inviter = self.store.get_user(invitation.inviter_id).await?;
        let recipient = match (&account, &inviter) {
            (Some(user), _) => reader(user),
            (None, Some(inviter)) => stranger(inviter),
            (None, None) => Reader { locale: Locale::default(), name: None },
        };
        let bound_to = invitation.bound_to();
        let link = self.link(envelope, invitation.id, Purpose::AcceptInvitation, &bound_to).await?;
        self.send(envelope, email, &mails::invitation(recipient, &invitation.organization_name, &link)).await
    }

    /// Notifies a member of having become the owner of an organisation.
    async fn owner_succeeded(
        &self,
        envelope: &Envelope,
        succeeded: &OrganizationOwnerSucceeded,
    ) -> Result<(), Failure> {
        let Some(name) = &succeeded.organization_name else { return Ok(()) };
        let Some(user) = self.store.get_user(succeeded.user_id).await? else { return Ok(()) };
        let mail = mails::ownership_succeeded(reader(&user), name, &succeeded.previous_role);
        self.send(envelope, &user.email, &mail).await
    }

    async fn confirm_email(&self, envelope: &Envelope, user: &User) -> Result<(), Failure> {
        let link = self.link(envelope, user.id, Purpose::ConfirmEmail, user.email.as_str()).await?;
        self.send(envelope, &user.email, &mails::confirm_email(reader(user), &link)).await
    }

    /// `generation` is that of the password to be replaced.
    async fn choose_password(
        &self,
        envelope: &Envelope,
        user: &User,
        purpose: Purpose,
        generation: u32,
    ) -> Result<(), Failure> {
        let occasion = if purpose == Purpose::SetPassword { Occasion::First } else { Occasion::Forgotten };
        let link = self.link(envelope, user.id, purpose, &generation.to_string()).await?;
        self.send(envelope, &user.email, &mails::choose_password(reader(user), occasion, &link)).await
    }

    /// The account with the address of `address_mac`, and the generation of its
    /// password.
    async fn find(&self, address_mac: &str) -> Result<Option<(User, u32)>, Failure> {
        let Some(login) = self.store.get_login(address_mac).await? else { return Ok(None) };
        let user = self.store.get_user(login.user_id).await?;
        Ok(user.map(|user| (user, login.generation)))
    }

    /// The link to the page for a purpose; its lifetime begins with the event.
    async fn link<K>(
        &self,
        envelope: &Envelope,
        subject: Id<K>,
        purpose: Purpose,
        bound_to: &str,
    ) -> Result<String, Failure> {
        let page = match purpose {
            Purpose::ConfirmEmail | Purpose::ChangeEmail => "confirm-email",
            Purpose::ResetPassword | Purpose::SetPassword => "reset-password",
            Purpose::AcceptInvitation => "invitation",
        };
        let expires_at = envelope.occurred_at + purpose.lifetime();
        let token = self.link_key().await?.token(purpose, subject, expires_at, bound_to);
        Ok(format!("{}/account/{page}?token={token}", self.config.public_url))
    }

    async fn send(&self, envelope: &Envelope, to: &Email, mail: &Mail) -> Result<(), Failure> {
        self.sender.send_once(&envelope.id, to, mail).await
    }
}

/// Recipient at an account's address. An unconfirmed address may belong to another
/// person, and the name may be an attacker's: the email omits it.
pub(crate) fn reader(user: &User) -> Reader<'_> {
    let name = user.name.as_ref().filter(|_| user.email_verified);
    Reader { name, ..stranger(user) }
}

/// Recipient of the last mail to an address.
fn last_reader(mail: &OutgoingMail) -> Reader<'_> {
    Reader { locale: mail.locale.known().unwrap_or_default(), name: mail.name.as_ref() }
}

/// The reader of a mail to an address that the account is still to get.
fn stranger(user: &User) -> Reader<'_> {
    Reader { locale: user.preferences.locale.known().unwrap_or_default(), name: None }
}
