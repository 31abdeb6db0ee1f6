// Single dates of an event: each can be moved, cancelled, skipped and restored.
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { field } from "/components/form.js";
import { fill, texts } from "/components/i18n.js";
import { say } from "/components/page.js";
import { call } from "/components/session.js";
import { list } from "/components/table.js";
import { badge } from "../shared/names.js";
import { dayText, localText, when } from "../shared/when.js";
import { isEditable } from "./form.js";

const words = texts({
  en: {
    title: "Single dates",
    none: "No date within a year.",
    date: "Date",
    status: "Status",
    moved: "moved",
    move: "Move",
    moveOf: "Move {date}",
    day: "Date",
    time: "Start",
    save: "Save",
    cancel: "Cancel the date",
    cancelOf: "Cancel {date}",
    cancelText: "The date stays visible as cancelled.",
    skip: "Skip",
    skipOf: "Skip {date}",
    skipText: "The date is not shown any more. To tell visitors, cancel it instead.",
    restore: "Restore",
    restoreOf: "Restore {date}",
    skipped: "Skipped dates",
    done: "The date has been changed.",
  },
  ru: {
    title: "Отдельные даты",
    none: "В ближайший год дат нет.",
    date: "Дата",
    status: "Статус",
    moved: "перенесено",
    move: "Перенести",
    moveOf: "Перенести: {date}",
    day: "Дата",
    time: "Начало",
    save: "Сохранить",
    cancel: "Отменить дату",
    cancelOf: "Отменить: {date}",
    cancelText: "Дата останется видна как отменённая.",
    skip: "Пропустить",
    skipOf: "Пропустить: {date}",
    skipText: "Дата перестанет показываться. Чтобы предупредить посетителей, отмените её.",
    restore: "Восстановить",
    restoreOf: "Восстановить: {date}",
    skipped: "Пропущенные даты",
    done: "Дата изменена.",
  },
});

/** Heading and list of the coming dates, and the skipped ones. */
export function occurrences(editing, refresh) {
  const { schedule, status } = editing.current();
  if (!schedule) {
    return [];
  }
  const mayChange = isEditable(status);
  const load = async (cursor) => {
    const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const page = await call("GET", `${editing.path}/occurrences${query}`);
    return { ...page, data: page.data.map((occurrence) => ({ ...occurrence, id: occurrence.key })) };
  };
  const columns = [
    { title: words.date, cell: (occurrence) => when(occurrence, schedule) },
    { title: words.status, cell: state },
    ...(mayChange ? [{ cell: (occurrence) => actions(editing, occurrence, refresh) }] : []),
  ];
  const { root } = list({ caption: words.title, columns, load, empty: words.none });
  return [element("h2", { tabindex: "-1" }, words.title), root, ...skipped(editing, mayChange, refresh)];
}

function state({ status, moved }) {
  const badges = [badge(status), moved ? element("span", { class: "badge" }, words.moved) : null].filter(Boolean);
  return badges.flatMap((it) => [it, " "]);
}

function skipped(editing, mayChange, refresh) {
  const keys = editing.current().schedule.skipped;
  const item = (key) => {
    const date = dayText(key.slice(0, 10));
    const restore = button(words.restore, () => restoreDate(editing, key, date, refresh), { "aria-label": `${words.restore}: ${date}` });
    return element("li", {}, element("div", { class: "actions" }, date, mayChange ? restore : null));
  };
  return keys.length === 0 ? [] : [element("h3", {}, words.skipped), element("ul", { class: "plain" }, keys.map(item))];
}

async function question(editing, refresh, asked) {
  if (await ask({ own: editing.own, ...asked })) {
    refresh();
    say(words.done);
  }
}

function restoreDate(editing, key, date, refresh) {
  const send = () => editing.send("POST", `/occurrences/${key}/restore`);
  return question(editing, refresh, { title: fill(words.restoreOf, { date }), action: words.restore, send });
}

function actions(editing, occurrence, refresh) {
  const { key, local_start, status } = occurrence;
  const path = `/occurrences/${key}`;
  const date = localText(local_start);
  const named = (text) => ({ "aria-label": `${text}: ${date}` });
  const isTimed = local_start.length > 10;
  const move = () => {
    const fields = [
      field({ name: "start", label: words.day, type: "date", value: local_start.slice(0, 10), required: true }),
      isTimed ? field({ name: "time", label: words.time, type: "time", value: local_start.slice(11, 16), required: true }) : null,
    ];
    const send = ({ start, time }) => editing.send("PATCH", path, { start: isTimed ? `${start}T${time}` : start });
    return question(editing, refresh, { title: fill(words.moveOf, { date }), fields: fields.filter(Boolean), action: words.save, send });
  };
  const cancel = () => {
    const send = () => editing.send("POST", `${path}/cancel`);
    return question(editing, refresh, { title: fill(words.cancelOf, { date }), text: words.cancelText, action: words.cancel, danger: true, send });
  };
  const skip = () => {
    const send = () => editing.send("DELETE", path);
    return question(editing, refresh, { title: fill(words.skipOf, { date }), text: words.skipText, action: words.skip, danger: true, send });
  };
  const restore = () => restoreDate(editing, key, date, refresh);
  return element(
    "div",
    { class: "actions" },
    status === "cancelled"
      ? [button(words.restore, restore, named(words.restore))]
      : [
          button(words.move, move, named(words.move)),
          button(words.cancel, cancel, named(words.cancel)),
          button(words.skip, skip, named(words.skip)),
        ],
  );
}
