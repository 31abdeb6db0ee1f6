//! What the mails say: one file a mail, every language in it.

mod confirm_email;

pub(crate) use confirm_email::confirm_email;

/// A mail without its addresses.
#[derive(Debug)]
pub(crate) struct Mail {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// The words of a mail that asks its reader to follow a link.
struct LinkMail<'a> {
    language: &'a str,
    subject: &'a str,
    greeting: String,
    request: &'a str,
    button: &'a str,
    /// How long the link works, and what to do if it was not asked for.
    footnote: &'a str,
}

impl LinkMail<'_> {
    fn render(&self, link: &str) -> Mail {
        let Self { language, subject, greeting, request, button, footnote } = self;
        let (greeting_html, link_html) = (escape(greeting), escape(link));
        Mail {
            subject: (*subject).to_owned(),
            text: format!("{greeting}\n\n{request}\n\n{link}\n\n{footnote}\n\nAgora\n"),
            html: format!(
                "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>{subject}</title>\
                 <body style=\"font-family:sans-serif;line-height:1.5;color:#1c2430;max-width:34em;margin:2em auto;padding:0 1em\">\
                 <p>{greeting_html}</p><p>{request}</p>\
                 <p><a href=\"{link_html}\" style=\"display:inline-block;padding:.7em 1.4em;border-radius:.4em;\
                 background:#1f5fbf;color:#fff;text-decoration:none\">{button}</a></p>\
                 <p style=\"color:#5a6675;font-size:.9em\">{footnote}<br>{link_html}</p><p>Agora</p></body></html>"
            ),
        }
    }
}

/// A person's text in HTML.
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
