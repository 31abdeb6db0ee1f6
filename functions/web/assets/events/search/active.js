// The filters of the page's address as links to the page without them.
import { element } from "/components/element.js";
import { fill } from "/components/i18n.js";
import { priceText } from "../shared/money.js";
import { countryName, languageName, nameOf } from "../shared/names.js";
import { lastDay, localText, monthText } from "../shared/when.js";
import { changed } from "./address.js";
import { chip } from "./facets.js";
import { words } from "./texts.js";

/** Filters by the names of those that go together, and the text of each that is set. */
function texts(filters, categories) {
  const { q, near, from, to, city, country, category, organizer, tag, language, mode, status, free, running, bbox } = filters;
  const list = (value, name) => value && value.split(",").map(name).join(", ");
  const named = (text, value) => value && fill(text, { name: value });
  const price = (amount) => amount && filters.currency && priceText({ amount: Number(amount), currency: filters.currency });
  return [
    [["q"], named(words.word, q)],
    [["near", "radius_km"], near && words.nearYou],
    ...dates(from, to),
    [["city"], city],
    [["country"], named(words.countryIs, country && countryName(country.toUpperCase()))],
    [["category"], list(category, categories.name)],
    [["tag"], named(words.tag, list(tag, (it) => it))],
    [["organizer"], organizer && words.organizer],
    [["language"], list(language, languageName)],
    [["mode"], list(mode, nameOf)],
    [["status"], named(words.statusIs, list(status, nameOf))],
    [["free"], { true: words.free, false: words.priced }[free]],
    [["price_gte"], named(words.minimum, price(filters.price_gte))],
    [["price_lte"], named(words.maximum, price(filters.price_lte))],
    [["running"], running && words.running],
    [["bbox"], bbox && words.area],
  ].filter(([, text]) => text);
}

/** A whole month is one filter. */
function dates(from, to) {
  const month = from?.slice(0, 7);
  if (to && isDay(from) && from.endsWith("-01") && to === lastDay(month)) {
    return [[["from", "to"], monthText(month)]];
  }
  const day = (value) => (isDay(value) ? localText(value) : value);
  return [
    [["from"], from && fill(words.since, { day: day(from) })],
    [["to"], to && fill(words.until, { day: day(to) })],
  ];
}

function isDay(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(Date.parse(text));
}

/** The links, or `null` without a filter; `open` opens the page of another state. */
export function active(state, categories, open) {
  const shown = texts(state.filters, categories);
  const none = (keys) => changed(state, Object.fromEntries(keys.map((key) => [key, undefined])));
  const item = (keys, text) => element("li", {}, chip({ name: text, isActive: true, next: none(keys), open }));
  const items = shown.map(([keys, text]) => item(keys, text));
  if (items.length > 1) {
    items.push(element("li", {}, chip({ name: words.clear, next: none(Object.keys(state.filters)), open, look: "" })));
  }
  return items.length === 0 ? null : element("ul", { class: "chips active", "aria-label": words.active }, items);
}
