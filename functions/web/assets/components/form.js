// Forms: checked before they are sent, sent once at a time, and with the API's faults
// at their fields.
import { Problem } from "./api.js";
import { element } from "./element.js";
import { timer } from "./i18n.js";
import { faultSentence, faults, sentence } from "./problems.js";

/**
 * Sends a form's values when it is submitted. `send` gets them by name, without the
 * empty ones; the problem that it throws is shown, in the words of `own` first.
 */
export function handle(form, send, own = {}) {
  // The browser's own bubbles are in its language and vanish.
  form.noValidate = true;
  form.querySelectorAll("[data-shows]").forEach(showPassword);
  const outcome = element("p", { role: "alert", class: "bad" });
  form.append(outcome);
  // Sent before it is handled, a form would put the password into the address.
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true" || isWaiting(form)) {
      return;
    }
    outcome.textContent = "";
    form.querySelectorAll("[aria-invalid]").forEach(unmark);
    if (!check(form, own)) {
      return;
    }
    form.ariaBusy = "true";
    try {
      await send(values(form));
    } catch (problem) {
      if (!(problem instanceof Problem)) {
        throw problem;
      }
      show(form, outcome, problem, own);
    } finally {
      form.ariaBusy = "false";
    }
  });
}

/** A field with its label, for forms that are made by code. */
export function field({ name, label, hint, options, control = "input", ...attributes }) {
  const id = `field-${name}`;
  const choices = options?.map(([value, text]) => element("option", { value, selected: value === attributes.value }, text));
  const tag = options ? "select" : control;
  const { value, ...others } = attributes;
  const describedBy = hint ? `${id}-hint` : null;
  const made = element(tag, { id, name, "aria-describedby": describedBy, ...others }, choices ?? []);
  if (!options && value) {
    made.value = value;
  }
  const explained = hint ? element("p", { id: `${id}-hint`, class: "hint" }, hint) : null;
  return element("div", { class: "field" }, element("label", { for: id }, label), made, explained);
}

function values(form) {
  return Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
}

function check(form, own) {
  const invalid = [...form.elements].filter((control) => control.willValidate && !control.validity.valid);
  invalid.forEach((control) => mark(control, faultSentence(faultCode(control), own)));
  invalid[0]?.focus();
  return invalid.length === 0;
}

function faultCode({ type, validity }) {
  if (validity.valueMissing) {
    return "required";
  }
  return { email: "invalid_email", url: "invalid_url", password: "password_length", text: "password_length" }[type];
}

function show(form, outcome, problem, own) {
  const marked = faults(problem, own).filter(([name, text]) => {
    const control = form.elements.namedItem(name);
    return control?.labels?.length && mark(control, text);
  });
  if (marked.length > 0) {
    form.elements.namedItem(marked[0][0]).focus();
  } else if (problem.code !== "cancelled") {
    outcome.textContent = sentence(problem, own);
  }
  if (problem.retryAfter) {
    wait(form, problem.retryAfter);
  }
}

function mark(control, text) {
  const fault = element("p", { id: `${control.id}-fault`, class: "fault" }, text);
  control.closest(".field").append(fault);
  control.setAttribute("aria-invalid", "true");
  control.dataset.hints = control.getAttribute("aria-describedby") ?? "";
  control.setAttribute("aria-describedby", `${control.dataset.hints} ${fault.id}`.trim());
  return true;
}

function unmark(control) {
  document.getElementById(`${control.id}-fault`).remove();
  control.removeAttribute("aria-invalid");
  control.setAttribute("aria-describedby", control.dataset.hints);
}

/** Counts down on the form's button until the API accepts another attempt. */
function wait(form, seconds) {
  const submit = form.querySelector("button:not([type=button])");
  const text = submit.textContent;
  const until = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    submit.ariaDisabled = String(left > 0);
    submit.textContent = left > 0 ? `${text} (${timer(left)})` : text;
    if (left > 0) {
      setTimeout(tick, 1000);
    }
  };
  tick();
}

function isWaiting(form) {
  return form.querySelector("button[aria-disabled=true]") !== null;
}

function showPassword(box) {
  const password = document.getElementById(box.dataset.shows);
  box.addEventListener("change", () => (password.type = box.checked ? "text" : "password"));
}
