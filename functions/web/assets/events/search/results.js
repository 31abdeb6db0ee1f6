// The result as a list of cards.
import { request } from "/components/api.js";
import { element } from "/components/element.js";
import { count } from "/components/i18n.js";
import { paged } from "/components/paging.js";
import { card } from "../shared/card.js";
import { query } from "./address.js";
import { words } from "./texts.js";

/** The list of a state; `counted` gets the heading's text. */
export function results({ filters, sort }, counted) {
  const cards = element("ul", { class: "cards" });
  const load = (cursor) => request("GET", `/events?${query({ ...filters, sort, cursor })}`);
  const add = (hits, { total }) => {
    const more = hits.map(card);
    cards.append(...more);
    counted(count(total, words.count));
    return more;
  };
  const settle = () => pages.tell(cards.children.length === 0 ? words.empty : "");
  const pages = paged({ load, add, settle, own: words });
  pages.show();
  return element("div", { class: "list" }, cards, pages.state, pages.next);
}
