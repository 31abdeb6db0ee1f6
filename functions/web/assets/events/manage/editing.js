// An event while it is edited: its latest version, which every change names.
import { Problem } from "/components/api.js";
import { fill, texts } from "/components/i18n.js";
import { call } from "/components/session.js";
import { endings } from "./endings.js";

const words = texts({
  en: {
    changed: "Another person has changed this event since you opened it: {fields}. What you have entered is still here. Send it again to apply it to their version.",
    title: "title",
    slug: "name in links",
    summary: "summary",
    description: "description",
    schedule: "dates",
    mode: "attendance",
    venue: "place",
    online_url: "link",
    categories: "categories",
    tags: "tags",
    language: "language",
    images: "images",
    ticket_types: "prices",
    visibility: "visibility",
    status: "status",
    dates: "single dates",
  },
  ru: {
    changed: "Пока страница была открыта, событие изменил кто-то другой: {fields}. Введённое вами сохранилось здесь. Отправьте ещё раз, чтобы применить это к новой версии.",
    title: "название",
    slug: "имя в ссылках",
    summary: "кратко",
    description: "описание",
    schedule: "даты",
    mode: "участие",
    venue: "место",
    online_url: "ссылка",
    categories: "категории",
    tags: "метки",
    language: "язык",
    images: "изображения",
    ticket_types: "цены",
    visibility: "видимость",
    status: "статус",
    dates: "отдельные даты",
  },
});

const FIELDS = [
  "title", "slug", "summary", "description", "schedule", "mode", "venue", "online_url", "categories", "tags", "language",
  "images", "ticket_types", "visibility", "status",
];

/**
 * An event's editing. `send` sends a change of the latest version and returns the event
 * after it. If another person was faster, it takes over their version and throws a problem
 * that names their changes: sending again applies the change to it.
 */
export function editing(first) {
  let event = first;
  const path = `/events/${first.id}`;
  // The texts of problems, with that of the latest conflict.
  const own = { ...endings };

  async function send(method, part, body) {
    let reply;
    try {
      reply = await call(method, path + part, { body, headers: { "if-match": `"${event.version}"` } });
    } catch (problem) {
      if (problem.code !== "stale_version") {
        throw problem;
      }
      await meet();
    }
    // A date's reply has no version of the event.
    event = reply?.id === first.id ? reply : await call("GET", path);
    return event;
  }

  async function meet() {
    const theirs = await call("GET", path);
    const differs = (name) => JSON.stringify(theirs[name]) !== JSON.stringify(event[name]);
    const names = FIELDS.filter(differs).map((name) => words[name]);
    own.changed_meanwhile = fill(words.changed, { fields: (names.length > 0 ? names : [words.dates]).join(", ") });
    event = theirs;
    throw new Problem("changed_meanwhile", { status: 412 });
  }

  return { send, own, path, current: () => event };
}
