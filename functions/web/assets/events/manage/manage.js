// The account's events: the fragment has the id of an event or of an organisation.
import { Problem } from "/components/api.js";
import { element } from "/components/element.js";
import { texts } from "/components/i18n.js";
import { loading, open, requireAccount } from "/components/page.js";
import { sentence } from "/components/problems.js";
import { event } from "./event.js";
import { overview } from "./overview.js";
import { mayLeave } from "./unsaved.js";

const words = texts({ en: { all: "Your events" }, ru: { all: "Ваши события" } });
const main = document.querySelector("main");
main.replaceChildren(loading());
const user = await requireAccount();

async function show(focus = true) {
  const id = location.hash.slice(1);
  main.ariaBusy = "true";
  const content = await part(id);
  // Another part may have been opened while this one was loading.
  if (id === location.hash.slice(1)) {
    main.replaceChildren(...content);
    main.ariaBusy = "false";
    const heading = main.querySelector("h1");
    open(heading.firstChild.textContent, focus ? heading : null);
  }
}

async function part(id) {
  try {
    return id.startsWith("evt_") ? await event(id) : await overview(user, id);
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    return [element("h1", {}, sentence(problem)), element("a", { href: "#" }, words.all)];
  }
}

addEventListener("hashchange", (event) => mayLeave(event) && show());
show(false);
