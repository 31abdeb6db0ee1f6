// Dates of events in the reader's language: as the clock of the event's zone shows them,
// and in the reader's own time.
import { capital, locale } from "/components/i18n.js";

const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
const CLOCK = { hour: "numeric", minute: "2-digit" };
const TIME = { ...DAY, ...CLOCK };

/** Zone of the reader's clock. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A format, in UTC if the browser's database lacks the zone. */
function format(options, timeZone) {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  }
}

/** True if the browser knows a time zone. */
export function isZone(timeZone) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
}

/** A local time or date of the API as an instant of a clock in UTC, for formats in UTC. */
export function onClock(local) {
  return new Date(local.length === 10 ? `${local}T00:00Z` : `${local}Z`);
}

/** The instant that a zone's clock shows, for formats in UTC. */
function clockAt(instant, timeZone) {
  const numbers = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" };
  const parts = new Intl.DateTimeFormat("en", { ...numbers, hourCycle: "h23", timeZone }).formatToParts(instant);
  const part = (type) => Number(parts.find((it) => it.type === type).value);
  return new Date(Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute")));
}

/** Start and end of an occurrence on the clock of its zone, the end exclusive. */
function clocks({ starts_at, ends_at, local_start }, timeZone) {
  const start = onClock(local_start);
  const end = isZone(timeZone)
    ? clockAt(new Date(ends_at), timeZone)
    : new Date(start.getTime() + (Date.parse(ends_at) - Date.parse(starts_at)));
  return { start, end: end < start ? start : end };
}

/** Start and end of an occurrence as a text. */
export function when(occurrence, { time_zone, all_day }) {
  const { start, end } = clocks(occurrence, time_zone);
  if (all_day) {
    return format(DAY, "UTC").formatRange(start, new Date(Math.max(start, end - 1)));
  }
  return format(TIME, "UTC").formatRange(start, end);
}

/** The day on which an occurrence begins, `2026-12-05`. */
export function dayOf({ local_start }) {
  return local_start.slice(0, 10);
}

/** Name of an event's zone at the time of an occurrence; `null` if the reader's clock is the same. */
export function zoneName({ starts_at }, { time_zone, all_day }) {
  if (all_day || !isZone(time_zone) || isOwn(starts_at, time_zone)) {
    return null;
  }
  return named(starts_at, time_zone);
}

/** Name and offset of a zone at a time. */
export function named(time, timeZone) {
  const part = (timeZoneName) =>
    format({ timeZoneName }, timeZone).formatToParts(new Date(time)).find(({ type }) => type === "timeZoneName").value;
  const [zone, offset] = [part("long"), part("shortOffset")];
  return zone === offset || zone.startsWith("GMT") ? `${timeZone} (${offset})` : `${zone} (${offset})`;
}

/**
 * An occurrence in the reader's own time, with the day only if it is another one; `null` if
 * the event's zone shows the same.
 */
export function ownTime({ starts_at, ends_at, local_start }, { time_zone, all_day }) {
  if (all_day || isOwn(starts_at, time_zone)) {
    return null;
  }
  const [start, end] = [new Date(starts_at), new Date(ends_at)];
  const isSameDay = [start, end].every((time) => clockAt(time, ownZone).toISOString().startsWith(local_start.slice(0, 10)));
  return format(isSameDay ? CLOCK : TIME, ownZone).formatRange(start, end);
}

function isOwn(time, timeZone) {
  return isZone(timeZone) && clockAt(new Date(time), timeZone).getTime() === clockAt(new Date(time), ownZone).getTime();
}

/** An instant on the clock of a zone. */
export function timeIn(instant, timeZone) {
  return format(TIME, timeZone).format(new Date(instant));
}

/** The day of an instant on the clock of a zone. */
export function dayIn(instant, timeZone) {
  return format(DAY, timeZone).format(new Date(instant));
}

/** A local time or date of the API as a text. */
export function localText(local) {
  return format(local.length === 10 ? DAY : TIME, "UTC").format(onClock(local));
}

/** A day such as `2026-12-05` as a text, with its weekday. */
export function dayText(day) {
  return capital(format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }, "UTC").format(onClock(day)));
}

/** A month such as `2026-12` as a text; `length` is that of its name. */
export function monthText(month, length = "long") {
  return capital(format({ month: length, year: "numeric" }, "UTC").format(onClock(`${month}-01`)));
}

/** Names of the weekdays from Monday: `short` or `long`. */
export function weekdays(weekday) {
  // 1 January 2024 was a Monday.
  return [1, 2, 3, 4, 5, 6, 7].map((day) => format({ weekday }, "UTC").format(Date.UTC(2024, 0, day)));
}

/** Days from Monday to the first day of the reader's week. */
export function firstWeekday() {
  const found = new Intl.Locale(locale);
  const info = found.getWeekInfo?.() ?? found.weekInfo ?? { firstDay: 1 };
  return (info.firstDay + 6) % 7;
}

/** The day that lies some days after another. */
export function plusDays(day, days) {
  const date = onClock(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The month that lies some months after another. */
export function plusMonths(month, months) {
  const date = onClock(`${month}-01`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}

/** Last day of a month. */
export function lastDay(month) {
  return plusDays(`${plusMonths(month, 1)}-01`, -1);
}

/** The day of the same number in another month, or its last one. */
export function sameDay(month, day) {
  const same = `${month}-${day.slice(8)}`;
  return same > lastDay(month) ? lastDay(month) : same;
}

/** Today on the reader's clock. */
export function today() {
  return clockAt(new Date(), ownZone).toISOString().slice(0, 10);
}
