// Place and link of an event.
import { element } from "/components/element.js";
import { field } from "/components/form.js";
import { MODES, countries, nameOf } from "../shared/names.js";
import { words } from "./texts.js";

const TEXTS = ["name", "address", "city", "country"];
const NUMBERS = ["latitude", "longitude"];

/** The fields; `read` returns `mode`, `venue` and `online_url`. */
export function placeFields({ mode, venue, online_url }) {
  const { name, address, city, country, latitude, longitude } = venue ?? {};
  const number = (at, label, value, bound) =>
    field({ name: `venue/${at}`, label, type: "number", step: "any", min: -bound, max: bound, value: value === undefined || value === null ? "" : String(value) });
  const place = element(
    "fieldset",
    {},
    element(
      "div",
      { class: "fields" },
      field({ name: "venue/name", label: words.venueName, value: name, maxlength: 150 }),
      field({ name: "venue/address", label: words.address, value: address, maxlength: 200, autocomplete: "off" }),
      field({ name: "venue/city", label: words.city, value: city, maxlength: 100, autocomplete: "off", pointers: "venue" }),
      field({ name: "venue/country", label: words.country, options: [["", "–"], ...countries()], value: country }),
      number("latitude", words.latitude, latitude, 90),
      number("longitude", words.longitude, longitude, 180),
    ),
    element("p", { class: "hint" }, words.pointHint),
  );
  const link = field({ name: "online_url", label: words.online, hint: words.onlineHint, type: "url", placeholder: "https://", value: online_url, maxlength: 2000 });
  const modes = field({ name: "mode", label: words.mode, options: MODES.map((it) => [it, nameOf(it)]), value: mode });
  const chosen = modes.querySelector("select");
  const root = element("fieldset", {}, element("legend", {}, words.where), modes, place, link);
  const adapt = () => {
    place.hidden = place.disabled = chosen.value === "online";
    link.hidden = link.querySelector("input").disabled = chosen.value === "offline";
  };
  root.addEventListener("change", adapt);
  adapt();

  const value = (name) => root.querySelector(`[name="${name}"]`).value.trim();
  const read = () => {
    const texts = TEXTS.map((it) => [it, value(`venue/${it}`) || null]);
    const numbers = NUMBERS.map((it) => [it, value(`venue/${it}`) === "" ? null : Number(value(`venue/${it}`))]);
    const all = [...texts, ...numbers];
    const isEmpty = all.every(([, it]) => it === null);
    return { mode: chosen.value, venue: isEmpty ? null : Object.fromEntries(all), online_url: value("online_url") || null };
  };
  return { root, read };
}
