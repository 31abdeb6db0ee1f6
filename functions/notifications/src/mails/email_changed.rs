//! "Your account has another address"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Tells the former address that the account has another now. No link from there gets
/// the account back, so the reader is sent to whoever runs the service.
pub(crate) fn email_changed(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your e-mail address has been changed",
            message: "Your account at Agora has just got another e-mail address. This address cannot be used to log in or to ask for a new password any more.",
            link: None,
            footnote: "If this was not you, somebody else has your password: write to our customer service at once, and change this password wherever else you use it.",
        },
        Locale::Ru => Words {
            subject: "Ваш адрес электронной почты изменён",
            message: "У вашего аккаунта в Agora теперь другой адрес электронной почты. С этим адресом больше нельзя войти или запросить новый пароль.",
            link: None,
            footnote: "Если это были не вы, кто-то узнал ваш пароль: сразу напишите в нашу службу поддержки и смените этот пароль везде, где вы его используете.",
        },
    };
    words.render(reader)
}
