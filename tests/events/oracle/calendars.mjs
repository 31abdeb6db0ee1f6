// Expands calendars with ical.js and compares the dates.
//
//     cargo test --package tests --test all events::calendar::oracle
//
// Reads the cases of `calendar/oracle.rs` from the standard input. Needs ical.js in
// `.ci/node_modules`. Rules that are not common may differ: ical.js 2.2.1 does not end with
// FREQ=DAILY;BYMONTHDAY=-31 and departs from RFC 5545 with others.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";

const require = createRequire(new URL("../../../.ci/package.json", import.meta.url));
const loaded = await import(require.resolve("ical.js"));
const ICAL = loaded.default ?? loaded;

const minute = (time) => (time.isDate ? time.toString() : `${time.toJSDate().toISOString().slice(0, 16)}Z`);

// Dates that an exception moves come from outside of the range.
const MARGIN = 250 * 86_400_000;

function expand(text, from, to) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  const components = calendar.getAllSubcomponents("vevent");
  const uid = (component) => component.getFirstPropertyValue("uid");
  const found = [];
  const add = (item, start, end) => {
    const cancelled = item.component.getFirstPropertyValue("status") === "CANCELLED";
    found.push([minute(start), minute(end), cancelled]);
  };
  for (const component of components.filter((one) => !one.hasProperty("recurrence-id"))) {
    const exceptions = components.filter((one) => one.hasProperty("recurrence-id") && uid(one) === uid(component));
    const event = new ICAL.Event(component, { exceptions, strictExceptions: false });
    if (!event.isRecurring()) {
      add(event, event.startDate, event.endDate);
      continue;
    }
    const dates = event.iterator();
    for (let date = dates.next(); date; date = dates.next()) {
      if (date.toJSDate().getTime() > Date.parse(to) + MARGIN) break;
      const { item, startDate, endDate } = event.getOccurrenceDetails(date);
      add(item, startDate, endDate);
    }
  }
  const within = (start) => (start.includes("T") ? start >= from && start < to : start >= from.slice(0, 10) && start < to);
  return found.filter(([start]) => within(start)).sort((one, other) => (one[0] < other[0] ? -1 : 1));
}

const cases = JSON.parse(readFileSync(0, "utf8"));
let differing = 0;
let rare = 0;
for (const { name, ics, from, to, dates, common } of cases) {

  let found;
  try {
    found = runInNewContext("run()", { run: () => expand(ics, from, to) }, { timeout: common ? 20_000 : 1_000 });
  } catch (fault) {
    found = [[String(fault), null, false]];
  }
  const expected = dates.toSorted((one, other) => (one[0] < other[0] ? -1 : 1));
  const alike =
    found.length === expected.length &&
    expected.every(([start, end, cancelled, other], place) => {
      const theirs = found[place];
      return (start === theirs[0] || other === theirs[0]) && (end === null || end === theirs[1]) && cancelled === theirs[2];
    });
  if (alike) continue;
  if (!common) {
    rare += 1;
    continue;
  }
  differing += 1;
  const without = (list, other) => list.filter(([start]) => !other.some((one) => one[0] === start)).slice(0, 8);
  console.log(name);
  console.log("  only ours  ", JSON.stringify(without(expected, found)));
  console.log("  only theirs", JSON.stringify(without(found, expected)));
  if (without(expected, found).length + without(found, expected).length === 0) {
    console.log("  others", JSON.stringify(expected.map((date, i) => [date, found[i]]).filter(([a, b]) => JSON.stringify(a) !== JSON.stringify(b)).slice(0, 4)), found.length, expected.length);
  }
}
console.log(`${cases.length - differing - rare} of ${cases.length} agree, ${rare} with rare rules differ`);
process.exit(differing === 0 ? 0 : 1);
