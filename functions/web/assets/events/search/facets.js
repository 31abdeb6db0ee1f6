// Quick filters: the values of the result with their counts. Each is a link to the page with it.
import { element } from "/components/element.js";
import { fill } from "/components/i18n.js";
import { languageName, nameOf } from "../shared/names.js";
import { lastDay, monthText } from "../shared/when.js";
import { address, changed } from "./address.js";
import { words } from "./texts.js";

/** Most values of a list that are shown. The form has the others. */
const SHOWN = 6;

function monthRange(month) {
  return { from: `${month}-01`, to: lastDay(month) };
}

function priceName(value) {
  return value === "free" ? words.free : words.priced;
}

/** The rows: their lists of the API, with the name of a value and the filters that it stands for. */
function rows(categories, isMonth) {
  return [
    [words.categories, [{ list: "categories", name: categories.name, filters: (category) => ({ category }) }]],
    [words.cities, [{ list: "cities", name: (city) => city, filters: (city) => ({ city }) }]],
    // The month view has its own.
    [words.months, isMonth ? [] : [{ list: "months", name: (month) => monthText(month, "short"), filters: monthRange }]],
    [
      words.others,
      [
        { list: "prices", name: priceName, filters: (value) => ({ free: String(value === "free") }) },
        { list: "modes", name: nameOf, filters: (mode) => ({ mode }) },
        { list: "languages", name: languageName, filters: (language) => ({ language }) },
      ],
    ],
  ];
}

/** Quick filters of a result; `open` opens the page of another state. */
export function facets(reply, state, categories, open) {
  const items = ({ list, name, filters }) =>
    (reply[list] ?? [])
      .map(({ value, count }) => ({ name: name(value), count, wanted: filters(value) }))
      // Without those that change nothing. The active ones are in a row of their own.
      .filter(({ count, wanted }) => count < reply.total && !isActive(wanted, state))
      .slice(0, SHOWN)
      .map(({ wanted, ...shown }) => element("li", {}, chip({ ...shown, next: changed(state, wanted), open })));
  const groups = rows(categories, state.view === "month")
    .map(([title, lists]) => [title, lists.flatMap(items)])
    .filter(([, chips]) => chips.length > 0)
    .flatMap(([title, chips]) => [element("dt", {}, title), element("dd", {}, element("ul", { class: "chips" }, chips))]);
  return groups.length === 0 ? null : element("dl", { class: "facets" }, groups);
}

function isActive(wanted, { filters }) {
  return Object.entries(wanted).every(([key, value]) => filters[key]?.toLowerCase() === value.toLowerCase());
}

/** A link to the page of another state. */
export function chip({ name, count, isActive = false, next, open, look = "chip" }) {
  const click = (event) => {
    // Another tab or window is the browser's matter.
    if (!(event.metaKey || event.ctrlKey || event.shiftKey)) {
      event.preventDefault();
      open(next);
    }
  };
  // Browsers leave a link that is partly in view where it is: a row of a narrow screen scrolls.
  const focus = ({ target }) => target.scrollIntoView({ block: "nearest", inline: "nearest" });
  const attributes = { href: address(next), class: `${look} ${isActive ? "active" : ""}`.trim() || null, click, focus };
  if (isActive) {
    return element("a", { ...attributes, "aria-label": fill(words.remove, { name }) }, `${name} ×`);
  }
  return element("a", attributes, name, count === undefined ? null : [" ", element("span", { class: "quiet" }, String(count))]);
}
