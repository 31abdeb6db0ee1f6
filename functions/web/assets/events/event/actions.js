// Title of an event, and what a reader can do with it.
import { button, element } from "/components/element.js";
import { say } from "/components/page.js";
import { copy } from "../shared/copy.js";
import { badge } from "../shared/names.js";
import { words } from "./texts.js";

/** Heading and summary. */
export function title(event) {
  return element(
    "div",
    {},
    element("h1", {}, event.title, [badge(event.status)].filter(Boolean).flatMap((it) => [" ", it])),
    event.summary ? element("p", { class: "lead" }, event.summary) : null,
  );
}

/** Calendar, sharing, and editing for those who may. */
export function actions(event, mayEdit) {
  const isPublic = event.status !== "draft";
  const isAhead = ["published", "rescheduled"].includes(event.status);
  const calendar = element("a", { href: `/api/v1/events/${event.id}/calendar.ics`, class: "button" }, words.calendar);
  const edit = element("a", { href: `/events/manage#${event.id}`, class: "button" }, words.edit);
  return element(
    "div",
    { class: "actions" },
    isAhead && event.schedule ? calendar : null,
    isPublic ? button(words.share, () => share(event)) : null,
    mayEdit ? edit : null,
  );
}

async function share({ title, slug }) {
  const url = `${location.origin}/events/${slug}`;
  if (navigator.share) {
    // Closing the browser's dialog is no failure.
    await navigator.share({ title, url }).catch(() => {});
  } else {
    say((await copy(url)) ? words.copied : url);
  }
}
