// One event: its status and commands, its form, its single dates.
import { element } from "/components/element.js";
import { fill, texts } from "/components/i18n.js";
import { call } from "/components/session.js";
import { badge, categories as allCategories } from "../shared/names.js";
import { commands } from "./commands.js";
import { editing as edit } from "./editing.js";
import { eventForm, isEditable } from "./form.js";
import { occurrences } from "./occurrences.js";

const words = texts({
  en: {
    all: "Your events",
    reason: "Reason: {reason}",
    blocked: "The platform has blocked this event: others do not see it.",
    fixed: "This event cannot be changed any more. Duplicate it to announce it again.",
  },
  ru: {
    all: "Ваши события",
    reason: "Причина: {reason}",
    blocked: "Платформа заблокировала событие: другие его не видят.",
    fixed: "Это событие больше нельзя изменить. Создайте копию, чтобы объявить его снова.",
  },
});

/** Content of the page. */
export async function event(id) {
  const [first, categories] = await Promise.all([call("GET", `/events/${id}`), allCategories()]);
  const editing = edit(first);
  const head = element("div");
  const dates = element("div");
  const { form, adapt, reschedule } = eventForm(editing, categories, () => refresh());

  function refresh() {
    const { title, status, reason, blocked, organizer } = editing.current();
    const back = organizer.startsWith("org_") ? `#${organizer}` : "#";
    const notice = [reason && fill(words.reason, { reason }), blocked && words.blocked, isEditable(status) ? null : words.fixed].filter(Boolean);
    head.replaceChildren(
      element("p", {}, element("a", { href: back }, `← ${words.all}`)),
      element("h1", { tabindex: "-1" }, title, [badge(status)].filter(Boolean).flatMap((it) => [" ", it])),
      notice.length > 0 ? element("div", { class: "notice" }, notice.map((text) => element("p", {}, text))) : "",
      commands(editing, { reschedule, refresh: () => refreshAndFocus(head, "h1") }),
    );
    dates.replaceChildren(...occurrences(editing, () => refreshAndFocus(dates, "h2")));
    adapt();
  }

  /** After a command, the button that had the focus may not be in the page. */
  function refreshAndFocus(part, heading) {
    refresh();
    part.querySelector(heading)?.focus();
  }

  refresh();
  return [head, form, dates];
}
