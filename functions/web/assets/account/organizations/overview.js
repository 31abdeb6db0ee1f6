// The account's organisations and invitations.
import { request } from "/components/api.js";
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { day, fill, texts } from "/components/i18n.js";
import { say } from "/components/page.js";
import { sentence } from "/components/problems.js";
import { call, renewAccount } from "/components/session.js";
import { list } from "/components/table.js";
import { endings } from "./endings.js";
import { createOrganization } from "./profile.js";
import { roleName } from "./roles.js";

const words = texts({
  en: {
    title: "Organisations",
    create: "New organisation",
    unconfirmed: "Confirm your address {email} to create organisations and to see invitations: open the link in our email.",
    again: "Send again",
    sent: "The email has been sent.",
    mine: "Your organisations",
    none: "You are not a member of an organisation.",
    name: "Name",
    role: "Role",
    blocked: "blocked",
    closed: "closed",
    invitations: "Invitations to you",
    noInvitations: "You have no invitations.",
    until: "Valid until",
    accept: "Accept",
    acceptTitle: "Join {name}?",
    decline: "Decline",
    declineTitle: "Decline the invitation to {name}?",
    declined: "You have declined the invitation.",
  },
  ru: {
    title: "Организации",
    create: "Новая организация",
    unconfirmed: "Подтвердите адрес {email}, чтобы создавать организации и видеть приглашения: откройте ссылку в нашем письме.",
    again: "Отправить ещё раз",
    sent: "Письмо отправлено.",
    mine: "Ваши организации",
    none: "Вы не состоите в организациях.",
    name: "Название",
    role: "Роль",
    blocked: "заблокирована",
    closed: "закрыта",
    invitations: "Приглашения вам",
    noInvitations: "Приглашений нет.",
    until: "Действует до",
    accept: "Принять",
    acceptTitle: "Вступить в {name}?",
    decline: "Отклонить",
    declineTitle: "Отклонить приглашение в {name}?",
    declined: "Вы отклонили приглашение.",
  },
});

/** Content of the page. */
export function overview(user) {
  return [
    element(
      "div",
      { class: "bar" },
      element("h1", {}, words.title),
      button(words.create, () => createOrganization(), { class: "primary" }),
    ),
    unconfirmed(user),
    element("h2", {}, words.mine),
    organizations().root,
    element("h2", {}, words.invitations),
    invitations().root,
  ];
}

function organizations() {
  const name = ({ id, name, status }) => [
    element("a", { href: `#${id}` }, name),
    ...(status === "active" ? [] : [" ", element("span", { class: "badge" }, words[status] ?? status)]),
  ];
  return list({
    caption: words.mine,
    empty: words.none,
    load: (cursor) => call("GET", `/organizations/mine${after(cursor)}`),
    columns: [
      { title: words.name, cell: name },
      { title: words.role, cell: ({ role }) => roleName(role) },
    ],
  });
}

function invitations() {
  return list({
    caption: words.invitations,
    empty: words.noInvitations,
    load: (cursor) => call("GET", `/invitations${after(cursor)}`),
    columns: [
      { title: words.name, cell: ({ organization }) => organization.name },
      { title: words.role, cell: ({ role }) => roleName(role) },
      { title: words.until, cell: ({ expires_at }) => day(expires_at) },
      { cell: answers },
    ],
  });
}

function answers({ id, organization }, row) {
  const answer = (verb, title, danger) =>
    ask({
      title: fill(title, organization),
      action: words[verb],
      danger,
      send: () => call("POST", `/invitations/${id}/${verb}`, { body: {} }),
      own: endings,
    });
  const accept = async () => {
    if (await answer("accept", words.acceptTitle, false)) {
      location.hash = organization.id;
    }
  };
  const decline = async () => {
    if (await answer("decline", words.declineTitle, true)) {
      row.remove();
      say(words.declined);
    }
  };
  return element("div", { class: "actions" }, button(words.accept, accept), button(words.decline, decline));
}

/** Request to confirm the address, until it is confirmed. */
function unconfirmed(user) {
  const send = () => request("POST", "/auth/email-verification-request", { body: { email: user.email } });
  const again = button(words.again, () => send().then(() => say(words.sent), (problem) => say(sentence(problem))));
  const notice = element("div", { hidden: true }, element("p", {}, fill(words.unconfirmed, user)), again);
  if (!user.email_verified) {
    // It may have been confirmed since the sign-in. Without an answer, nothing is asked for.
    renewAccount().then(({ email_verified }) => (notice.hidden = email_verified), () => {});
  }
  return notice;
}

function after(cursor) {
  return cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
}
