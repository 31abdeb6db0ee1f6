// Dialogs: a question or a form above the page. The browser keeps the focus inside and
// returns it; Escape closes.
import { button, element } from "./element.js";
import { handle } from "./form.js";
import { texts } from "./i18n.js";

const words = texts({ en: { cancel: "Cancel" }, ru: { cancel: "Отмена" } });

/** Number of the dialog: a question for the password opens above another one. */
let opened = 0;

/**
 * Asks for confirmation, or for the values of fields, and sends them. Stays open while
 * `send` fails, and shows why. Resolves to true once it was sent, to false if the
 * person has cancelled.
 */
export function ask({ title, text, fields = [], action, danger = false, send, own }) {
  return new Promise((resolve) => {
    let sent = false;
    opened += 1;
    const [titleId, textId] = [`dialog-title-${opened}`, `dialog-text-${opened}`];
    // Without fields, the first control is the harmless one: it gets the focus.
    const cancel = button(words.cancel, () => dialog.close());
    const submit = element("button", { class: danger ? "danger" : "primary" }, action);
    const form = element("form", {}, fields, element("div", { class: "actions" }, cancel, submit));
    const about = text ? element("p", { id: textId }, text) : null;
    const dialog = element(
      "dialog",
      { "aria-labelledby": titleId, "aria-describedby": text ? textId : null },
      element("h2", { id: titleId }, title),
      about,
      form,
    );
    const sendAndClose = async (values) => {
      await send(values);
      sent = true;
      dialog.close();
    };
    handle(form, sendAndClose, own);
    dialog.addEventListener("cancel", (event) => form.ariaBusy === "true" && event.preventDefault());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(sent);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
