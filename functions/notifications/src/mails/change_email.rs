//! "Confirm your new email address"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Request to confirm the new address of an account.
pub(crate) fn change_email(reader: Reader<'_>, link: &str) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Confirm your new email address",
            message: "We received a request to use this address for an account at Agora. Please confirm that the address is yours:",
            link: Some((link, "Confirm the address")),
            footnote: "The link is valid for 24 hours. The account keeps its current address until you confirm. If you did not request this, ignore this email.",
        },
        Locale::Ru => Words {
            subject: "Подтвердите новый адрес электронной почты",
            message: "Мы получили запрос на использование этого адреса для аккаунта в Agora. Пожалуйста, подтвердите, что адрес ваш:",
            link: Some((link, "Подтвердить адрес")),
            footnote: "Ссылка действительна 24 часа. До подтверждения у аккаунта остаётся прежний адрес. Если вы этого не запрашивали, проигнорируйте письмо.",
        },
    };
    words.render(reader)
}
