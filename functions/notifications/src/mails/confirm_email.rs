//! "Is this your address?"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Asks to confirm an address by following `link`.
pub(crate) fn confirm_email(reader: Reader<'_>, link: &str) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Confirm your e-mail address",
            message: "Somebody, most likely you, has opened an account at Agora with this address. Please confirm that it is yours:",
            link: Some((link, "Confirm the address")),
            footnote: "The link works for 24 hours. If this was not you, there is nothing to do.",
        },
        Locale::Ru => Words {
            subject: "Подтвердите адрес электронной почты",
            message: "Кто-то, скорее всего вы, зарегистрировался в Agora с этим адресом. Пожалуйста, подтвердите, что он ваш:",
            link: Some((link, "Подтвердить адрес")),
            footnote: "Ссылка действует 24 часа. Если это были не вы, ничего делать не нужно.",
        },
    };
    words.render(reader)
}
