// Pending invitations of an organisation.
import { idempotency } from "/components/api.js";
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { field } from "/components/form.js";
import { day, fill, texts } from "/components/i18n.js";
import { say } from "/components/page.js";
import { call } from "/components/session.js";
import { list } from "/components/table.js";
import { endings } from "./endings.js";
import { grantable, roleName } from "./roles.js";

const words = texts({
  en: {
    title: "Invitations",
    none: "No invitation is pending.",
    invite: "Invite a person",
    inviteText: "They get an email with a link that is valid for 7 days.",
    send: "Send the invitation",
    invited: "The invitation has been sent.",
    email: "Email address",
    role: "Role",
    until: "Valid until",
    expired: "expired",
    resend: "Send again",
    resendTo: "Send again to {email}",
    resendText: "The link in the earlier email becomes void.",
    revoke: "Revoke",
    revokeFor: "Revoke the invitation of {email}",
    revokeText: "Its link becomes void at once.",
    revoked: "The invitation has been revoked.",
  },
  ru: {
    title: "Приглашения",
    none: "Нет приглашений, ожидающих ответа.",
    invite: "Пригласить",
    inviteText: "Человек получит письмо со ссылкой, которая действует 7 дней.",
    send: "Отправить приглашение",
    invited: "Приглашение отправлено.",
    email: "Адрес электронной почты",
    role: "Роль",
    until: "Действует до",
    expired: "истекло",
    resend: "Отправить ещё раз",
    resendTo: "Отправить ещё раз: {email}",
    resendText: "Ссылка из прежнего письма перестанет действовать.",
    revoke: "Отозвать",
    revokeFor: "Отозвать приглашение: {email}",
    revokeText: "Ссылка сразу перестанет действовать.",
    revoked: "Приглашение отозвано.",
  },
});

/** Heading and list of the pending invitations. */
export function invitations(organization) {
  const path = `/organizations/${organization.id}/invitations`;
  const columns = [
    { title: words.email, cell: ({ email }) => email ?? "" },
    { title: words.role, cell: ({ role }) => roleName(role) },
    { title: words.until, cell: ({ expires_at, expired }) => (expired ? words.expired : day(expires_at)) },
    { cell: (invitation, row) => actions(path, invitation, row) },
  ];
  const load = (cursor) => call("GET", path + (cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`));
  const { root, add } = list({ caption: words.title, empty: words.none, columns, load });
  const invite = () => inviteTo(path, organization.me.role, add);
  const mayInvite = organization.me.permissions.includes("invite");
  const bar = element(
    "div",
    { class: "bar" },
    element("h2", {}, words.title),
    mayInvite ? button(words.invite, invite, { class: "primary" }) : null,
  );
  return [bar, root];
}

async function inviteTo(path, ownRole, add) {
  const headers = idempotency();
  let invitation;
  const send = async (body) => {
    invitation = await call("POST", path, { body, headers: headers(body) });
  };
  const fields = [
    field({ name: "email", label: words.email, type: "email", autocomplete: "off", maxlength: 254, required: true }),
    field({ name: "role", label: words.role, options: grantable(ownRole), value: "viewer" }),
  ];
  if (await ask({ title: words.invite, text: words.inviteText, fields, action: words.send, send, own: endings })) {
    add(invitation);
    say(words.invited);
  }
}

function actions(path, invitation, row) {
  const one = `${path}/${invitation.id}`;
  const resend = async () => {
    const send = () => call("POST", `${one}/resend`);
    const title = fill(words.resendTo, invitation);
    if (await ask({ title, text: words.resendText, action: words.resend, send, own: endings })) {
      say(words.invited);
    }
  };
  const revoke = async () => {
    const send = () => call("DELETE", one);
    const title = fill(words.revokeFor, invitation);
    if (await ask({ title, text: words.revokeText, action: words.revoke, danger: true, send, own: endings })) {
      row.remove();
      say(words.revoked);
    }
  };
  const named = (text) => ({ "aria-label": fill(text, invitation) });
  return element(
    "div",
    { class: "actions" },
    button(words.resend, resend, named(words.resendTo)),
    button(words.revoke, revoke, named(words.revokeFor)),
  );
}
