//! "Choose a password"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Why a password is to be chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Occasion {
    /// The old one is forgotten.
    Forgotten,
    /// Somebody else has made the account: there is none yet.
    First,
}

/// Lets a password be chosen by following `link`.
pub(crate) fn choose_password(reader: Reader<'_>, occasion: Occasion, link: &str) -> Mail {
    let words = match (reader.locale, occasion) {
        (Locale::En, Occasion::Forgotten) => Words {
            subject: "Choose a new password",
            message: "Somebody, most likely you, has forgotten the password of your account at Agora. \
                      Here you choose a new one:",
            link: Some((link, "Choose a new password")),
            footnote: "The link works once, for 15 minutes. If this was not you, there is nothing to do.",
        },
        (Locale::En, Occasion::First) => Words {
            subject: "Your account at Agora",
            message: "An account at Agora has been made for you. Please choose a password:",
            link: Some((link, "Choose a password")),
            footnote: "The link works once, for 24 hours. After that, ask for a new password where you log in.",
        },
        (Locale::Ru, Occasion::Forgotten) => Words {
            subject: "Выберите новый пароль",
            message: "Кто-то, скорее всего вы, забыл пароль от вашего аккаунта в Agora. \
                      Здесь можно выбрать новый:",
            link: Some((link, "Выбрать новый пароль")),
            footnote: "Ссылка действует один раз, 15 минут. Если это были не вы, ничего делать не нужно.",
        },
        (Locale::Ru, Occasion::First) => Words {
            subject: "Ваш аккаунт в Agora",
            message: "Для вас создан аккаунт в Agora. Пожалуйста, выберите пароль:",
            link: Some((link, "Выбрать пароль")),
            footnote: "Ссылка действует один раз, 24 часа. После этого запросите новый пароль на странице входа.",
        },
    };
    words.render(reader)
}
