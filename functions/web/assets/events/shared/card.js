// An event of the search as a card.
import { element } from "/components/element.js";
import { fill, locale, texts } from "/components/i18n.js";
import { lowestText } from "./money.js";
import { badge, nameOf } from "./names.js";
import { ownTime, when, zoneName } from "./when.js";

const words = texts({
  en: { series: "more dates", noDate: "New date to be announced", own: "in your time: {time}" },
  ru: { series: "есть другие даты", noDate: "Новая дата будет объявлена", own: "по вашему времени: {time}" },
});

const kilometres = new Intl.NumberFormat(locale, { style: "unit", unit: "kilometer", maximumFractionDigits: 1 });

/** Address of an event's page, at one of its dates. */
function pageOf({ slug, id, recurring, occurrence }) {
  return `/events/${slug ?? id}${recurring && occurrence ? `#${occurrence.key}` : ""}`;
}

/** A card in a list. */
export function card(hit) {
  const { id, title, image, occurrence, status } = hit;
  const isDated = occurrence && status !== "postponed";
  const place = [hit.venue, hit.city].filter(Boolean).join(", ");
  const where = [hit.mode === "offline" ? null : nameOf(hit.mode), place || null, distance(hit.distance)].filter(Boolean);
  const badges = [badge(status), status === "cancelled" ? null : badge(occurrence?.status ?? "scheduled")].filter(Boolean);
  return element(
    "li",
    { class: "card", tabindex: "-1", "data-id": id },
    image ? element("img", { src: image, alt: "", loading: "lazy", referrerpolicy: "no-referrer", width: 160, height: 90, error: ({ target }) => target.remove() }) : null,
    element(
      "div",
      {},
      element("h3", {}, element("a", { href: pageOf(hit) }, title), badges.flatMap((it) => [" ", it])),
      element("p", { class: "when" }, isDated ? when(occurrence, hit) : words.noDate),
      isDated ? time(hit) : null,
      where.length > 0 ? element("p", {}, where.join(" · ")) : null,
      element("p", { class: "quiet" }, [lowestText(hit.price, false), hit.recurring ? words.series : null].filter(Boolean).join(" · ")),
    ),
  );
}

/** The zone and the reader's own time, where they differ. */
function time(hit) {
  const time = ownTime(hit.occurrence, hit);
  const parts = time ? [zoneName(hit.occurrence, hit), fill(words.own, { time })] : [];
  return parts.length === 0 ? null : element("p", { class: "quiet small" }, parts.filter(Boolean).join(" · "));
}

function distance(metres) {
  return typeof metres === "number" ? kilometres.format(metres / 1000) : null;
}
