// Tables of the API's lists: loaded page by page, cards on a narrow screen.
import { element } from "./element.js";
import { texts } from "./i18n.js";
import { paged } from "./paging.js";

const words = texts({ en: { actions: "Actions" }, ru: { actions: "Действия" } });

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
  const settle = () => {
    rows.hidden = body.children.length === 0;
    pages.tell(rows.hidden ? empty : "");
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

  const append = (items) => {
    const more = items.map(made);
    body.append(...more);
    return more;
  };
  const pages = paged({ load, add: append, settle });
  const root = element("div", { class: "list", tabindex: "-1" }, rows, pages.state, pages.next);

  pages.show();
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
