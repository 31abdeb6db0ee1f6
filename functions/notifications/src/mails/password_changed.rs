//! "Your password has been changed"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Notice of a changed password.
pub(crate) fn password_changed(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your password has been changed",
            message: "The password of your account at Agora has been changed, and all other devices have been signed out.",
            link: None,
            footnote: "If you did not change it, reset your password now.",
        },
        Locale::Ru => Words {
            subject: "Ваш пароль изменён",
            message: "Пароль вашего аккаунта в Agora изменён, сеансы на других устройствах завершены.",
            link: None,
            footnote: "Если пароль сменили не вы, сразу запросите сброс пароля.",
        },
    };
    words.render(reader)
}
