// Quick filters: the values of the result with their counts, and the filters that the form
// does not have. Each is a link to the page with or without it.
import { element } from "/components/element.js";
import { fill } from "/components/i18n.js";
import { priceText } from "../shared/money.js";
import { countryName, languageName, nameOf } from "../shared/names.js";
import { lastDay, monthText } from "../shared/when.js";
import { address, changed } from "./address.js";
import { words } from "./texts.js";

/** Most values of a kind that are shown. */
const SHOWN = 8;

function monthRange(month) {
  return { from: `${month}-01`, to: lastDay(month) };
}

/** Cities are found without regard to case, and counted in lower case. */
export function capitalised(city) {
  return city.replace(/(^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase());
}

function priceName(value) {
  return value === "free" ? words.free : words.priced;
}

/** The kinds: list of the API, name of a value, and the filters that it stands for. */
function kinds(categories) {
  return [
    { list: "categories", name: categories.name, filters: (category) => ({ category }) },
    { list: "cities", name: capitalised, filters: (city) => ({ city }) },
    { list: "months", name: monthText, filters: monthRange },
    { list: "modes", name: nameOf, filters: (mode) => ({ mode }) },
    { list: "languages", name: languageName, filters: (language) => ({ language }) },
    { list: "prices", name: priceName, filters: (value) => ({ free: String(value === "free") }) },
  ];
}

/** Quick filters of a result; `open` opens the page of another state. */
export function facets(reply, state, categories, open) {
  const groups = kinds(categories).flatMap(({ list, name, filters }) => {
    const values = reply[list] ?? [];
    // The month view has its own.
    if (values.length === 0 || (list === "months" && state.view === "month")) {
      return [];
    }
    const items = values.slice(0, SHOWN).map(({ value, count }) => {
      const wanted = filters(value);
      const isActive = Object.entries(wanted).every(([key, it]) => state.filters[key]?.toLowerCase() === it);
      const without = Object.fromEntries(Object.keys(wanted).map((key) => [key, undefined]));
      return element("li", {}, chip(name(value), count, isActive, changed(state, isActive ? without : wanted), open));
    });
    return [element("dt", {}, words[list]), element("dd", {}, element("ul", { class: "chips" }, items))];
  });
  return groups.length === 0 ? null : element("dl", { class: "facets" }, groups);
}

/** Filters that come from links and are not in the form. */
export function further(state, open) {
  const { filters } = state;
  const list = (name) => (filters[name] ?? "").split(",").map(nameOf).join(", ");
  const minimum = filters.price_gte && filters.currency;
  const names = {
    near: filters.near && words.nearYou,
    tag: filters.tag && fill(words.tag, { name: filters.tag.replaceAll(",", ", ") }),
    organizer: filters.organizer && words.organizer,
    country: filters.country && fill(words.country, { name: countryName(filters.country.toUpperCase()) }),
    running: filters.running && words.running,
    bbox: filters.bbox && words.area,
    status: filters.status && fill(words.statusIs, { name: list("status") }),
    price_gte: minimum && fill(words.minimum, { name: priceText({ amount: Number(filters.price_gte), currency: filters.currency }) }),
  };
  const items = Object.entries(names)
    .filter(([, name]) => name)
    .map(([key, name]) => {
      const without = { [key]: undefined, ...(key === "near" ? { radius_km: undefined } : {}) };
      return element("li", {}, chip(name, null, true, changed(state, without), open));
    });
  return items.length === 0 ? null : element("ul", { class: "chips", "aria-label": words.active }, items);
}

function chip(name, count, isActive, next, open) {
  const click = (event) => {
    // Another tab or window is the browser's matter.
    if (!(event.metaKey || event.ctrlKey || event.shiftKey)) {
      event.preventDefault();
      open(next);
    }
  };
  const attributes = { href: address(next), class: `chip ${isActive ? "active" : ""}`, click };
  if (isActive) {
    return element("a", { ...attributes, "aria-label": fill(words.remove, { name }) }, `${name} ×`);
  }
  return element("a", attributes, name, count === null ? null : [" ", element("span", { class: "quiet" }, String(count))]);
}
