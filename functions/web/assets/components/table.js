// Tables of the API's lists: loaded page by page, cards on a narrow screen.
import { Problem } from "./api.js";
import { button, element } from "./element.js";
import { texts } from "./i18n.js";
import { sentence } from "./problems.js";

const words = texts({
  en: { loading: "Loading …", more: "Show more", again: "Try again", actions: "Actions" },
  ru: { loading: "Загрузка …", more: "Показать ещё", again: "Повторить", actions: "Действия" },
});

/**
 * A list with a caption. `load` gets a cursor and returns a page; `empty` is shown
 * instead of no items. A column has a title, unless it is that of the actions, and a
 * cell for an item and its row. A row can be replaced and removed, and `add` puts an
 * item first, in the place of one with its id: the API's lists lag after a change.
 */
export function list({ caption, columns, load, empty }) {
  // A table whose rows are laid out as cards loses its roles in the accessibility tree.
  const head = columns.map(({ title }) =>
    element("th", { scope: "col", role: "columnheader" }, title ?? element("span", { class: "unseen" }, words.actions)),
  );
  const body = element("tbody", { role: "rowgroup" });
  const rows = element(
    "table",
    { role: "table", hidden: true },
    element("caption", { class: "unseen" }, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, head)),
    body,
  );
  const state = element("p", { role: "status" });
  const next = button(words.more, () => show(), { hidden: true });
  const root = element("div", { class: "list", tabindex: "-1" }, rows, state, next);
  let cursor = null;

  const settle = () => {
    rows.hidden = body.children.length === 0;
    state.textContent = rows.hidden ? empty : "";
  };
  const made = (item) => row(columns, item, () => {
    settle();
    // The button that had the focus is deleted.
    root.focus();
  });
  const add = (item) => {
    body.querySelector(`[data-id="${item.id}"]`)?.remove();
    body.prepend(made(item));
    settle();
  };

  async function show() {
    state.textContent = words.loading;
    next.hidden = true;
    try {
      const page = await load(cursor);
      const more = page.data.map(made);
      body.append(...more);
      if (cursor !== null) {
        // The button that had the focus may be hidden now: go on with the first new item.
        more[0]?.focus();
      }
      cursor = page.next_cursor ?? null;
      next.textContent = words.more;
      next.hidden = cursor === null;
      settle();
    } catch (problem) {
      if (!(problem instanceof Problem)) {
        throw problem;
      }
      state.textContent = sentence(problem);
      next.textContent = words.again;
      next.hidden = false;
    }
  }

  show();
  return { root, add };
}

function row(columns, item, removed) {
  const made = element("tr", { role: "row", "data-id": item.id, tabindex: "-1" });
  const show = (shown) => {
    const cells = columns.map(({ title, cell }) =>
      element("td", { role: "cell", "data-title": title }, cell(shown, change)),
    );
    made.replaceChildren(...cells);
  };
  const change = {
    replace: (newer) => {
      show(newer);
      made.querySelector("button")?.focus();
    },
    remove: () => {
      made.remove();
      removed();
    },
  };
  show(item);
  return made;
}
