//! "Reset your password" and "Your account at Agora"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Occasion for choosing a password.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Occasion {
    /// A password reset was requested.
    Forgotten,
    /// The account was created without a password.
    First,
}

/// Request to choose a password, with the link to the page.
pub(crate) fn choose_password(reader: Reader<'_>, occasion: Occasion, link: &str) -> Mail {
    let words = match (reader.locale, occasion) {
        (Locale::En, Occasion::Forgotten) => Words {
            subject: "Reset your password",
            message: "We received a request to reset the password of your account at Agora. \
                      Choose a new password here:",
            link: Some((link, "Choose a new password")),
            footnote: "The link is valid once, for 15 minutes. If you did not request this, ignore this email: your password stays as it is.",
        },
        (Locale::En, Occasion::First) => Words {
            subject: "Your account at Agora",
            message: "An account at Agora has been created for you. Please choose a password:",
            link: Some((link, "Choose a password")),
            footnote: "The link is valid once, for 24 hours. After that, request a password reset on the sign-in page.",
        },
        (Locale::Ru, Occasion::Forgotten) => Words {
            subject: "Сброс пароля",
            message: "Мы получили запрос на сброс пароля вашего аккаунта в Agora. \
                      Задайте новый пароль по ссылке:",
            link: Some((link, "Задать новый пароль")),
            footnote: "Ссылка действительна 15 минут, её можно использовать один раз. Если вы этого не запрашивали, проигнорируйте письмо: пароль не изменится.",
        },
        (Locale::Ru, Occasion::First) => Words {
            subject: "Ваш аккаунт в Agora",
            message: "Для вас создан аккаунт в Agora. Пожалуйста, задайте пароль:",
            link: Some((link, "Задать пароль")),
            footnote: "Ссылка действительна 24 часа, её можно использовать один раз. Позже запросите сброс пароля на странице входа.",
        },
    };
    words.render(reader)
}
