// Frame of a page: header, account, announcements, and the way to sign in and back.
import { button, element } from "./element.js";
import { texts } from "./i18n.js";
import { sentence } from "./problems.js";
import { account, end, onChange } from "./session.js";

const words = texts({
  en: { events: "Events", managed: "Your events", organizations: "Organisations", signIn: "Sign in", signOut: "Sign out", account: "Account", loading: "Loading …" },
  ru: { events: "События", managed: "Ваши события", organizations: "Организации", signIn: "Войти", signOut: "Выйти", account: "Аккаунт", loading: "Загрузка …" },
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

/** A line that stands where the content will, and shows itself if that takes time. */
export function loading() {
  return element("p", { role: "status", class: "loading" }, words.loading);
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

/**
 * Shows the account in the header, or the way to sign in, of a page that everyone may
 * read. Returns the account, or `null`.
 */
export async function showReader() {
  const user = await account();
  if (user === null) {
    // The address of the page may have changed until the click.
    const signIn = element("a", { click: () => (signIn.href = signInPath()), href: signInPath() }, words.signIn);
    navigation(element("a", { href: "/events" }, words.events), signIn);
  } else {
    showAccount(user);
  }
  onChange(() => location.reload());
  return user;
}

/** Path of the sign-in page that leads back to this one. */
export function signInPath(part = "") {
  return `/account/sign-in?next=${encodeURIComponent(location.pathname + location.search + location.hash)}${part}`;
}

/** Shows the account in the header. */
export function showAccount(user) {
  const leave = button(words.signOut, () => end().catch((problem) => say(sentence(problem))));
  navigation(
    element("a", { href: "/events" }, words.events),
    element("a", { href: "/events/manage" }, words.managed),
    element("a", { href: "/account/organizations" }, words.organizations),
    element("span", { class: "who" }, user.name ?? user.email),
    leave,
  );
}

function navigation(...content) {
  document.querySelector("header").append(element("nav", { "aria-label": words.account }, content));
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

document.body.prepend(element("header", {}, element("a", { href: "/events", class: "brand" }, "Agora")));
document.body.append(status);
