// Changes of the form that are not sent yet: the reader is asked before they are lost.
import { ask } from "/components/dialog.js";
import { texts } from "/components/i18n.js";

const words = texts({
  en: { title: "Leave without saving?", text: "The event has changes that are not saved.", leave: "Leave" },
  ru: { title: "Уйти без сохранения?", text: "В событии есть несохранённые изменения.", leave: "Уйти" },
});

let isPending = () => false;

/** Watches a form; `check` is true while it has such changes. */
export function watch(form, check) {
  isPending = () => form.isConnected && check();
}

/** Gives the changes up. */
export function release() {
  isPending = () => false;
}

/** Stays at the part of the page that was shown, and asks. True if there is nothing to ask. */
export function mayLeave({ oldURL }) {
  if (!isPending()) {
    return true;
  }
  const next = location.hash;
  history.pushState(null, "", oldURL);
  const send = () => {
    release();
    location.hash = next;
  };
  ask({ title: words.title, text: words.text, action: words.leave, danger: true, send });
  return false;
}

// The browser asks in its own words.
addEventListener("beforeunload", (event) => isPending() && event.preventDefault());
