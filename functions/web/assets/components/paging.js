// Lists of the API, loaded page by page.
import { Problem } from "./api.js";
import { button, element } from "./element.js";
import { texts } from "./i18n.js";
import { sentence } from "./problems.js";

const words = texts({
  en: { loading: "Loading …", more: "Show more", again: "Try again" },
  ru: { loading: "Загрузка …", more: "Показать ещё", again: "Повторить" },
});

/**
 * Pages of a list. `load` gets a cursor, `null` at first, and returns a page; `add` shows
 * its items and returns their elements; `settle` follows. Returns the line `state`, in
 * which `tell` writes, the button `next`, and `show`, which loads the first page.
 */
export function paged({ load, add, settle, own }) {
  const state = element("p", { role: "status" });
  const tell = (text) => (state.textContent = text);
  const next = button(words.more, () => show(), { hidden: true });
  let cursor = null;

  async function show() {
    tell(words.loading);
    next.hidden = true;
    try {
      const page = await load(cursor);
      const more = add(page.data, page);
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
      tell(sentence(problem, own));
      next.textContent = words.again;
      next.hidden = false;
    }
  }

  return { state, next, tell, show };
}
