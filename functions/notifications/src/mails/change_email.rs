//! "Is this your new address?"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Asks to confirm the address that an account is to have.
pub(crate) fn change_email(reader: Reader<'_>, link: &str) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Confirm your new e-mail address",
            message: "An account at Agora is to have this address. Please confirm that it is yours:",
            link: Some((link, "Confirm the address")),
            footnote: "The link works for 24 hours. Until then the account keeps its old address. If this was not you, there is nothing to do.",
        },
        Locale::Ru => Words {
            subject: "Подтвердите новый адрес электронной почты",
            message: "Аккаунту в Agora назначается этот адрес. Пожалуйста, подтвердите, что он ваш:",
            link: Some((link, "Подтвердить адрес")),
            footnote: "Ссылка действует 24 часа. До тех пор у аккаунта остаётся прежний адрес. Если это были не вы, ничего делать не нужно.",
        },
    };
    words.render(reader)
}
