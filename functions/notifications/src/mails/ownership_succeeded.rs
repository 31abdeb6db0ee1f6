//! "You are now an owner"

use shared::{text::OrganizationName, vocabulary::Locale};

use super::{Mail, Reader, Words};

/// Notice to a member who has succeeded the last owner of an organisation.
pub(crate) fn ownership_succeeded(reader: Reader<'_>, organization: &OrganizationName) -> Mail {
    let words = match reader.locale {
        Locale::En => Words {
            subject: &format!("You are now the owner of {organization}"),
            message: &format!(
                "The account of the last owner of the organisation {organization} has been deleted. You are its longest-standing member with the next role, so you are its owner now."
            ),
            link: None,
            footnote: "You can transfer the ownership to another member, or delete the organisation.",
        },
        Locale::Ru => Words {
            subject: &format!("Теперь вы владелец организации {organization}"),
            message: &format!(
                "Аккаунт последнего владельца организации {organization} удалён. Среди участников со следующей ролью вы состоите в ней дольше всех, поэтому теперь вы её владелец."
            ),
            link: None,
            footnote: "Вы можете передать организацию другому участнику или удалить её.",
        },
    };
    words.render(reader)
}
