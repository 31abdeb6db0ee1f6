// The dates of a series.
import { element } from "/components/element.js";
import { paged } from "/components/paging.js";
import { countryName } from "../shared/names.js";
import { ownTime, when } from "../shared/when.js";
import { words } from "./texts.js";

const AT_ONCE = 6;

/** Heading and list of the coming dates; nothing for a single date. */
export function dates({ id, schedule, status, next_occurrence }, read) {
  const isSeries = schedule && (schedule.parts.some(({ rule }) => rule) || schedule.parts.length > 1 || schedule.added.length > 0);
  if (!isSeries || !next_occurrence || status === "postponed") {
    return [];
  }
  const items = element("ul", { class: "plain" });
  const load = (cursor) => {
    const query = new URLSearchParams({ limit: AT_ONCE, ...(cursor ? { cursor } : {}) });
    return read(`/events/${id}/occurrences?${query}`);
  };
  const add = (occurrences) => {
    const more = occurrences.map((occurrence) => item(occurrence, schedule));
    items.append(...more);
    return more;
  };
  const settle = () => pages.tell(items.children.length === 0 ? words.noDates : "");
  const pages = paged({ load, add, settle });
  pages.show();
  return [element("h2", {}, words.dates), element("div", { class: "list" }, items, pages.state, pages.next)];
}

function item(occurrence, schedule) {
  const { status, title, venue } = occurrence;
  const isOff = status === "cancelled";
  const own = isOff ? null : ownTime(occurrence, schedule);
  const place = venue ? [venue.name, venue.city, venue.country && countryName(venue.country)].filter(Boolean).join(", ") : null;
  const others = [title, place, own && `${words.own}: ${own}`].filter(Boolean).join(" · ");
  return element(
    "li",
    { tabindex: "-1", "data-key": occurrence.key },
    element(isOff ? "s" : "span", {}, when(occurrence, schedule)),
    isOff ? [" ", element("span", { class: "badge off" }, words.dateCancelled)] : null,
    others ? element("span", { class: "quiet" }, ` ${others}`) : null,
  );
}
