//! "You already have an account at Agora"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Notice that the address already has an account.
pub(crate) fn registered_already(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "You already have an account at Agora",
            message: "We received a request to register an account at Agora with this address. It already has an account: please sign in.",
            link: None,
            footnote: "If you have forgotten your password, reset it on the sign-in page. If you did not request this, ignore this email.",
        },
        Locale::Ru => Words {
            subject: "У вас уже есть аккаунт в Agora",
            message: "Мы получили запрос на регистрацию в Agora с этим адресом. Аккаунт с этим адресом уже существует: войдите в него.",
            link: None,
            footnote: "Если вы забыли пароль, сбросьте его на странице входа. Если вы этого не запрашивали, проигнорируйте письмо.",
        },
    };
    words.render(reader)
}
