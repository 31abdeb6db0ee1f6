// Language of the page: the first of the browser's languages that Agora has.

const LANGUAGES = ["en", "ru"];

/** The language with the reader's region: dates and numbers of `en-GB` and `en-US` differ. */
export const locale = navigator.languages.find((tag) => LANGUAGES.includes(tag.split("-")[0])) ?? "en";

export const language = locale.split("-")[0];

document.documentElement.lang = language;

/** Returns the texts of the reader's language. */
export function texts(languages) {
  return languages[language];
}

/** Inserts texts into the elements with `data-text`. */
export function translate(words) {
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = words[element.dataset.text] ?? element.textContent;
  }
}

/** Replaces `{name}` in a text. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const numbers = new Intl.NumberFormat(locale);
const plurals = new Intl.PluralRules(language);
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });

/** A text with a capital letter first: Russian has months, weekdays and languages in lower case. */
export function capital(text) {
  return text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1);
}

/** A count with its noun; `forms` has a text for each plural form of the language. */
export function count(number, forms) {
  return fill(forms[plurals.select(number)] ?? forms.other, { n: numbers.format(number) });
}

/** The day of a time of the API. */
export function day(time) {
  return dates.format(new Date(time));
}

/** A duration as minutes and seconds, as a timer shows it. */
export function timer(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
