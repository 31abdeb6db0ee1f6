// Search for events: the filters are in the address, so that links, reloads and the back
// button keep them.
import { request } from "/components/api.js";
import { element } from "/components/element.js";
import { loading, open, showReader } from "/components/page.js";
import { categories as allCategories } from "../shared/names.js";
import { active } from "./active.js";
import { address, changed, query, read } from "./address.js";
import { facets } from "./facets.js";
import { filterForm } from "./filters.js";
import { month } from "./month.js";
import { results } from "./results.js";
import { subscription } from "./subscription.js";
import { words } from "./texts.js";

const main = document.querySelector("main");
const views = element("nav", { "aria-label": words.views, class: "views" });
main.replaceChildren(element("div", { class: "bar" }, element("h1", {}, words.title), views));
showReader();
const waiting = loading();
main.append(waiting);
const categories = await allCategories();
waiting.remove();
const { form, show: showFilters, suggest } = filterForm({
  categories,
  go: (filters, sort) => go(changed({ ...read(), sort }, filters)),
});
const [chosen, counts] = [element("div"), element("div")];
const quick = element("section", { "aria-label": words.quick }, chosen, counts);
const heading = element("h2", { tabindex: "-1", "aria-live": "polite" });
const result = element("div");
const subscribe = element("div");
main.append(form, quick, heading, result, subscribe);

/** Number of states that were shown: a reply to an earlier one is too late. */
let shown = 0;

/** Opens a state. The focus goes to the result, or to a part of the month view. */
function go(state, focused) {
  history.pushState(null, "", address(state));
  show(focused);
  if (!focused) {
    heading.focus();
  }
}

function show(focused) {
  const state = read();
  shown += 1;
  const number = shown;
  open(words.title);
  showFilters(state);
  showViews(state);
  chosen.replaceChildren(...[active(state, categories, go)].filter(Boolean));
  heading.textContent = words.results;
  const counted = (text) => {
    if (number === shown) {
      heading.textContent = text;
    }
  };
  if (state.view === "month") {
    result.replaceChildren(
      month(state, {
        go: (day, part) => go({ ...state, day }, part),
        keep: (day) => history.replaceState(null, "", address({ ...state, day })),
        counted,
        focused,
      }),
    );
  } else {
    result.replaceChildren(results(state, counted));
  }
  subscribe.replaceChildren(subscription(state.filters));
  showFacets(state, number);
}

function showViews(state) {
  const link = (view, text) => {
    const next = { ...state, view };
    const click = (event) => {
      event.preventDefault();
      go(next);
    };
    return element("a", { href: address(next), class: "button", "aria-current": state.view === view ? "page" : null, click }, text);
  };
  views.replaceChildren(link("list", words.list), link("month", words.month));
}

async function showFacets(state, number) {
  // Without counts, the form is enough.
  const reply = await request("GET", `/events/facets?${query(state.filters)}`).catch(() => ({}));
  if (number !== shown) {
    return;
  }
  suggest((reply.cities ?? []).map(({ value }) => value));
  counts.replaceChildren(...[facets(reply, state, categories, go)].filter(Boolean));
}

addEventListener("popstate", () => show());
show();
