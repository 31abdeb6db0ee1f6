// Members of an organisation, with their roles.
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { field } from "/components/form.js";
import { day, fill, texts } from "/components/i18n.js";
import { say } from "/components/page.js";
import { call } from "/components/session.js";
import { list } from "/components/table.js";
import { endings } from "./endings.js";
import { grantable, outranks, roleName } from "./roles.js";

const words = texts({
  en: {
    title: "Members",
    none: "No member is shown to everyone.",
    name: "Name",
    role: "Role",
    since: "Since",
    you: "you",
    unnamed: "Without a name",
    change: "Change",
    changeOf: "Change {name}",
    shown: "Shown to",
    membersOnly: "members only",
    everyone: "everyone",
    save: "Save",
    saved: "The member has been changed.",
    remove: "Remove",
    removeOf: "Remove {name}",
    removeText: "The person loses access at once.",
    removed: "The member has been removed.",
  },
  ru: {
    title: "Участники",
    none: "Открытых участников нет.",
    name: "Имя",
    role: "Роль",
    since: "С",
    you: "вы",
    unnamed: "Без имени",
    change: "Изменить",
    changeOf: "Изменить: {name}",
    shown: "Кому видно",
    membersOnly: "только участникам",
    everyone: "всем",
    save: "Сохранить",
    saved: "Участник изменён.",
    remove: "Исключить",
    removeOf: "Исключить: {name}",
    removeText: "Человек сразу потеряет доступ.",
    removed: "Участник исключён.",
  },
});

/** Heading and list of the members; `show` shows the page again after a change of oneself. */
export function members(organization, user, show) {
  const path = `/organizations/${organization.id}/members`;
  const load = (cursor) => call("GET", path + (cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`));
  const name = ({ user_id, name }) => [
    name ?? words.unnamed,
    ...(user_id === user.id ? [" ", element("span", { class: "badge" }, words.you)] : []),
  ];
  const columns = [
    { title: words.name, cell: name },
    { title: words.role, cell: ({ role }) => roleName(role) },
    { title: words.since, cell: ({ since }) => day(since) },
    { cell: (member, row) => actions({ organization, user, path, show }, member, row) },
  ];
  return [element("h2", {}, words.title), list({ caption: words.title, empty: words.none, columns, load }).root];
}

function actions({ organization, user, path, show }, member, row) {
  const { status, me } = organization;
  const isOwn = member.user_id === user.id;
  const manages = me?.permissions.includes("manage_members") && outranks(me.role, member.role);
  if (status !== "active" || !me || !(isOwn || manages)) {
    return [];
  }
  const who = { name: member.name ?? words.unnamed };
  const memberPath = `${path}/${member.user_id}`;
  const change = async () => {
    let changed;
    const send = async ({ role, shown }) => {
      const body = isOwn ? { role, public: shown === "everyone" } : { role };
      changed = await call("PATCH", memberPath, { body });
    };
    const fields = [roleField(me, member), ...(isOwn ? [shownField(member)] : [])];
    if (await ask({ title: fill(words.changeOf, who), fields, action: words.save, send, own: endings })) {
      // The own role decides what the page offers.
      await (isOwn ? show() : row.replace(changed));
      say(words.saved);
    }
  };
  const remove = async () => {
    const send = () => call("DELETE", memberPath);
    const title = fill(words.removeOf, who);
    if (await ask({ title, text: words.removeText, action: words.remove, danger: true, send, own: endings })) {
      row.remove();
      say(words.removed);
    }
  };
  const named = (text) => ({ "aria-label": fill(text, who) });
  return element(
    "div",
    { class: "actions" },
    button(words.change, change, named(words.changeOf)),
    isOwn ? null : button(words.remove, remove, named(words.removeOf)),
  );
}

function roleField(me, { role }) {
  return field({ name: "role", label: words.role, options: grantable(me.role), value: role });
}

function shownField(member) {
  const options = [["members", words.membersOnly], ["everyone", words.everyone]];
  return field({ name: "shown", label: words.shown, options, value: member.public ? "everyone" : "members" });
}
