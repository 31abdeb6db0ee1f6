//! "Email address change requested"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Notice to the current address of a requested change.
pub(crate) fn email_change_asked(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Email address change requested",
            message: "We received a request to change the email address of your account at Agora. The address changes once the link sent to the new address is confirmed.",
            link: None,
            footnote: "If you did not request this, sign in and change your password now.",
        },
        Locale::Ru => Words {
            subject: "Запрошена смена адреса электронной почты",
            message: "Мы получили запрос на смену адреса электронной почты вашего аккаунта в Agora. Адрес изменится после подтверждения по ссылке, отправленной на новый адрес.",
            link: None,
            footnote: "Если вы этого не запрашивали, войдите в аккаунт и сразу смените пароль.",
        },
    };
    words.render(reader)
}
