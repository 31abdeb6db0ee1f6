// Frame of a page: header, account, announcements, and the way to sign in and back.
import { button, element } from "./element.js";
import { texts } from "./i18n.js";
import { sentence } from "./problems.js";
import { account, end, onChange } from "./session.js";

const words = texts({
  en: { organizations: "Organisations", signOut: "Sign out", account: "Account" },
  ru: { organizations: "Организации", signOut: "Выйти", account: "Аккаунт" },
});

/** Time that an announcement is shown. */
const SHOWN = 10_000;

const status = element("p", { role: "status", id: "status" });
let hiding;

/** Announces what was done. */
export function say(text) {
  clearTimeout(hiding);
  status.textContent = text;
  hiding = setTimeout(() => (status.textContent = ""), SHOWN);
}

/** Sets the title of the page, or of a part of it, and moves the focus there. */
export function open(title, heading) {
  document.title = `${title} – Agora`;
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}

/** Returns the account, or leads to the sign-in page and back. */
export async function requireAccount() {
  const user = await account();
  if (user === null) {
    location.replace(signInPath());
    return new Promise(() => {});
  }
  showAccount(user);
  onChange(() => location.reload());
  return user;
}

/** Path of the sign-in page that leads back to this one. */
export function signInPath(part = "") {
  return `/account/sign-in?next=${encodeURIComponent(location.pathname + location.hash)}${part}`;
}

/** Shows the account in the header. */
export function showAccount(user) {
  const leave = button(words.signOut, () => end().catch((problem) => say(sentence(problem))));
  document.querySelector("header").append(
    element(
      "nav",
      { "aria-label": words.account },
      element("a", { href: "/account/organizations" }, words.organizations),
      element("span", { class: "who" }, user.name ?? user.email),
      leave,
    ),
  );
}

/**
 * Returns the token of a mailed link and removes it from the address bar and the
 * history.
 */
export function takeToken() {
  const token = new URLSearchParams(location.search).get("token");
  history.replaceState(null, "", location.pathname + location.hash);
  return token;
}

document.body.prepend(element("header", {}, element("a", { href: "/account/organizations", class: "brand" }, "Agora")));
document.body.append(status);
