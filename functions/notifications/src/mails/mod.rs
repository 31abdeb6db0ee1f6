//! Texts of the emails: one file for each email, with every language.

mod account_deleted;
mod change_email;
mod choose_password;
mod confirm_email;
mod email_change_asked;
mod email_changed;
mod event_cancelled;
mod event_rescheduled;
mod invitation;
mod order_cancelled;
mod order_confirmed;
mod ownership_succeeded;
mod password_changed;
mod registered_already;

use shared::{text::PersonName, vocabulary::Locale};

pub(crate) use self::{
    account_deleted::account_deleted,
    change_email::change_email,
    choose_password::{Occasion, choose_password},
    confirm_email::confirm_email,
    email_change_asked::email_change_asked,
    email_changed::email_changed,
    event_cancelled::event_cancelled,
    event_rescheduled::event_rescheduled,
    invitation::invitation,
    order_cancelled::order_cancelled,
    order_confirmed::order_confirmed,
    ownership_succeeded::ownership_succeeded,
    password_changed::password_changed,
    registered_already::registered_already,
};

/// An email without its addresses.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// Recipient's language and name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) locale: Locale,
    pub(crate) name: Option<&'a PersonName>,
}

/// Texts of an email.
struct Words<'a> {
    subject: &'a str,
    /// News, or the request to the recipient.
    message: &'a str,
    /// Link, and the label of its button.
    link: Option<(&'a str, &'a str)>,
    /// Additional information.
    footnote: &'a str,
}

impl Words<'_> {
    fn render(&self, reader: Reader<'_>) -> Mail {
        let Self { subject, message, link, footnote } = self;
        let (subject_html, message_html) = (escape(subject), escape(message));
        let (language, greeting) = greeting(reader);
        let link_text = link.map(|(link, _)| format!("{link}\n\n")).unwrap_or_default();
        let link_html = link.map(|(link, button)| {
            let link = escape(link);
            format!(
                "<p><a href=\"{link}\" style=\"display:inline-block;padding:.7em 1.4em;border-radius:.4em;\
                 background:#1f5fbf;color:#fff;text-decoration:none\">{button}</a></p>\
                 <p style=\"color:#5a6675;font-size:.9em\">{link}</p>"
            )
        });
        Mail {
            subject: (*subject).to_owned(),
            text: format!("{greeting}\n\n{message}\n\n{link_text}{footnote}\n\nAgora\n"),
            html: format!(
                "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{subject_html}</title>\
                 <body style=\"font-family:sans-serif;line-height:1.5;color:#1c2430;max-width:34em;margin:2em auto;padding:0 1em\">\
                 <p>{}</p><p>{message_html}</p>{}<p style=\"color:#5a6675;font-size:.9em\">{footnote}</p><p>Agora</p></body></html>",
                escape(&greeting),
                link_html.unwrap_or_default(),
            ),
        }
    }
}

/// Language tag, and greeting.
fn greeting(reader: Reader<'_>) -> (&'static str, String) {
    match (reader.locale, reader.name) {
        (Locale::En, Some(name)) => ("en", format!("Hello {},", name.as_str())),
        (Locale::En, None) => ("en", "Hello,".to_owned()),
        (Locale::Ru, Some(name)) => ("ru", format!("Здравствуйте, {}!", name.as_str())),
        (Locale::Ru, None) => ("ru", "Здравствуйте!".to_owned()),
    }
}

/// Escapes a text for HTML.
fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        escaped
    })
}
