//! "You are now an owner"

use shared::{
    text::OrganizationName,
    vocabulary::{Locale, Open, OrganizationRole},
};

use super::{Mail, Reader, Words};

/// Notice to a member who has succeeded the last owner of an organisation, with the role
/// that the member had before.
pub(crate) fn ownership_succeeded(
    reader: Reader<'_>,
    organization: &OrganizationName,
    previous_role: &Open<OrganizationRole>,
) -> Mail {
    let (en, ru) = match previous_role.known() {
        Some(OrganizationRole::Admin) => ("admin", "администратор"),
        Some(OrganizationRole::Editor) => ("editor", "редактор"),
        Some(OrganizationRole::Owner | OrganizationRole::Staff | OrganizationRole::Viewer) | None => {
            ("member", "участник")
        }
    };
    let words = match reader.locale {
        Locale::En => Words {
            subject: &format!("You are now the owner of {organization}"),
            message: &format!(
                "The account of the last owner of the organisation {organization} has been deleted. You are its longest-standing {en}, so you are its owner now."
            ),
            link: None,
            footnote: "You can transfer the ownership to another member, or delete the organisation.",
        },
        Locale::Ru => Words {
            subject: &format!("Теперь вы владелец организации {organization}"),
            message: &format!(
                "Аккаунт последнего владельца организации {organization} удалён. Вы её {ru} с самым долгим стажем, поэтому теперь вы её владелец."
            ),
            link: None,
            footnote: "Вы можете передать организацию другому участнику или удалить её.",
        },
    };
    words.render(reader)
}
