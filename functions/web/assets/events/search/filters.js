// Form of the filters.
import { Problem } from "/components/api.js";
import { button, element } from "/components/element.js";
import { field, handle } from "/components/form.js";
import { fill } from "/components/i18n.js";
import { say } from "/components/page.js";
import { CURRENCIES, major, minor } from "../shared/money.js";
import { MODES, languages, nameOf } from "../shared/names.js";
import { words } from "./texts.js";

const RADII = [2, 5, 10, 25, 50, 100, 250];
const DEFAULT_RADIUS = "25";

/**
 * The form; `go` opens the address of other filters and another order. Returns the form,
 * and `show`, which fills it in.
 */
export function filterForm({ categories, go }) {
  let near;
  const any = ["", words.any];
  const cities = element("datalist", { id: "cities" });
  const more = element(
    "details",
    { class: "filters" },
    element("summary", {}, words.filters),
    element(
      "div",
      { class: "fields" },
      field({ name: "from", label: words.from, type: "date" }),
      field({ name: "to", label: words.to, type: "date" }),
      field({ name: "city", label: words.city, maxlength: 100, list: "cities", autocomplete: "off" }),
      field({ name: "category", label: words.category, options: [any, ...categories.options] }),
      field({ name: "mode", label: words.mode, options: [any, ...MODES.map((mode) => [mode, nameOf(mode)])] }),
      field({ name: "language", label: words.language, options: [any, ...languages()] }),
      field({ name: "price", label: words.price, options: [any, ["free", words.free], ["priced", words.priced], ["max", words.max]] }),
      field({ name: "price_max", label: words.priceMax, inputmode: "decimal", autocomplete: "off", maxlength: 12 }),
      field({ name: "currency", label: words.currency, options: CURRENCIES.map((code) => [code, code]) }),
      field({ name: "sort", label: words.sort, options: [] }),
      field({ name: "radius_km", label: words.radius, options: RADII.map((n) => [String(n), fill(words.km, { n })]) }),
    ),
    element(
      "div",
      { class: "actions" },
      element("button", {}, words.apply),
      button(words.near, () => locate()),
    ),
  );
  const top = element(
    "div",
    { class: "search" },
    field({ name: "q", label: words.query, type: "search", maxlength: 200, enterkeyhint: "search" }),
    element("button", { class: "primary" }, words.search),
  );
  const form = element("form", { role: "search" }, top, more, cities);
  const control = (name) => form.elements.namedItem(name);

  /** Offers the orders that the filters allow, and shows the fields that belong to others. */
  const adapt = () => {
    const isMax = control("price").value === "max";
    const sort = control("sort").value;
    const orders = [
      ["", control("q").value.trim() ? words.relevance : words.starts_at],
      ...(control("q").value.trim() ? [["starts_at", words.starts_at]] : []),
      ...(near ? [["distance", words.distance]] : []),
      ["price", words.price],
      ["-created_at", words.created_at],
    ];
    control("sort").replaceChildren(...orders.map(([value, text]) => element("option", { value }, text)));
    control("sort").value = orders.some(([value]) => value === sort) ? sort : "";
    toggle("price_max", isMax);
    toggle("currency", isMax || control("sort").value === "price");
    toggle("radius_km", Boolean(near));
  };
  const toggle = (name, shown) => {
    control(name).disabled = !shown;
    control(name).closest(".field").hidden = !shown;
  };

  const send = async (values) => {
    const { sort, price, price_max, currency, ...filters } = values;
    if (filters.from && filters.to && filters.to < filters.from) {
      throw fault("to", "invalid_end");
    }
    const limit = price === "max" ? minor(price_max ?? "", currency) : null;
    if (price === "max" && limit === null) {
      throw fault("price_max", "invalid_amount");
    }
    const names = ["q", "from", "to", "city", "category", "mode", "language", "radius_km"];
    const emptied = Object.fromEntries(names.map((name) => [name, undefined]));
    const prices = {
      free: { free: "true", priced: "false" }[price],
      currency,
      price_lte: limit === null ? undefined : String(limit),
      price_gte: undefined,
    };
    go({ ...emptied, ...filters, near, ...prices }, sort);
  };

  function locate() {
    say(words.locating);
    const found = ({ coords }) => {
      // About 100 metres: enough to search, and not the reader's house.
      near = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(3)).join(",");
      say("");
      adapt();
      control("radius_km").value = DEFAULT_RADIUS;
      form.requestSubmit();
    };
    const failed = () => say(words.noLocation);
    if (navigator.geolocation) {
      navigator.geolocation.getCurrentPosition(found, failed, { timeout: 10_000, maximumAge: 300_000 });
    } else {
      failed();
    }
  }

  form.addEventListener("change", adapt);
  form.addEventListener("input", (event) => event.target.name === "q" && adapt());

  const show = ({ filters, sort }) => {
    near = filters.near;
    for (const name of ["q", "from", "to", "city"]) {
      control(name).value = filters[name] ?? "";
    }
    for (const name of ["category", "mode", "language"]) {
      choose(control(name), filters[name] ?? "", name);
    }
    control("price").value = { true: "free", false: "priced" }[filters.free] ?? (filters.price_lte ? "max" : "");
    choose(control("currency"), filters.currency ?? CURRENCIES[0]);
    control("price_max").value = filters.price_lte ? major(Number(filters.price_lte), filters.currency ?? "EUR") : "";
    choose(control("radius_km"), filters.radius_km ?? DEFAULT_RADIUS);
    adapt();
    control("sort").value = sort ?? "";
    adapt();
  };

  /** Chooses a value, also one that is not offered: several by comma, one of a later release. */
  const choose = (select, value, name) => {
    if (![...select.options].some((option) => option.value === value)) {
      const text = value.split(",").map((it) => (name === "category" ? categories.name(it) : nameOf(it))).join(", ");
      select.append(element("option", { value }, text));
    }
    select.value = value;
  };

  handle(form, send, words);
  adapt();
  const suggest = (names) => cities.replaceChildren(...names.map((value) => element("option", { value })));
  return { form, show, suggest };
}

function fault(name, code) {
  return new Problem("invalid_fields", { errors: [{ pointer: `/${name}`, code }], status: 422 });
}
