// The dates of an event: a first date and its repetition.
import { Problem } from "/components/api.js";
import { element } from "/components/element.js";
import { choice, field } from "/components/form.js";
import { capital, fill } from "/components/i18n.js";
import { ownZone, weekdays as weekdayNames } from "../shared/when.js";
import { WEEKDAYS, durationOf, lengthOf, placeOf, ruleOf, valuesOf, weekdayOf } from "./rule.js";
import { words } from "./texts.js";

const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

/** Labels of the interval; all other repetitions are monthly. */
const INTERVALS = { daily: "everyDay", weekly: "everyWeek", yearly: "everyYear" };

/** Pointer of the only part that the form states. */
const PART = "schedule/parts/0";

/** The form's values of a schedule; `null` if the form cannot state it. */
function stated(schedule) {
  if (!schedule) {
    return { time_zone: ownZone, date: "", time: "", length: {}, ...valuesOf(null) };
  }
  const { time_zone, all_day, parts } = schedule;
  const [{ start, from, duration, rule, until, count, changes }] = parts;
  const date = start.slice(0, 10);
  const values = valuesOf(rule, date);
  if (parts.length > 1 || values === null || (from ?? date) !== date || Object.keys(changes ?? {}).length > 0) {
    return null;
  }
  return { time_zone, all_day, date, time: start.slice(11, 16), length: lengthOf(duration), until, count, ...values };
}

/**
 * The fields of a schedule. `read` returns what they state: `null` without a date, and the
 * schedule as it was if the form cannot state it and the person does not replace it.
 */
export function scheduleFields(schedule) {
  const values = stated(schedule);
  const isComplex = values === null;
  const shown = values ?? { ...stated(null), time_zone: schedule.time_zone };
  const replace = choice({ label: words.replace, name: "schedule/replace" });
  const inputs = element("fieldset", { class: "series" }, fields(shown));
  const root = element(
    "fieldset",
    {},
    element("legend", {}, words.when),
    isComplex ? [element("p", { class: "quiet" }, words.complex), replace] : null,
    inputs,
  );
  const control = (name) => inputs.querySelector(`[name="${name}"]`);

  const adapt = () => {
    inputs.hidden = inputs.disabled = isComplex && !replace.firstElementChild.checked;
    const day = control(`${PART}/start`).value;
    const allDay = control("schedule/all_day").checked;
    const repeat = control(`${PART}/rule`);
    const chosen = repeat.value;
    repeat.replaceChildren(...repetitions(day).map(([value, text]) => element("option", { value }, text)));
    repeat.value = [...repeat.options].some(({ value }) => value === chosen) ? chosen : "none";
    const repeats = repeat.value !== "none";
    const end = inputs.querySelector("[name='schedule/ends']").value;
    toggle("schedule/time", !allDay);
    toggle("schedule/hours", !allDay);
    toggle("schedule/minutes", !allDay);
    toggle("schedule/interval", repeats);
    control("schedule/interval").closest(".field").querySelector("label").textContent = words[INTERVALS[repeat.value] ?? "everyMonth"];
    toggle("schedule/weekdays", repeat.value === "weekly");
    toggle("schedule/ends", repeats);
    toggle(`${PART}/until`, repeats && end === "until");
    toggle(`${PART}/count`, repeats && end === "count");
    if (day !== "") {
      takeFirst(WEEKDAYS[weekdayOf(day)]);
    }
  };

  /** The first date is one of the dates: its weekday alone, unless others were chosen. */
  let first = null;
  const takeFirst = (weekday) => {
    const boxes = [...inputs.querySelectorAll("[name='schedule/weekdays']")];
    const others = boxes.filter(({ checked, value }) => checked && value !== first);
    boxes.forEach((box) => (box.checked = box.value === weekday || (others.length > 0 && box.checked)));
    first = weekday;
  };
  const toggle = (name, isShown) => {
    const around = control(name).closest(".field");
    around.hidden = !isShown;
    around.querySelectorAll("input, select").forEach((it) => (it.disabled = !isShown));
  };
  root.addEventListener("change", adapt);
  adapt();

  const read = () => {
    if (inputs.disabled) {
      return schedule;
    }
    const text = (name) => control(name).value.trim();
    const number = (name) => Number(text(name)) || 0;
    const allDay = control("schedule/all_day").checked;
    const day = text(`${PART}/start`);
    if (day === "") {
      return null;
    }
    if (!allDay && text("schedule/time") === "") {
      throw new Problem("invalid_fields", { errors: [{ pointer: "/schedule/time", code: "required" }], status: 422 });
    }
    const length = allDay
      ? { days: Math.max(1, number("schedule/days")) }
      : { days: number("schedule/days"), hours: number("schedule/hours"), minutes: number("schedule/minutes") };
    const boxes = [...inputs.querySelectorAll("[name='schedule/weekdays']")];
    const repetition = {
      repeat: text(`${PART}/rule`),
      interval: number("schedule/interval"),
      weekdays: boxes.filter(({ checked }) => checked).map(({ value }) => value),
    };
    const rule = ruleOf(repetition, day);
    const end = rule === null ? "never" : text("schedule/ends");
    const part = {
      start: allDay ? day : `${day}T${text("schedule/time")}`,
      duration: durationOf(length),
      rule: rule ?? undefined,
      until: end === "until" ? text(`${PART}/until`) || undefined : undefined,
      count: end === "count" ? number(`${PART}/count`) || undefined : undefined,
    };
    return { time_zone: text("schedule/time_zone"), all_day: allDay, parts: [part] };
  };
  return { root, read, focus: () => (inputs.disabled ? replace.firstElementChild : control(`${PART}/start`)).focus() };
}

function fields({ time_zone, all_day, date, time, length, repeat, interval, weekdays, until, count }) {
  const number = (name, label, value, max, further) =>
    field({ name, label, type: "number", min: 0, max, inputmode: "numeric", value: value ? String(value) : "", ...further });
  const zones = element("datalist", { id: "zones" }, (Intl.supportedValuesOf?.("timeZone") ?? []).map((value) => element("option", { value })));
  const names = weekdayNames("long");
  const boxes = WEEKDAYS.map((value, at) =>
    choice({ label: capital(names[at]), name: "schedule/weekdays", value, checked: weekdays.includes(value) }),
  );
  const ends = until ? "until" : count ? "count" : "never";
  return [
    element(
      "div",
      { class: "fields" },
      field({ name: `${PART}/start`, label: words.date, type: "date", value: date, pointers: "schedule schedule/parts" }),
      field({ name: "schedule/time", label: words.time, type: "time", value: time }),
      field({ name: "schedule/time_zone", label: words.zone, hint: words.zoneHint, value: time_zone, list: "zones", required: true, autocomplete: "off" }),
    ),
    element("div", { class: "field" }, choice({ label: words.allDay, name: "schedule/all_day", checked: all_day })),
    element(
      "fieldset",
      {},
      element("legend", {}, words.length),
      element(
        "div",
        { class: "fields three" },
        number("schedule/days", words.days, length.days, 366, { pointers: `${PART}/duration` }),
        number("schedule/hours", words.hours, length.hours, 8784),
        number("schedule/minutes", words.minutes, length.minutes, 59),
      ),
      element("p", { class: "hint" }, words.lengthHint),
    ),
    element(
      "div",
      { class: "fields" },
      field({ name: `${PART}/rule`, label: words.repeat, options: repetitions(date), value: repeat }),
      number("schedule/interval", words.everyWeek, interval, 100, { min: 1 }),
      field({ name: "schedule/ends", label: words.ends, value: ends, options: ["never", "until", "count"].map((it) => [it, words[it]]) }),
      field({ name: `${PART}/until`, label: words.untilDate, type: "date", value: until, required: true }),
      number(`${PART}/count`, words.countNumber, count, 730, { min: 1, required: true }),
    ),
    element("fieldset", { class: "field" }, element("legend", {}, words.weekdays), element("div", { class: "choices" }, boxes)),
    zones,
  ];
}

/** The repetitions that a first day allows, as options. */
function repetitions(day) {
  const always = [["none", words.once], ["daily", words.daily], ["weekly", words.weekly]];
  if (day === "") {
    return [...always, ["yearly", words.yearly]];
  }
  const { number, nth, isLast } = placeOf(day);
  const weekday = weekdayNames("long")[weekdayOf(day)];
  return [
    ...always,
    ["monthly", fill(words.monthly, { n: number })],
    ["nth", fill(words.nth, { nth: words[ORDINALS[nth - 1]], weekday })],
    ...(isLast ? [["last", fill(words.last, { weekday })]] : []),
    ["yearly", words.yearly],
  ];
}
