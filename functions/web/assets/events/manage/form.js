// Form of an event. It sends the fields that were changed.
import { button, element } from "/components/element.js";
import { choice, handle } from "/components/form.js";
import { texts } from "/components/i18n.js";
import { say } from "/components/page.js";
import { aboutFields, imageFields } from "./about.js";
import { placeFields } from "./place.js";
import { scheduleFields } from "./schedule.js";
import { words as fieldWords } from "./texts.js";
import { ticketFields } from "./tickets.js";
import { watch } from "./unsaved.js";

const words = texts({
  en: { save: "Save", saved: "The event has been saved.", publish: "Publish", published: "The event is public now.", unchanged: "Nothing has changed." },
  ru: { save: "Сохранить", saved: "Событие сохранено.", publish: "Опубликовать", published: "Событие опубликовано.", unchanged: "Изменений нет." },
});

/** Statuses in which visitors know the dates. */
const ANNOUNCED = ["published", "rescheduled", "postponed"];
export const isEditable = (status) => status === "draft" || ANNOUNCED.includes(status);

/**
 * The form of an event that is edited. `refresh` shows the rest of the page again after a
 * change. Returns the form, and `reschedule`, which leads to the dates.
 */
export function eventForm(editing, categories, refresh) {
  const event = editing.current();
  const about = aboutFields(event, categories);
  const schedule = scheduleFields(event.schedule);
  const place = placeFields(event);
  const tickets = ticketFields(event.ticket_types);
  const images = imageFields(event);
  const announce = choice({ label: fieldWords.announce, name: "announce" });
  schedule.root.append(announce);
  const parts = [about.root, schedule.root, place.root, tickets.root, images.root];
  const publish = button(words.publish, () => attempt(publishEvent), { class: "primary" });
  const submit = element("button", {}, words.save);
  const save = element("div", { class: "save" }, submit, publish);
  const form = element("form", {}, parts, save);

  const values = () => ({
    ...about.read(),
    ...place.read(),
    schedule: schedule.read(),
    ticket_types: tickets.read(),
    images: images.read(),
  });
  let saved = values();
  const isChanged = () => {
    try {
      return JSON.stringify(values()) !== JSON.stringify(saved);
    } catch {
      // A value that cannot be sent was typed.
      return true;
    }
  };
  watch(form, () => isEditable(editing.current().status) && isChanged());

  /** Sends what has changed since the form was filled in or sent; resolves to false for nothing. */
  const sendChanges = async () => {
    const now = values();
    const differs = ([name, value]) => JSON.stringify(value) !== JSON.stringify(saved[name]);
    const patch = Object.fromEntries(Object.entries(now).filter(differs));
    const isAnnounced = announce.firstElementChild.checked && !announce.hidden;
    if (patch.schedule) {
      patch.schedule = { ...patch.schedule, ...further(editing.current().schedule, patch.schedule) };
    }
    const { schedule: dates, ...others } = patch;
    if (Object.keys(isAnnounced && dates ? others : patch).length > 0) {
      await editing.send("PATCH", "", isAnnounced && dates ? others : patch);
    }
    if (isAnnounced && dates) {
      await editing.send("POST", "/reschedule", { schedule: dates });
      announce.firstElementChild.checked = false;
    }
    saved = now;
    return Object.keys(patch).length > 0;
  };

  const saveEvent = async () => {
    const isSent = await sendChanges();
    refresh();
    say(isSent ? words.saved : words.unchanged);
  };

  const publishEvent = async () => {
    await sendChanges();
    await editing.send("POST", "/publish");
    refresh();
    say(words.published);
  };

  /** Shows what the status of the event allows. */
  const adapt = () => {
    const { status } = editing.current();
    parts.forEach((part) => (part.disabled = !isEditable(status)));
    save.hidden = !isEditable(status);
    publish.hidden = status !== "draft";
    submit.classList.toggle("primary", publish.hidden);
    announce.hidden = !ANNOUNCED.includes(status);
  };

  const attempt = handle(form, saveEvent, editing.own);
  // The messages stand beside the buttons.
  save.append(form.lastElementChild);
  adapt();
  const reschedule = () => {
    announce.firstElementChild.checked = true;
    schedule.focus();
  };
  return { form, adapt, reschedule };
}

/** Single dates that were added and skipped, which a new schedule keeps while its kind stays. */
function further(before, after) {
  if (!before || before.all_day !== after.all_day) {
    return { added: [] };
  }
  return { added: before.added, skipped: before.skipped };
}
