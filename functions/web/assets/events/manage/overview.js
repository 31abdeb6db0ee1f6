// Events of an organiser: of the account, or of one of its organisations.
import { idempotency } from "/components/api.js";
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { field } from "/components/form.js";
import { texts } from "/components/i18n.js";
import { call } from "/components/session.js";
import { list } from "/components/table.js";
import { STATUSES, nameOf } from "../shared/names.js";
import { dayIn, ownZone } from "../shared/when.js";
import { endings } from "./endings.js";

const words = texts({
  en: {
    title: "Your events",
    create: "New event",
    createText: "Creates a draft that others do not see.",
    createAction: "Create",
    name: "Title",
    organizer: "Organiser",
    you: "You",
    status: "Status",
    all: "All",
    none: "No event yet.",
    noneOf: "No event has this status.",
    date: "First date",
    place: "Place",
  },
  ru: {
    title: "Ваши события",
    create: "Новое событие",
    createText: "Будет создан черновик, который другие не видят.",
    createAction: "Создать",
    name: "Название",
    organizer: "Организатор",
    you: "Вы",
    status: "Статус",
    all: "Все",
    none: "Событий пока нет.",
    noneOf: "Событий с таким статусом нет.",
    date: "Первая дата",
    place: "Место",
  },
});

/** Roles of members that manage events. */
const MANAGERS = ["owner", "admin", "editor"];

/** Content of the page for an organiser: the id of an organisation, or "" for the account. */
export async function overview(user, chosen) {
  const { data } = await call("GET", "/organizations/mine?limit=100");
  const own = data.map(({ id, name, role, status }) => ({ id, name, manages: MANAGERS.includes(role) && status === "active" }));
  const organizers = [[user.id, words.you], ...own.map(({ id, name }) => [id, name])];
  const shown = own.some(({ id }) => id === chosen) ? chosen : user.id;
  const organizer = field({ name: "organizer", id: "shown-organizer", label: words.organizer, options: organizers, value: shown });
  const status = field({ name: "status", id: "shown-status", label: words.status, options: [["", words.all], ...STATUSES.map((it) => [it, nameOf(it)])] });
  organizer.addEventListener("change", ({ target }) => (location.hash = target.value === user.id ? "" : target.value));
  const events = element("div");
  const show = (filter) => events.replaceChildren(table(shown, filter));
  status.addEventListener("change", ({ target }) => show(target.value));
  show("");
  const managed = [[user.id, words.you], ...own.filter(({ manages }) => manages).map(({ id, name }) => [id, name])];
  const mayCreate = managed.some(([id]) => id === shown);
  return [
    element(
      "div",
      { class: "bar" },
      element("h1", {}, words.title),
      button(words.create, () => create(managed, mayCreate ? shown : user.id), { class: "primary" }),
    ),
    element("div", { class: "fields few" }, own.length > 0 ? organizer : null, status),
    events,
  ];
}

function table(organizer, status) {
  const load = (cursor) => {
    const query = new URLSearchParams(Object.entries({ organizer, status, cursor }).filter(([, value]) => value));
    return call("GET", `/events/managed?${query}`);
  };
  const columns = [
    { title: words.name, cell: ({ id, title }) => element("a", { href: `#${id}` }, title) },
    { title: words.status, cell: ({ status: it }) => element("span", { class: `badge ${it === "cancelled" ? "off" : ""}` }, nameOf(it)) },
    { title: words.date, cell: ({ starts_at, time_zone }) => element("span", { class: "whole" }, starts_at ? dayIn(starts_at, time_zone ?? ownZone) : "–") },
    { title: words.place, cell: ({ mode, city }) => [mode === "online" ? null : city, mode === "offline" ? null : nameOf("online")].filter(Boolean).join(" · ") || "–" },
  ];
  return list({ caption: words.title, columns, load, empty: status ? words.noneOf : words.none }).root;
}

/** Creates a draft and opens it. */
function create(organizers, value) {
  const headers = idempotency();
  const send = async (body) => {
    const { id } = await call("POST", "/events", { body, headers: headers(body) });
    location.hash = id;
  };
  const fields = [
    field({ name: "title", label: words.name, maxlength: 150, required: true, autocomplete: "off" }),
    field({ name: "organizer", label: words.organizer, options: organizers, value }),
  ];
  return ask({ title: words.create, text: words.createText, fields, action: words.createAction, send, own: endings });
}
