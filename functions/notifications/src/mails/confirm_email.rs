//! "Confirm your email address"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Request to confirm an address, with the link to the page.
pub(crate) fn confirm_email(reader: Reader<'_>, link: &str) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Confirm your email address",
            message: "An account at Agora has been registered with this address. Please confirm that the address is yours:",
            link: Some((link, "Confirm the address")),
            footnote: "The link is valid for 24 hours. If you did not register, ignore this email.",
        },
        Locale::Ru => Words {
            subject: "Подтвердите адрес электронной почты",
            message: "На этот адрес зарегистрирован аккаунт в Agora. Пожалуйста, подтвердите, что адрес ваш:",
            link: Some((link, "Подтвердить адрес")),
            footnote: "Ссылка действительна 24 часа. Если вы не регистрировались, проигнорируйте письмо.",
        },
    };
    words.render(reader)
}
