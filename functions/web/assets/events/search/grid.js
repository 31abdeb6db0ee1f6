// A grid of the days of a month. One day is in the tab order; the arrow keys move.
import { element } from "/components/element.js";
import { capital, count } from "/components/i18n.js";
import { dayText, firstWeekday, onClock, plusDays, plusMonths, sameDay, today, weekdays } from "../shared/when.js";
import { words } from "./texts.js";

/** Titles that a day shows where there is room. */
const TITLES = 3;

/** The first day of the week of a day. */
function weekOf(day) {
  const weekday = (onClock(day).getUTCDay() + 6) % 7;
  return plusDays(day, -((weekday - firstWeekday() + 7) % 7));
}

/** The day that a key leads to. */
function target(key, day) {
  const month = day.slice(0, 7);
  const moves = {
    ArrowLeft: () => plusDays(day, -1),
    ArrowRight: () => plusDays(day, 1),
    ArrowUp: () => plusDays(day, -7),
    ArrowDown: () => plusDays(day, 7),
    Home: () => weekOf(day),
    End: () => plusDays(weekOf(day), 6),
    PageUp: () => sameDay(plusMonths(month, -1), day),
    PageDown: () => sameDay(plusMonths(month, 1), day),
  };
  return moves[key]?.();
}

/**
 * The grid of a month. `select` gets the day that was chosen, and `grid`: the focus is here;
 * `enter` is called for Enter. `fill` shows the events of the days.
 */
export function grid({ month, day, select, enter }) {
  const cells = new Map();
  const names = { short: weekdays("short"), long: weekdays("long") };
  const order = [0, 1, 2, 3, 4, 5, 6].map((at) => (at + firstWeekday()) % 7);
  const head = order.map((at) => element("th", { scope: "col", abbr: names.long[at], role: "columnheader" }, capital(names.short[at])));
  const rows = [];
  for (let week = weekOf(`${month}-01`); week < `${plusMonths(month, 1)}-01`; week = plusDays(week, 7)) {
    const days = [0, 1, 2, 3, 4, 5, 6].map((at) => cell(plusDays(week, at)));
    rows.push(element("tr", { role: "row" }, days));
  }

  function cell(at) {
    const made = element(
      "td",
      {
        role: "gridcell",
        tabindex: "-1",
        "data-day": at,
        "aria-selected": "false",
        "aria-current": at === today() ? "date" : null,
        class: at.slice(0, 7) === month ? null : "outside",
        click: () => select(at, "grid"),
      },
      element("span", { class: "number", "aria-hidden": "true" }, String(Number(at.slice(8)))),
      element("span", { class: "unseen" }, dayText(at)),
    );
    cells.set(at, made);
    return made;
  }

  const root = element(
    "table",
    { class: "month", role: "grid", "aria-labelledby": "month", "aria-describedby": "month-keys" },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, head)),
    element("tbody", { role: "rowgroup" }, rows),
  );
  root.addEventListener("keydown", (event) => {
    const at = event.target.dataset.day;
    const next = at && !event.altKey && !event.ctrlKey && !event.metaKey ? target(event.key, at) : null;
    if (next) {
      select(next, "grid");
    } else if (at && (event.key === "Enter" || event.key === " ")) {
      select(at, "grid");
      enter();
    } else {
      return;
    }
    event.preventDefault();
  });

  const choose = (wanted, isFocused) => {
    for (const [at, made] of cells) {
      made.tabIndex = at === wanted ? 0 : -1;
      made.ariaSelected = String(at === wanted);
    }
    if (isFocused) {
      cells.get(wanted).focus();
    }
  };

  const fill = (events) => {
    for (const [at, hits] of events) {
      const made = cells.get(at);
      const [number, name] = made.children;
      const titles = hits.slice(0, TITLES).map((hit) => element("span", { class: "title" }, hit.title));
      name.textContent = `${dayText(at)}, ${count(hits.length, words.dates)}`;
      made.replaceChildren(number, name, element("span", { class: "count", "aria-hidden": "true" }, String(hits.length)), ...titles);
    }
  };

  choose(day, false);
  return { root, choose, fill };
}
