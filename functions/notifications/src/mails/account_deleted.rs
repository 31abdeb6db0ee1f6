//! "Your account is gone"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Tells that an account has been deleted.
pub(crate) fn account_deleted(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your account has been deleted",
            message: "Your account at Agora has been deleted, and all that we knew about you.",
            link: None,
            footnote: "This is the last mail from us.",
        },
        Locale::Ru => Words {
            subject: "Ваш аккаунт удалён",
            message: "Ваш аккаунт в Agora удалён вместе со всем, что мы о вас знали.",
            link: None,
            footnote: "Это наше последнее письмо.",
        },
    };
    words.render(reader)
}
