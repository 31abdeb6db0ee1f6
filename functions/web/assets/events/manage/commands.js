// What an organiser can do with an event beside changing its fields.
import { idempotency } from "/components/api.js";
import { ask } from "/components/dialog.js";
import { button, element } from "/components/element.js";
import { field } from "/components/form.js";
import { texts } from "/components/i18n.js";
import { say } from "/components/page.js";
import { call } from "/components/session.js";
import { release } from "./unsaved.js";

const words = texts({
  en: {
    view: "View the page",
    reason: "Reason (optional)",
    reasonHint: "One line that visitors see.",
    unpublish: "Unpublish",
    unpublishText: "The event becomes a draft. Its page is not shown any more.",
    postpone: "Postpone",
    postponeText: "Tells visitors that the announced time is void, before a new one is known.",
    reschedule: "Reschedule",
    cancel: "Cancel the event",
    cancelText: "The event is cancelled for good. Its page stays and says so.",
    complete: "Mark as over",
    completeText: "The page stays visible, and the event cannot be changed any more.",
    duplicate: "Duplicate",
    duplicateText: "Creates a draft with the same fields and dates.",
    title: "Title of the copy",
    delete: "Delete",
    deleteText: "The event is deleted with its page. This cannot be undone.",
    done: "The status has been changed.",
    deleted: "The event has been deleted.",
  },
  ru: {
    view: "Открыть страницу",
    reason: "Причина (необязательно)",
    reasonHint: "Одна строка, которую увидят посетители.",
    unpublish: "Снять с публикации",
    unpublishText: "Событие станет черновиком, страница перестанет показываться.",
    postpone: "Отложить",
    postponeText: "Посетители увидят, что объявленное время отменено, а новое ещё не известно.",
    reschedule: "Перенести",
    cancel: "Отменить событие",
    cancelText: "Событие отменяется окончательно. Страница останется и сообщит об этом.",
    complete: "Отметить завершённым",
    completeText: "Страница останется видна, изменить событие будет нельзя.",
    duplicate: "Создать копию",
    duplicateText: "Будет создан черновик с теми же полями и датами.",
    title: "Название копии",
    delete: "Удалить",
    deleteText: "Событие будет удалено вместе со страницей. Отменить это нельзя.",
    done: "Статус изменён.",
    deleted: "Событие удалено.",
  },
});

/** Commands of each status, as the API allows them. */
const ALLOWED = {
  draft: ["duplicate", "delete"],
  published: ["view", "reschedule", "postpone", "cancel", "complete", "unpublish", "duplicate"],
  rescheduled: ["view", "reschedule", "postpone", "cancel", "complete", "unpublish", "duplicate"],
  postponed: ["view", "reschedule", "cancel", "unpublish", "duplicate"],
  cancelled: ["view", "duplicate", "delete"],
  completed: ["view", "duplicate", "delete"],
};

/** The buttons of an event's status. `reschedule` leads to the dates, `refresh` shows the page again. */
export function commands(editing, { reschedule, refresh }) {
  const { id, slug, status, title } = editing.current();

  const change = async (command, hasReason) => {
    const fields = hasReason ? [field({ name: "reason", label: words.reason, hint: words.reasonHint, maxlength: 200, autocomplete: "off" })] : [];
    const send = (body) => editing.send("POST", `/${command}`, hasReason ? body : undefined);
    const danger = command === "cancel";
    if (await ask({ title: words[command], text: words[`${command}Text`], fields, action: words[command], danger, send, own: editing.own })) {
      refresh();
      say(words.done);
    }
  };

  const duplicate = async () => {
    const headers = idempotency();
    let copy;
    const send = async (body) => {
      copy = await call("POST", `${editing.path}/duplicate`, { body, headers: headers(body) });
    };
    const fields = [field({ name: "title", id: "copy-title", label: words.title, value: title, maxlength: 150, required: true })];
    if (await ask({ title: words.duplicate, text: words.duplicateText, fields, action: words.duplicate, send, own: editing.own })) {
      location.hash = copy.id;
    }
  };

  const remove = async () => {
    const send = async () => {
      const headers = { "if-match": `"${editing.current().version}"` };
      await call("DELETE", editing.path, { headers });
    };
    if (await ask({ title: words.delete, text: words.deleteText, action: words.delete, danger: true, send, own: editing.own })) {
      release();
      location.hash = "";
      say(words.deleted);
    }
  };

  const made = {
    view: () => element("a", { href: `/events/${slug ?? id}`, class: "button" }, words.view),
    reschedule: () => button(words.reschedule, reschedule),
    postpone: () => button(words.postpone, () => change("postpone", true)),
    cancel: () => button(words.cancel, () => change("cancel", true), { class: "danger" }),
    complete: () => button(words.complete, () => change("complete", false)),
    unpublish: () => button(words.unpublish, () => change("unpublish", false)),
    duplicate: () => button(words.duplicate, duplicate),
    delete: () => button(words.delete, remove, { class: "danger" }),
  };
  return element("div", { class: "actions commands" }, (ALLOWED[status] ?? []).map((name) => made[name]()));
}
