//! "The address of your account has been changed"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Notice of a changed address to the former one. No link can restore the account from
/// there, so the reader is referred to the operator.
pub(crate) fn email_changed(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your email address has been changed",
            message: "The email address of your account at Agora has been changed. This address can no longer be used to sign in or to reset the password.",
            link: None,
            footnote: "If you did not change it, another person knows your password: contact our support immediately, and change this password everywhere else you use it.",
        },
        Locale::Ru => Words {
            subject: "Ваш адрес электронной почты изменён",
            message: "Адрес электронной почты вашего аккаунта в Agora изменён. По прежнему адресу больше нельзя войти или сбросить пароль.",
            link: None,
            footnote: "Если адрес изменили не вы, ваш пароль известен другому человеку: сразу обратитесь в службу поддержки и смените этот пароль везде, где вы его используете.",
        },
    };
    words.render(reader)
}
