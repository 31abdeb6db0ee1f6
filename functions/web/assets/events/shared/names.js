// Names of the API's values in the reader's language: statuses, modes, countries, languages,
// categories.
import { request } from "/components/api.js";
import { element } from "/components/element.js";
import { capital, language, locale, texts } from "/components/i18n.js";

const words = texts({
  en: {
    draft: "draft",
    published: "published",
    rescheduled: "rescheduled",
    postponed: "postponed",
    cancelled: "cancelled",
    completed: "over",
    offline: "On site",
    online: "Online",
    mixed: "On site and online",
    listed: "Everyone, in the search",
    unlisted: "Everyone with the link",
    private: "Your organisation and you",
  },
  ru: {
    draft: "черновик",
    published: "опубликовано",
    rescheduled: "перенесено",
    postponed: "отложено",
    cancelled: "отменено",
    completed: "завершено",
    offline: "Очно",
    online: "Онлайн",
    mixed: "Очно и онлайн",
    listed: "Всем, есть в поиске",
    unlisted: "Всем, у кого ссылка",
    private: "Вам и организации",
  },
});

export const MODES = ["offline", "online", "mixed"];
export const VISIBILITIES = ["listed", "unlisted", "private"];
export const STATUSES = ["draft", "published", "rescheduled", "postponed", "cancelled", "completed"];

/** Languages that forms offer (ISO 639-1). */
export const LANGUAGES =
  "ar az be bg bs ca cs da de el en es et fa fi fr he hi hr hu hy is it ja ka kk ko ky lt lv mk nb nl no pl pt ro ru sk sl sq sr sv tg th tr uk uz vi zh".split(" ");

/** Countries (ISO 3166-1). */
const COUNTRIES = (
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC " +
  "CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD " +
  "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH " +
  "KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW " +
  "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC " +
  "SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY " +
  "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
).split(" ");

/** A value of a vocabulary; one of a later release is shown as it is. */
export function nameOf(value) {
  return words[value] ?? value;
}

function displayNames(type) {
  const names = new Intl.DisplayNames(locale, { type });
  return (code) => {
    try {
      return capital(names.of(code));
    } catch {
      return code;
    }
  };
}

export const countryName = displayNames("region");
export const languageName = displayNames("language");

const sorted = (codes, name) => codes.map((code) => [code, name(code)]).sort(([, one], [, other]) => one.localeCompare(other, locale));

/** Options of a select, in the order of their names. */
export function countries() {
  return sorted(COUNTRIES, countryName);
}

/** As `countries`, with further ones. */
export function languages(further = []) {
  return sorted([...new Set([...LANGUAGES, ...further])], languageName);
}

/** A badge with the status; `null` for one that visitors need not know. */
export function badge(status) {
  return status === "published" || status === "scheduled"
    ? null
    : element("span", { class: `badge ${status === "cancelled" ? "off" : ""}` }, nameOf(status));
}

/**
 * The categories: `name` of a slug, and `options` of a select, subcategories indented.
 * Without a reply they are known by their slugs alone.
 */
export async function categories() {
  const list = await request("GET", "/event-categories").then((reply) => reply.categories, () => []);
  const title = (category) => (language === "ru" ? category.name_ru : category.name_en);
  const name = (slug) => {
    const found = list.find((category) => category.slug === slug);
    return found ? title(found) : slug;
  };
  const below = (parent, depth) =>
    list
      .filter((category) => (category.parent ?? null) === parent && !category.retired)
      .flatMap(({ slug }) => [[slug, `${"\u2003".repeat(depth)}${name(slug)}`], ...below(slug, depth + 1)]);
  return { name, options: below(null, 0) };
}
