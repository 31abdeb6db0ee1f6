// The page's address: it holds the filters, which are those of the API, and the view.
import { today } from "../shared/when.js";

/** Filters of the API. */
const FILTERS = [
  "q", "from", "to", "near", "radius_km", "bbox", "city", "country", "category", "organizer", "tag", "language", "mode",
  "status", "currency", "price_gte", "price_lte", "free", "running",
];

/** Parameters that change what is shown of the result. */
const VIEW = ["sort", "view", "day"];

/** The state that the address holds. Other parameters are not the page's. */
export function read() {
  const query = new URLSearchParams(location.search);
  const held = (names) => Object.fromEntries(names.map((name) => [name, query.get(name)?.trim()]).filter(([, value]) => value));
  const { sort, view, day } = held(VIEW);
  const isDay = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day ?? "");
  return { filters: held(FILTERS), sort, view: view === "month" ? view : "list", day: isDay ? day : today() };
}

/** Address of a state. */
export function address({ filters, sort, view, day }) {
  const shown = view === "month" ? { view, day } : { sort };
  const text = query({ ...filters, ...shown });
  return text === "" ? location.pathname : `${location.pathname}?${text}`;
}

/** A query of the parameters that have a value. */
export function query(parameters) {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)).toString();
}

/** A state with other filters; `undefined` removes one. */
export function changed(state, filters) {
  const merged = { ...state.filters, ...filters };
  if (!merged.near) {
    delete merged.radius_km;
  }
  if (!merged.price_gte && !merged.price_lte && state.sort !== "price") {
    delete merged.currency;
  }
  const kept = Object.fromEntries(Object.entries(merged).filter(([, value]) => value));
  // An order that its filter is missing for is refused by the API.
  const { sort } = state;
  const lacks = (sort === "distance" && !kept.near) || (sort === "price" && !kept.currency) || (sort === "-relevance" && !kept.q);
  return { ...state, filters: kept, sort: lacks ? undefined : sort };
}
