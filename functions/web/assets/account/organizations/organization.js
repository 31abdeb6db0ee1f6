// One organisation: profile, members, invitations, and the ends of a membership.
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { field } from "/components/form.js";
import { count, fill, texts } from "/components/i18n.js";
import { say } from "/components/page.js";
import { call } from "/components/session.js";
import { endings } from "./endings.js";
import { invitations } from "./invitations.js";
import { members } from "./members.js";
import { editProfile } from "./profile.js";
import { roleName } from "./roles.js";

const words = texts({
  en: {
    all: "All organisations",
    you: "Your role: {role}",
    members: { one: "{n} member", other: "{n} members" },
    blocked: "This organisation is blocked: its members can only read and leave.",
    closed: "This organisation is closed.",
    edit: "Edit the profile",
    saved: "The profile has been saved.",
    manage: "Leave, transfer, delete",
    leave: "Leave",
    leaveTitle: "Leave {name}?",
    leaveText: "You lose access at once. To come back you need an invitation.",
    transfer: "Transfer the ownership",
    transferText: "The new owner can do everything, and you become an admin.",
    to: "New owner",
    alone: "There is no other member.",
    transferred: "The ownership has been transferred.",
    delete: "Delete the organisation",
    deleteTitle: "Delete {name}?",
    deleteText: "All members lose access, and invitations end. This cannot be undone.",
  },
  ru: {
    all: "Все организации",
    you: "Ваша роль: {role}",
    members: { one: "{n} участник", few: "{n} участника", many: "{n} участников", other: "{n} участника" },
    blocked: "Организация заблокирована: участники могут только просматривать её и выйти.",
    closed: "Организация закрыта.",
    edit: "Изменить профиль",
    saved: "Профиль сохранён.",
    manage: "Выход, передача, удаление",
    leave: "Выйти из организации",
    leaveTitle: "Выйти из организации {name}?",
    leaveText: "Доступ прекратится сразу. Вернуться можно только по приглашению.",
    transfer: "Передать права владельца",
    transferText: "Новый владелец сможет всё, а вы станете администратором.",
    to: "Новый владелец",
    alone: "Других участников нет.",
    transferred: "Права владельца переданы.",
    delete: "Удалить организацию",
    deleteTitle: "Удалить {name}?",
    deleteText: "Все участники потеряют доступ, приглашения закончатся. Отменить это нельзя.",
  },
});

/** Content of the page; `show` shows it again after a change. */
export async function organization(id, user, show) {
  const shown = await call("GET", `/organizations/${id}`);
  const may = (action) => shown.status === "active" && Boolean(shown.me?.permissions.includes(action));
  const edit = async () => {
    if (await editProfile(shown)) {
      await show();
      say(words.saved);
    }
  };
  return [
    element("p", {}, element("a", { href: "#" }, `← ${words.all}`)),
    element(
      "div",
      { class: "bar" },
      element("h1", {}, shown.name),
      may("update_profile") ? button(words.edit, edit) : null,
    ),
    ...profile(shown),
    ...members(shown, user, show),
    ...(may("view_invitations") ? invitations(shown) : []),
    ...(shown.me ? [element("h2", {}, words.manage), manage(shown, user, may, show)] : []),
  ];
}

function profile({ summary, description, website, city, status, member_count, me }) {
  const about = [me && fill(words.you, { role: roleName(me.role) }), count(member_count, words.members), city];
  const text = (content, kind) => (content ? [element("p", { class: kind }, content)] : []);
  return [
    ...(status === "active" ? [] : text(words[status] ?? status, "bad")),
    ...text(about.filter(Boolean).join(" · "), "quiet"),
    ...text(summary),
    ...text(description, "lines"),
    ...text(website && element("a", { href: website, rel: "noopener noreferrer nofollow" }, website)),
  ];
}

function manage(shown, user, may, show) {
  const path = `/organizations/${shown.id}`;
  const leaveTo = async (question) => {
    if (await ask({ danger: true, own: endings, ...question })) {
      location.hash = "";
    }
  };
  const leave = () => leaveTo({
    title: fill(words.leaveTitle, shown),
    text: words.leaveText,
    action: words.leave,
    send: () => call("POST", `${path}/leave`),
  });
  const remove = () => leaveTo({
    title: fill(words.deleteTitle, shown),
    text: words.deleteText,
    action: words.delete,
    send: () => call("DELETE", path),
  });
  return element(
    "div",
    { class: "actions" },
    button(words.leave, leave),
    may("transfer_ownership") ? button(words.transfer, () => transfer(path, user, show)) : null,
    may("delete_organization") ? button(words.delete, remove, { class: "danger" }) : null,
  );
}

async function transfer(path, user, show) {
  const { data } = await call("GET", `${path}/members?limit=100`);
  const others = data.filter(({ user_id }) => user_id !== user.id);
  if (others.length === 0) {
    say(words.alone);
    return;
  }
  const options = others.map(({ user_id, name, role }) => [user_id, `${name ?? user_id} – ${roleName(role)}`]);
  const question = {
    title: words.transfer,
    text: words.transferText,
    fields: [field({ name: "user_id", label: words.to, options })],
    action: words.transfer,
    danger: true,
    send: (body) => call("POST", `${path}/transfer`, { body }),
    own: endings,
  };
  if (await ask(question)) {
    await show();
    say(words.transferred);
  }
}
