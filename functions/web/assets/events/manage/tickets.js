// Kinds of tickets with their prices, in one currency.
import { Problem } from "/components/api.js";
import { button, element } from "/components/element.js";
import { field } from "/components/form.js";
import { fill } from "/components/i18n.js";
import { CURRENCIES, major, minor } from "../shared/money.js";
import { words } from "./texts.js";

const MOST = 20;

/** The fields of the prices; `read` returns the kinds of tickets. */
export function ticketFields(tickets) {
  const own = tickets[0]?.price.currency ?? CURRENCIES[0];
  const codes = CURRENCIES.includes(own) ? CURRENCIES : [own, ...CURRENCIES];
  const currency = field({ name: "currency", label: words.currency, options: codes.map((code) => [code, code]), value: own });
  const rows = element("div");
  const add = button(words.addTicket, () => {
    append();
    rows.lastElementChild.querySelector("input").focus();
  });

  /** Numbers the rows: the pointers of faults count from 0. */
  const number = () => {
    const made = [...rows.children].map((row, at) => {
      const [name, price] = [...row.querySelectorAll("input")].map(({ value }) => value);
      return ticket(at, name, price);
    });
    rows.replaceChildren(...made);
    settle();
  };
  const settle = () => {
    currency.hidden = rows.children.length === 0;
    add.hidden = rows.children.length >= MOST;
  };
  const append = (name = "", price = "") => {
    rows.append(ticket(rows.children.length, name, price));
    settle();
  };

  function ticket(at, name, price) {
    const path = `ticket_types/${at}`;
    const row = element(
      "div",
      { class: "ticket" },
      field({ name: `${path}/name`, label: words.ticketName, value: name, maxlength: 100, required: true }),
      field({ name: `${path}/price`, label: words.ticketPrice, value: price, inputmode: "decimal", autocomplete: "off", maxlength: 15, required: true }),
      button(words.remove, () => {
        row.remove();
        number();
        add.focus();
      }, { "aria-label": fill(words.removeTicket, { n: at + 1 }) }),
    );
    return row;
  }

  tickets.forEach(({ name, price }) => append(name, major(price.amount, price.currency)));
  settle();

  const read = () => {
    const code = currency.querySelector("select").value;
    return [...rows.children].map((row, at) => {
      const [name, price] = [...row.querySelectorAll("input")].map(({ value }) => value.trim());
      const amount = minor(price, code);
      if (amount === null) {
        const pointer = `/ticket_types/${at}/price`;
        throw new Problem("invalid_fields", { errors: [{ pointer, code: "invalid_amount" }], status: 422 });
      }
      return { name, price: { amount, currency: code } };
    });
  };
  const root = element(
    "fieldset",
    {},
    element("legend", {}, words.prices),
    element("p", { class: "hint" }, words.pricesHint),
    currency,
    rows,
    element("p", {}, add),
  );
  return { root, read };
}
