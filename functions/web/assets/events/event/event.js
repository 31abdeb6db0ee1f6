// The page of an event. Its path has the slug, or the id of a draft.
import { Problem, request } from "/components/api.js";
import { button, element } from "/components/element.js";
import { open, showReader } from "/components/page.js";
import { sentence } from "/components/problems.js";
import { call } from "/components/session.js";
import { categories as allCategories } from "../shared/names.js";
import { actions, title } from "./actions.js";
import { dates } from "./dates.js";
import { facts, organizer } from "./facts.js";
import { describe } from "./metadata.js";
import { description, images, notices, topics } from "./parts.js";
import { words } from "./texts.js";

const main = document.querySelector("main");
const name = location.pathname.split("/")[2];
const path = name.startsWith("evt_") ? `/events/${name}` : `/events/by-slug/${name}`;
const reader = showReader();

/** The event as everyone sees it, else as the reader does. */
async function read() {
  const user = await reader;
  return user ? call("GET", path).catch((problem) => (problem.code === "signed_out" ? request("GET", path) : Promise.reject(problem))) : request("GET", path);
}

async function show() {
  main.ariaBusy = "true";
  try {
    const [event, categories, user] = [await read(), await allCategories(), await reader];
    const { row, mayEdit } = await organizer(event, user);
    main.replaceChildren(
      element("p", {}, element("a", { href: "/events" }, `← ${words.all}`)),
      title(event),
      ...notices(event),
      ...images(event, "first"),
      element("dl", {}, facts(event), row),
      actions(event, mayEdit),
      ...dates(event),
      ...description(event),
      ...images(event, "others"),
      ...topics(event, categories),
    );
    open(event.title);
    describe(event);
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

show();
