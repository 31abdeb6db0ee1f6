//! "Your password is another"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Tells that a password has been changed.
pub(crate) fn password_changed(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your password has been changed",
            message: "The password of your account at Agora has just been changed, and your other devices have been signed out.",
            link: None,
            footnote: "If this was not you, ask for a new password at once.",
        },
        Locale::Ru => Words {
            subject: "Ваш пароль изменён",
            message: "Пароль вашего аккаунта в Agora только что изменён, на других устройствах выполнен выход.",
            link: None,
            footnote: "Если это были не вы, сразу запросите новый пароль.",
        },
    };
    words.render(reader)
}
