// Sign-in, registration and forgotten password: parts of one page, named in the
// address's fragment, so that links and the back button lead to them.
import { request } from "/components/api.js";
import { button, element } from "/components/element.js";
import { handle } from "/components/form.js";
import { fill, language, translate } from "/components/i18n.js";
import { open, say } from "/components/page.js";
import { sentence } from "/components/problems.js";
import { account, begin, device, end } from "/components/session.js";
import { words } from "./sign-in-texts.js";

const PARTS = ["sign-in", "register", "forgotten"];
const sections = [...document.querySelectorAll("section")];

/** Page of this platform to go to after the sign-in. */
function next() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "";
  const url = URL.canParse(wanted, location.origin) ? new URL(wanted, location.origin) : null;
  return wanted && url?.origin === location.origin ? url.href : "/account/organizations";
}

/** Leaves the page. The form stays busy until then. */
function leave() {
  location.replace(next());
  return new Promise(() => {});
}

function show(id, { focus = true } = {}) {
  sections.forEach((section) => (section.hidden = section.id !== id));
  const section = document.getElementById(id);
  const heading = section.querySelector("h1");
  open(heading.textContent, focus ? heading : null);
  return section;
}

function form(id, send) {
  handle(document.querySelector(`#${id} form`), send, words);
}

/** Takes the address that was typed over to the other forms. */
function keepAddress(event) {
  if (event.target.type === "email") {
    document.querySelectorAll("input[type=email]").forEach((input) => (input.value = event.target.value));
  }
}

function showMailed(text, sendAgain, goOn) {
  const section = show("mailed");
  document.getElementById("mailed-text").textContent = text;
  const again = button(words.again, async () => {
    again.disabled = true;
    say(await sendAgain().then(() => words.sentAgain, (problem) => sentence(problem, words)));
    again.disabled = false;
  });
  section.querySelector(".actions").replaceChildren(...(goOn ? [goOn] : []), ...(sendAgain ? [again] : []));
}

function goOnButton() {
  return element("a", { href: next(), class: "button primary" }, words.goOn);
}

function showSignedIn(user) {
  const section = show("signed-in");
  document.getElementById("signed-in-text").textContent = fill(words.signedInAs, user);
  const other = button(words.other, async () => {
    try {
      await end();
      show("sign-in");
    } catch (problem) {
      say(sentence(problem, words));
    }
  });
  section.querySelector(".actions").replaceChildren(goOnButton(), other);
}

form("sign-in", async ({ email, password }) => {
  begin(await request("POST", "/auth/login", { body: { email, password, ...device() } }));
  await leave();
});

form("register", async ({ email, password, name }) => {
  const reply = await request("POST", "/auth/register", { body: { email, password, name, locale: language } });
  const text = fill(words.mailedConfirm, { email });
  // A platform that hides which addresses have accounts signs nobody in here.
  if (reply?.access_token) {
    begin(reply);
    showMailed(text, () => request("POST", "/auth/email-verification-request", { body: { email } }), goOnButton());
  } else {
    showMailed(text, null, element("a", { href: "#sign-in", class: "button" }, words.back));
  }
});

form("forgotten", async ({ email }) => {
  const send = () => request("POST", "/auth/password-reset-request", { body: { email } });
  await send();
  showMailed(fill(words.mailedReset, { email }), send, element("a", { href: "#sign-in", class: "button" }, words.back));
});

function showPart(options) {
  const part = location.hash.slice(1);
  show(PARTS.includes(part) ? part : "sign-in", options);
}

translate(words);
document.addEventListener("change", keepAddress);
addEventListener("hashchange", () => showPart());
const user = await account();
if (user === null) {
  showPart({ focus: false });
} else {
  showSignedIn(user);
}
