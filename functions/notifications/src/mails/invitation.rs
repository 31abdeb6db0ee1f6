//! "Invitation to an organisation"

use shared::{text::OrganizationName, vocabulary::Locale};

use super::{Mail, Reader, Words};

/// Invitation to an organisation, with the link to the page. It has nothing of the
/// inviter's words but the organisation's name, which has no web address.
pub(crate) fn invitation(reader: Reader<'_>, organization: &OrganizationName, link: &str) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: &format!("Invitation to {organization}"),
            message: &format!("You are invited to join the organisation {organization} at Agora:"),
            link: Some((link, "View the invitation")),
            footnote: "The link is valid for 7 days. If you do not know the organisation, ignore this email.",
        },
        Locale::Ru => Words {
            subject: &format!("Приглашение в организацию {organization}"),
            message: &format!("Вас приглашают в организацию {organization} в Agora:"),
            link: Some((link, "Посмотреть приглашение")),
            footnote: "Ссылка действительна 7 дней. Если вы не знаете эту организацию, проигнорируйте письмо.",
        },
    };
    words.render(reader)
}
