// Recurrence rules (RFC 5545) as the form states them.
import { lastDay, onClock } from "../shared/when.js";

export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** Place of a day in its week, from Monday. */
export function weekdayOf(day) {
  return (onClock(day).getUTCDay() + 6) % 7;
}

/** The day of a month, its number among the same weekdays, and whether it is the last of them. */
export function placeOf(day) {
  const number = Number(day.slice(8));
  return { number, nth: Math.ceil(number / 7), isLast: number + 7 > Number(lastDay(day.slice(0, 7)).slice(8)) };
}

/** The rule of the form's values from a first day on; `null` for a single date. */
export function ruleOf({ repeat, interval, weekdays }, day) {
  const weekday = WEEKDAYS[weekdayOf(day)];
  const { number, nth } = placeOf(day);
  const days = WEEKDAYS.filter((it) => weekdays.includes(it) || it === weekday);
  const rules = {
    daily: "FREQ=DAILY",
    weekly: "FREQ=WEEKLY",
    monthly: "FREQ=MONTHLY",
    nth: "FREQ=MONTHLY",
    last: "FREQ=MONTHLY",
    yearly: "FREQ=YEARLY",
  };
  const lists = {
    weekly: `;BYDAY=${days.join(",")}`,
    monthly: `;BYMONTHDAY=${number}`,
    nth: `;BYDAY=${nth}${weekday}`,
    last: `;BYDAY=-1${weekday}`,
  };
  if (!(repeat in rules)) {
    return null;
  }
  return rules[repeat] + (interval > 1 ? `;INTERVAL=${interval}` : "") + (lists[repeat] ?? "");
}

/** The form's values of a rule; `null` if the form cannot state it. */
export function valuesOf(rule, day) {
  if (!rule) {
    return { repeat: "none", interval: 1, weekdays: [] };
  }
  const { FREQ, INTERVAL = "1", BYDAY, ...lists } = Object.fromEntries(rule.split(";").map((part) => part.split("=")));
  const interval = Number(INTERVAL);
  const names = Object.keys(lists);
  const weekday = WEEKDAYS[weekdayOf(day)];
  const { number, nth, isLast } = placeOf(day);
  const plain = (repeat, weekdays = []) => ({ repeat, interval, weekdays });
  if (FREQ === "DAILY" && !BYDAY && names.length === 0) {
    return plain("daily");
  }
  if (FREQ === "WEEKLY" && names.length === 0) {
    const weekdays = BYDAY ? BYDAY.split(",") : [weekday];
    return weekdays.every((it) => WEEKDAYS.includes(it)) ? plain("weekly", weekdays) : null;
  }
  if (FREQ === "MONTHLY" && !BYDAY && names.every((name) => name === "BYMONTHDAY")) {
    return (lists.BYMONTHDAY ?? String(number)) === String(number) ? plain("monthly") : null;
  }
  if (FREQ === "MONTHLY" && BYDAY && names.length === 0) {
    if (BYDAY === `-1${weekday}` && isLast) {
      return plain("last");
    }
    return BYDAY === `${nth}${weekday}` ? plain("nth") : null;
  }
  return FREQ === "YEARLY" && !BYDAY && names.length === 0 ? plain("yearly") : null;
}

/** Days, hours and minutes of an ISO 8601 duration. */
export function lengthOf(duration) {
  const [, weeks, days, hours, minutes] = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?.*)?$/.exec(duration ?? "P0D") ?? [];
  return { days: Number(weeks ?? 0) * 7 + Number(days ?? 0), hours: Number(hours ?? 0), minutes: Number(minutes ?? 0) };
}

/** ISO 8601 duration; `undefined` for none. */
export function durationOf({ days, hours, minutes }) {
  const time = (hours ? `${hours}H` : "") + (minutes ? `${minutes}M` : "");
  const text = (days ? `${days}D` : "") + (time ? `T${time}` : "");
  return text === "" ? undefined : `P${text}`;
}
