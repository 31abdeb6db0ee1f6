// Notices, description, images and topics of an event.
import { element } from "/components/element.js";
import { fill } from "/components/i18n.js";
import { timeIn } from "../shared/when.js";
import { words } from "./texts.js";

/** Status, reason and former times, where a visitor must know them. */
export function notices(event) {
  const { status, reason, blocked } = event;
  const text = status === "published" ? null : words[status];
  const shown = [
    text,
    reason && fill(words.reason, { reason }),
    status === "rescheduled" && formerly(event),
    blocked && words.blocked,
  ].filter(Boolean);
  if (shown.length === 0) {
    return [];
  }
  const isOff = status === "cancelled" || blocked;
  return [element("div", { class: `notice ${isOff ? "off" : ""}` }, shown.map((line) => element("p", {}, line)))];
}

/** The text, with its line breaks. */
export function description({ description: text }) {
  return text ? [element("h2", {}, words.about), element("p", { class: "lines" }, text)] : [];
}

/** The main image, or the others. Other schemes than https are not shown. */
export function images({ images: urls, title }, part) {
  const safe = urls.filter((url) => url.startsWith("https://"));
  const image = (url, at) =>
    element("img", {
      src: url,
      alt: fill(words.image, { n: at + 1, title }),
      loading: "lazy",
      decoding: "async",
      referrerpolicy: "no-referrer",
      width: 960,
      height: 540,
      class: "poster",
      // Instead of an empty frame.
      error: ({ target }) => target.parentElement.remove(),
    });
  const shown = safe.map(image);
  if (part === "first") {
    return shown.slice(0, 1).map((it) => element("p", {}, it));
  }
  const others = shown.slice(1).map((it) => element("li", {}, it));
  return others.length === 0 ? [] : [element("h2", {}, words.images), element("ul", { class: "gallery" }, others)];
}

/** Links to the search for the categories and tags. */
export function topics({ categories, tags }, known) {
  const link = (name, value, text) => element("li", {}, element("a", { class: "chip", href: `/events?${name}=${encodeURIComponent(value)}` }, text));
  const links = [
    ...categories.map((slug) => link("category", slug, known.name(slug))),
    ...tags.map((tag) => link("tag", tag, `#${tag}`)),
  ];
  return links.length === 0 ? [] : [element("h2", {}, words.topics), element("ul", { class: "chips" }, links)];
}

function formerly({ previous_starts: starts, schedule }) {
  const times = starts.map((start) => timeIn(start, schedule.time_zone)).join("; ");
  return times === "" ? null : fill(words.formerly, { times });
}
