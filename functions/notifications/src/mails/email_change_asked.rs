//! "Your account is to have another address"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Tells the old address that a new one is wanted.
pub(crate) fn email_change_asked(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your e-mail address is to be changed",
            message: "Somebody, most likely you, wants your account at Agora to have another e-mail address. It changes when a link that was sent there is followed.",
            link: None,
            footnote: "If this was not you, log in and change your password now.",
        },
        Locale::Ru => Words {
            subject: "Запрошена смена адреса электронной почты",
            message: "Кто-то, скорее всего вы, хочет сменить адрес электронной почты вашего аккаунта в Agora. Он сменится, когда откроют ссылку, отправленную на новый адрес.",
            link: None,
            footnote: "Если это были не вы, войдите и сразу смените пароль.",
        },
    };
    words.render(reader)
}
