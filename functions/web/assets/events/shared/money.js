// Prices. Amounts are integers in minor units.
import { fill, locale, texts } from "/components/i18n.js";

const words = texts({
  en: { free: "Free", mixed: "Free or with a ticket", from: "from {price}" },
  ru: { free: "Бесплатно", mixed: "Бесплатно или по билету", from: "от {price}" },
});

/** Currencies that forms offer. The API knows all of ISO 4217. */
export const CURRENCIES = (
  "EUR USD GBP CHF RUB AED AMD AUD AZN BRL BYN CAD CNY CZK DKK GEL HKD HUF ILS INR ISK JPY KGS KRW KZT MDL MXN NOK NZD " +
  "PLN RON RSD SEK SGD THB TRY UAH UZS ZAR"
).split(" ");

/** Currencies whose minor unit is not a hundredth (ISO 4217); browsers follow another list. */
const DIGITS = { 0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF", 3: "BHD IQD JOD KWD LYD OMR TND" };

function digits(currency) {
  const found = Object.entries(DIGITS).find(([, codes]) => codes.split(" ").includes(currency));
  return Number(found?.[0] ?? 2);
}

/** A price as a text. */
export function priceText({ amount, currency }) {
  if (amount === 0) {
    return words.free;
  }
  const places = digits(currency);
  const shown = amount % 10 ** places === 0 ? 0 : places;
  const options = { style: "currency", currency, minimumFractionDigits: shown, maximumFractionDigits: places };
  return new Intl.NumberFormat(locale, options).format(amount / 10 ** places);
}

/** The lowest price of an event: `null` for a free one, zero if only some tickets are free. */
export function lowestText(price, isFrom) {
  if (price === null) {
    return words.free;
  }
  if (price.amount === 0) {
    return words.mixed;
  }
  return isFrom ? fill(words.from, { price: priceText(price) }) : priceText(price);
}

/** Minor units of a number that was typed; `null` if it is none. */
export function minor(text, currency) {
  const plain = text.replace(/[\s’']/g, "").replace(",", ".");
  return /^\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain) * 10 ** digits(currency)) : null;
}

/** Minor units as a number to type. */
export function major(amount, currency) {
  return amount % 10 ** digits(currency) === 0
    ? String(amount / 10 ** digits(currency))
    : (amount / 10 ** digits(currency)).toFixed(digits(currency));
}
