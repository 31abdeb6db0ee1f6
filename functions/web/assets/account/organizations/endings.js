// Problems of organisations and invitations in the reader's words.
import { texts } from "/components/i18n.js";

export const endings = texts({
  en: {
    organization_slug_taken: "Another organisation has this name in links.",
    organization_limit_reached: "You own ten organisations already. Transfer or delete one first.",
    organization_blocked: "This organisation is blocked.",
    organization_closed: "This organisation is closed.",
    role_above_own: "You can grant roles up to your own, and change only members below you.",
    last_owner: "The last owner must stay. Transfer the ownership first.",
    not_a_member: "This person is not a member any more.",
    already_member: "This person is a member already.",
    member_limit_reached: "The organisation has as many members as it may have.",
    invitation_accepted: "The invitation has been accepted already.",
    invitation_declined: "The invitation has been declined.",
    invitation_revoked: "The invitation has been revoked. Ask for a new one.",
    invitation_expired: "The invitation has expired. Ask for a new one.",
    invitation_for_another_address: "The invitation was sent to another address than this account's. Use the other account, or ask for an invitation to this address.",
    inviter_may_not_invite: "The inviting member may not invite any more. Ask another member.",
  },
  ru: {
    organization_slug_taken: "Это имя в ссылках занято другой организацией.",
    organization_limit_reached: "У вас уже десять организаций. Сначала передайте или удалите одну из них.",
    organization_blocked: "Эта организация заблокирована.",
    organization_closed: "Эта организация закрыта.",
    role_above_own: "Можно назначать роли не выше своей и менять роли только нижестоящих участников.",
    last_owner: "Последний владелец должен остаться. Сначала передайте права владельца.",
    not_a_member: "Этот человек больше не участник.",
    already_member: "Этот человек уже участник.",
    member_limit_reached: "В организации уже наибольшее число участников.",
    invitation_accepted: "Приглашение уже принято.",
    invitation_declined: "Приглашение отклонено.",
    invitation_revoked: "Приглашение отозвано. Попросите новое.",
    invitation_expired: "Срок приглашения истёк. Попросите новое.",
    invitation_for_another_address: "Приглашение отправлено не на адрес этого аккаунта. Войдите в другой аккаунт или попросите пригласить этот адрес.",
    inviter_may_not_invite: "Пригласивший больше не может приглашать. Обратитесь к другому участнику.",
  },
});
