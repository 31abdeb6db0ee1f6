// The page of an event. Its path has the slug, or the id of a draft.
import { Problem } from "/components/api.js";
import { button, element } from "/components/element.js";
import { loading, open, showReader } from "/components/page.js";
import { sentence } from "/components/problems.js";
import { categories as allCategories } from "../shared/names.js";
import { reading } from "../shared/reading.js";
import { actions, title } from "./actions.js";
import { dates } from "./dates.js";
import { facts, organizer } from "./facts.js";
import { describe, linkedData } from "./metadata.js";
import { description, images, notices, topics } from "./parts.js";
import { words } from "./texts.js";

const main = document.querySelector("main");
const name = location.pathname.split("/")[2];
const path = name.startsWith("evt_") ? `/events/${name}` : `/events/by-slug/${name}`;
const reader = showReader();
let isDescribed = false;

/** The date that the address names after `#`, as the cards of the search do, else the next one. */
async function dateOf({ id, next_occurrence }, read) {
  const key = location.hash.slice(1);
  if (!/^\d{4}-\d\d-\d\d(\.\d+)?$/.test(key) || key === next_occurrence?.key) {
    return next_occurrence;
  }
  return read(`/events/${id}/occurrences/${key}`).catch(() => next_occurrence);
}

async function show() {
  main.ariaBusy = "true";
  try {
    const user = await reader;
    const read = reading(user);
    const [event, categories] = await Promise.all([read(path), allCategories()]);
    const [data, occurrence] = await Promise.all([linkedData(event, read), dateOf(event, read)]);
    const { row, mayEdit } = await organizer(event, { user, read, name: data?.organizer?.name });
    main.replaceChildren(
      element("p", {}, element("a", { href: "/events" }, `← ${words.all}`)),
      title(event),
      ...notices(event),
      element(
        "div",
        { class: "overview" },
        images(event, "first"),
        element("div", {}, element("dl", {}, facts(event, occurrence), row), actions(event, mayEdit)),
      ),
      ...dates(event, read),
      ...description(event),
      ...images(event, "others"),
      ...topics(event, categories),
    );
    open(event.title);
    if (!isDescribed) {
      describe(event, data);
      isDescribed = true;
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    fail(problem);
  } finally {
    main.ariaBusy = "false";
  }
}

function fail(problem) {
  const all = element("a", { href: "/events", class: "button" }, words.all);
  if (problem.code === "not_found") {
    // The server does not know which events exist: it serves this page for each of them.
    document.head.append(element("meta", { name: "robots", content: "noindex" }));
    main.replaceChildren(element("h1", {}, words.missing), element("p", {}, words.missingText), all);
    open(words.missing);
    return;
  }
  const again = button(words.again, () => show(), { class: "primary" });
  main.replaceChildren(element("h1", {}, sentence(problem)), element("div", { class: "actions" }, again, all));
  open(sentence(problem));
}

addEventListener("hashchange", () => show());
main.replaceChildren(loading());
show();
