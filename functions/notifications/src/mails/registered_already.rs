//! "You have an account"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Tells that an address has an account already.
pub(crate) fn registered_already(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "You have an account at Agora already",
            message: "Somebody, most likely you, wanted to open an account at Agora with this address. It has one already: just log in.",
            link: None,
            footnote: "If you have forgotten the password, ask for a new one. If this was not you, there is nothing to do.",
        },
        Locale::Ru => Words {
            subject: "У вас уже есть аккаунт в Agora",
            message: "Кто-то, скорее всего вы, хотел зарегистрироваться в Agora с этим адресом. Аккаунт с ним уже есть: просто войдите.",
            link: None,
            footnote: "Если вы забыли пароль, запросите новый. Если это были не вы, ничего делать не нужно.",
        },
    };
    words.render(reader)
}
