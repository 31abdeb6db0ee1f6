// The search as a calendar that other programs subscribe to.
import { button, element } from "/components/element.js";
import { say } from "/components/page.js";
import { copy } from "../shared/copy.js";
import { query } from "./address.js";
import { words } from "./texts.js";

/** Links to the calendar of the filters. */
export function subscription(filters) {
  const text = query(filters);
  const path = `/api/v1/events/calendar.ics${text === "" ? "" : `?${text}`}`;
  const copyLink = async () => {
    const link = location.origin + path;
    say((await copy(link)) ? words.copied : link);
  };
  return element(
    "section",
    { class: "aside" },
    element(
      "div",
      { class: "actions" },
      element("a", { href: path, class: "button" }, words.subscribe),
      button(words.copy, copyLink),
    ),
    element("p", { class: "hint" }, words.subscribeHint),
  );
}
