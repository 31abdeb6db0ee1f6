// An invitation that a mailed link leads to: shown to everyone who has the link, answered
// by the account of the invited address.
import { Problem, request } from "/components/api.js";
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { day, fill, texts, translate } from "/components/i18n.js";
import { open, showAccount, signInPath, takeToken } from "/components/page.js";
import { sentence } from "/components/problems.js";
import { account, call, end, onChange } from "/components/session.js";
import { endings } from "./organizations/endings.js";
import { roleName } from "./organizations/roles.js";

const words = {
  ...endings,
  ...texts({
    en: {
      title: "Invitation",
      titleTo: "Join {name}",
      by: "{name} invites you to this organisation at Agora.",
      byMember: "A member invites you to this organisation at Agora.",
      role: "Your role",
      address: "For the address",
      until: "Valid until",
      signIn: "Sign in to answer",
      register: "Create an account",
      first: "Answer with the account of the address that the invitation was sent to.",
      as: "You are signed in as {email}.",
      accept: "Accept",
      decline: "Decline",
      declineTitle: "Decline the invitation?",
      declineText: "You can join only if {name} invites you again.",
      joined: "You are a member of {name}.",
      declined: "You have declined the invitation.",
      goOn: "Open the organisation",
      other: "Use another account",
      none: "Your organisations and invitations",
      not_found: "This invitation is not valid any more, or the link is incomplete. Ask for a new one.",
    },
    ru: {
      title: "Приглашение",
      titleTo: "Приглашение: {name}",
      by: "{name} приглашает вас в эту организацию в Agora.",
      byMember: "Вас приглашают в эту организацию в Agora.",
      role: "Ваша роль",
      address: "Для адреса",
      until: "Действует до",
      signIn: "Войти и ответить",
      register: "Создать аккаунт",
      first: "Ответьте от имени аккаунта с адресом, на который пришло приглашение.",
      as: "Вы вошли как {email}.",
      accept: "Принять",
      decline: "Отклонить",
      declineTitle: "Отклонить приглашение?",
      declineText: "Вступить можно будет только по новому приглашению от {name}.",
      joined: "Вы вступили в организацию {name}.",
      declined: "Вы отклонили приглашение.",
      goOn: "Открыть организацию",
      other: "Войти в другой аккаунт",
      none: "Ваши организации и приглашения",
      not_found: "Приглашение больше не действует, или ссылка неполная. Попросите новое.",
    },
  }),
};

// The link's token waits here while its owner signs in or registers.
const WAITING = "agora.invitation";
const outcome = document.getElementById("outcome");
const actions = document.getElementById("actions");

function show(invitation) {
  const { organization, role, inviter_name, email, expires_at } = invitation;
  const heading = document.querySelector("h1");
  heading.textContent = fill(words.titleTo, organization);
  open(heading.textContent);
  const row = (term, text) => [element("dt", {}, term), element("dd", {}, text)];
  document.getElementById("invitation").replaceChildren(
    element("p", {}, inviter_name ? fill(words.by, { name: inviter_name }) : words.byMember),
    ...(organization.summary ? [element("p", { class: "quiet" }, organization.summary)] : []),
    element(
      "dl",
      {},
      row(words.role, roleName(role)),
      row(words.address, email),
      row(words.until, day(expires_at)),
    ),
  );
}

function finish(text, kind, ...next) {
  outcome.textContent = text;
  outcome.className = kind;
  actions.replaceChildren(...next);
}

function link(href, text, kind = "") {
  return element("a", { href, class: `button ${kind}` }, text);
}

function elsewhere() {
  return link("/account/organizations", words.none);
}

function offer({ id, organization }, token, user) {
  if (user === null) {
    finish(words.first, "quiet", link(signInPath(), words.signIn, "primary"), link(signInPath("#register"), words.register));
    return;
  }
  const answer = (verb) => call("POST", `/invitations/${id}/${verb}`, { body: { token } });
  const accept = button(words.accept, () => attempt(async () => {
    await answer("accept");
    sessionStorage.removeItem(WAITING);
    finish(fill(words.joined, organization), "good", link(`/account/organizations#${organization.id}`, words.goOn, "primary"));
  }), { class: "primary" });
  const decline = button(words.decline, async () => {
    const text = fill(words.declineText, organization);
    const send = () => answer("decline");
    if (await ask({ title: words.declineTitle, text, action: words.decline, danger: true, send, own: words })) {
      sessionStorage.removeItem(WAITING);
      finish(words.declined, "", elsewhere());
    }
  });
  const other = button(words.other, () => attempt(end), { class: "link" });
  finish(fill(words.as, user), "quiet", accept, decline, other);
}

/** Does something once at a time, and shows why it has failed. */
async function attempt(action) {
  if (actions.ariaBusy === "true") {
    return;
  }
  actions.ariaBusy = "true";
  try {
    await action();
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    outcome.textContent = sentence(problem, words);
    outcome.className = "bad";
  } finally {
    actions.ariaBusy = "false";
  }
}

translate(words);
open(words.title);
const token = takeToken() ?? sessionStorage.getItem(WAITING) ?? "";
sessionStorage.setItem(WAITING, token);
const user = await account();
onChange(() => location.reload());
if (user) {
  showAccount(user);
}
await attempt(async () => {
  const invitation = await request("POST", "/invitations/preview", { body: { token } });
  show(invitation);
  offer(invitation, token, user);
});
if (outcome.className === "bad") {
  actions.replaceChildren(elsewhere());
}
