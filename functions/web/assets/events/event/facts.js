// Time, place, price, language and organiser of an event.
import { element } from "/components/element.js";
import { priceText } from "../shared/money.js";
import { countryName, languageName, nameOf } from "../shared/names.js";
import { localText, named, ownTime, when, zoneName } from "../shared/when.js";
import { words } from "./texts.js";

function row(term, ...content) {
  return content.flat().filter(Boolean).length === 0 ? [] : [element("dt", {}, term), element("dd", {}, ...content)];
}

/** Terms and their descriptions, for one of the dates; `null` if there is none. */
export function facts(event, occurrence) {
  const { mode, online_url, ticket_types, language } = event;
  const online = online_url ? element("a", { href: online_url, rel: "noopener noreferrer nofollow" }, online_url) : words.online;
  const venue = occurrence?.venue ?? event.venue;
  return [
    ...time(event, occurrence),
    ...(mode === "offline" ? [] : row(nameOf("online"), online)),
    ...(mode === "online" || !venue ? [] : row(words.where, place(venue))),
    ...row(words.price, prices(ticket_types)),
    ...(language ? row(words.language, languageName(language)) : []),
  ].flat();
}

function time({ schedule, status }, occurrence) {
  if (!schedule || status === "postponed") {
    return [];
  }
  if (!occurrence) {
    return row(words.when, localText(schedule.parts[0].start), " ", element("span", { class: "badge" }, words.over));
  }
  const own = ownTime(occurrence, schedule);
  const zone = schedule.all_day ? null : (zoneName(occurrence, schedule) ?? named(occurrence.starts_at, schedule.time_zone));
  const off = status !== "cancelled" && occurrence.status === "cancelled" ? [" ", element("span", { class: "badge off" }, words.dateCancelled)] : [];
  return [
    ...row(words.when, element("span", { class: "when" }, when(occurrence, schedule)), ...off),
    ...row(words.zone, zone),
    ...row(words.own, own),
  ];
}

function place({ name, address, city, country, latitude, longitude }) {
  const lines = [name, address, [city, country && countryName(country)].filter(Boolean).join(", ")].filter(Boolean);
  const hasPoint = typeof latitude === "number" && typeof longitude === "number";
  const text = encodeURIComponent([address ?? name, city, country].filter(Boolean).join(", "));
  const map = hasPoint
    ? `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`
    : `https://www.openstreetmap.org/search?query=${text}`;
  const link = element("a", { href: map, rel: "noopener noreferrer" }, words.map);
  return [...lines.flatMap((line) => [line, element("br")]), link];
}

function prices(tickets) {
  if (tickets.length === 0) {
    return words.free;
  }
  if (tickets.length === 1) {
    return priceText(tickets[0].price);
  }
  return element("ul", { class: "plain" }, tickets.map(({ name, price }) => element("li", {}, `${name}: ${priceText(price)}`)));
}

/** Row of the organiser, and whether the reader may edit its events; `name` is that of a person. */
export async function organizer({ organizer: id }, { user, read, name }) {
  const more = element("a", { href: `/events?organizer=${id}` }, words.more);
  if (!id.startsWith("org_")) {
    return { row: row(words.organizer, name || words.person, " · ", more), mayEdit: user?.id === id };
  }
  const found = await read(`/organizations/${id}`).catch(() => null);
  const parts = found ? [found.name, found.verified ? element("span", { class: "badge" }, words.verified) : null] : [];
  const shown = parts.filter(Boolean).flatMap((it) => [it, " "]);
  return {
    row: row(words.organizer, ...shown, ...(found ? ["· "] : []), more),
    mayEdit: Boolean(found?.me?.permissions.includes("manage_events")),
  };
}
