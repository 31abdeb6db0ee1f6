// The month view: a grid of days, and the events of the chosen one.
import { Problem, request } from "/components/api.js";
import { button, element } from "/components/element.js";
import { count } from "/components/i18n.js";
import { sentence } from "/components/problems.js";
import { card } from "../shared/card.js";
import { dayOf, dayText, lastDay, monthText, plusDays, plusMonths, sameDay, today } from "../shared/when.js";
import { query } from "./address.js";
import { grid } from "./grid.js";
import { words } from "./texts.js";

/** Most requests of a month, of 100 dates each. */
const REQUESTS = 10;

/** Days for which the API finds past dates. */
const KEPT_DAYS = 30;

/**
 * The month of a state. `keep` notes another day of it, and `go` opens one of another month,
 * with the focus on the same part of the page: `focused` is that of this one. `counted` gets
 * the number of dates.
 */
export function month({ filters, day }, { go, keep, counted, focused }) {
  const shown = day.slice(0, 7);
  let chosen = day;
  let events = new Map();
  let isLoading = false;
  const heading = element("h3", { tabindex: "-1" });
  const cards = element("ul", { class: "cards" });
  const none = element("p", { class: "quiet" });
  const state = element("p", { role: "status" });
  const again = button(words.again, () => load(), { hidden: true });
  const select = (wanted, part) => {
    if (wanted.slice(0, 7) !== shown) {
      go(wanted, part);
      return;
    }
    chosen = wanted;
    keep(wanted);
    days.choose(wanted, part === "grid");
    list();
  };
  const days = grid({ month: shown, day, select, enter: () => heading.focus() });

  function list() {
    const found = events.get(chosen) ?? [];
    heading.textContent = dayText(chosen);
    cards.replaceChildren(...found.map(card));
    const isNone = state.textContent === "" && found.length === 0;
    none.textContent = isLoading ? words.loading : isNone ? words.noneOn : "";
  }

  async function load() {
    again.hidden = true;
    state.textContent = "";
    isLoading = true;
    list();
    try {
      const { hits, total, isCut, isPast } = await all(filters, shown);
      events = byDay(hits, shown);
      counted(count(total, words.dates));
      days.fill(events);
      state.textContent = isPast ? words.past : isCut ? words.tooMany : "";
    } catch (problem) {
      if (!(problem instanceof Problem)) {
        throw problem;
      }
      state.textContent = sentence(problem, words);
      again.hidden = false;
    }
    isLoading = false;
    list();
  }

  const step = (months, part) => select(sameDay(plusMonths(shown, months), chosen), part);
  const steps = {
    previous: button("‹", () => step(-1, "previous"), { "aria-label": words.previous }),
    today: button(words.today, () => select(today(), "today")),
    next: button("›", () => step(1, "next"), { "aria-label": words.next }),
  };
  const bar = element("div", { class: "bar" }, element("h2", { id: "month" }, monthText(shown)), element("div", { class: "actions" }, Object.values(steps)));
  const keys = element("p", { class: "hint", id: "month-keys" }, words.keys);
  load();
  // The part is in the document after this.
  queueMicrotask(() => (focused === "grid" ? days.choose(chosen, true) : steps[focused]?.focus()));
  return element("div", {}, bar, state, again, days.root, keys, heading, none, cards);
}

/** Every date of a month. */
async function all(filters, month) {
  const oldest = plusDays(today(), -KEPT_DAYS);
  const first = `${month}-01`;
  const to = lastDay(month);
  if (to < oldest) {
    return { hits: [], total: 0, isCut: false, isPast: true };
  }
  // Events that take place at present are those of one moment.
  const range = { from: first < oldest ? oldest : first, to, running: undefined };
  let hits = [];
  let cursor, total;
  for (let sent = 0; sent < REQUESTS && cursor !== null; sent += 1) {
    const wanted = query({ ...filters, ...range, collapse: "occurrence", limit: "100", cursor });
    const page = await request("GET", `/events?${wanted}`);
    hits = [...hits, ...page.data];
    total = page.total;
    cursor = page.next_cursor ?? null;
  }
  return { hits, total, isCut: cursor !== null, isPast: false };
}

/** The dates by day. One that began before the month stands on its first day. */
function byDay(hits, month) {
  const days = new Map();
  for (const hit of hits.filter(({ occurrence }) => occurrence)) {
    const start = dayOf(hit.occurrence);
    const day = start < `${month}-01` ? `${month}-01` : start;
    days.set(day, [...(days.get(day) ?? []), hit]);
  }
  return days;
}
