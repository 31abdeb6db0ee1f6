//! "Your account has been deleted"

use shared::vocabulary::Locale;

use super::{Mail, Reader, Words};

/// Notice of a deleted account.
pub(crate) fn account_deleted(reader: Reader<'_>) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: "Your account has been deleted",
            message: "Your account at Agora and your personal data have been deleted.",
            link: None,
            footnote: "This is our last email to you.",
        },
        Locale::Ru => Words {
            subject: "Ваш аккаунт удалён",
            message: "Ваш аккаунт в Agora и ваши персональные данные удалены.",
            link: None,
            footnote: "Это последнее письмо от нас.",
        },
    };
    words.render(reader)
}
