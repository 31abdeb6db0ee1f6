//! "Is this your address?"

use shared::text::{Locale, PersonName};

use super::{LinkMail, Mail};

/// Asks to confirm an address by following `link`.
pub(crate) fn confirm_email(locale: Locale, name: Option<&PersonName>, link: &str) -> Mail {
    let words = match locale {
        Locale::En => LinkMail {
            language: "en",
            subject: "Confirm your e-mail address",
            greeting: name.map_or("Hello,".to_owned(), |name| format!("Hello {},", name.as_str())),
            request: "Somebody, most likely you, has opened an account at Agora with this address. \
                      Please confirm that it is yours:",
            button: "Confirm the address",
            footnote: "The link works for 24 hours. If this was not you, there is nothing to do.",
        },
        Locale::Ru => LinkMail {
            language: "ru",
            subject: "Подтвердите адрес электронной почты",
            greeting: name.map_or("Здравствуйте!".to_owned(), |name| {
                format!("Здравствуйте, {}!", name.as_str())
            }),
            request: "Кто-то, скорее всего вы, зарегистрировался в Agora с этим адресом. \
                      Пожалуйста, подтвердите, что он ваш:",
            button: "Подтвердить адрес",
            footnote: "Ссылка действует 24 часа. Если это были не вы, ничего делать не нужно.",
        },
    };
    words.render(link)
}
