// Forms: checked before they are sent, sent once at a time, and with the API's faults
// at their fields.
import { Problem } from "./api.js";
import { element } from "./element.js";
import { fill, texts, timer } from "./i18n.js";
import { faultSentence, faults, sentence } from "./problems.js";

const words = texts({ en: { check: "Please check: {names}." }, ru: { check: "Проверьте: {names}." } });

/**
 * Sends a form's values when it is submitted. `send` gets them by name, without the
 * empty ones; the problem that it throws is shown, in the words of `own` first. Returns a
 * function that does the same with another `send`, for further buttons.
 */
export function handle(form, send, own = {}) {
  // The browser's own bubbles are in its language and vanish.
  form.noValidate = true;
  form.querySelectorAll("[data-shows]").forEach(showPassword);
  const outcome = element("p", { role: "alert", class: "bad" });
  form.append(outcome);
  // Sent before it is handled, a form would put the password into the address.
  form.hidden = false;
  const attempt = async (send) => {
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
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(send);
  });
  return attempt;
}

/**
 * A field with its label, for forms that are made by code. Its name is the JSON pointer of
 * its faults without the first slash; `pointers` has further ones, separated by blanks.
 */
export function field({ name, label, hint, options, control = "input", pointers, id = idOf(name), ...attributes }) {
  const choices = options?.map(([value, text]) => element("option", { value, selected: value === attributes.value }, text));
  const tag = options ? "select" : control;
  const { value, ...others } = attributes;
  const describedBy = hint ? `${id}-hint` : null;
  const own = { id, name, "data-pointers": pointers, "aria-describedby": describedBy };
  const made = element(tag, { ...own, ...others }, choices ?? []);
  if (!options && value) {
    made.value = value;
  }
  const explained = hint ? element("p", { id: `${id}-hint`, class: "hint" }, hint) : null;
  return element("div", { class: "field" }, element("label", { for: id }, label), made, explained);
}

function idOf(name) {
  return `field-${name.replaceAll("/", "-")}`;
}

/** A box to tick, with its label. */
export function choice({ label, ...attributes }) {
  return element("label", { class: "choice" }, element("input", { type: "checkbox", ...attributes }), " ", label);
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
  const marked = faults(problem, own).flatMap(([pointer, text]) => {
    const control = controlOf(form, pointer);
    return control ? [mark(control, text)] : [];
  });
  if (marked.length > 0) {
    marked[0].focus();
    if (marked.length > 1) {
      // The others may be far from the first.
      outcome.textContent = fill(words.check, { names: marked.map(({ labels }) => labels[0].textContent).join(", ") });
    }
  } else if (problem.code !== "cancelled") {
    outcome.textContent = sentence(problem, own);
  }
  if (problem.retryAfter) {
    wait(form, problem.retryAfter);
  }
}

/** The control of a pointer, or of the nearest object around it that has one. */
function controlOf(form, pointer) {
  const answers = (control, name) => control.name === name || control.dataset.pointers?.split(" ").includes(name);
  for (let name = pointer; name !== ""; name = name.slice(0, Math.max(name.lastIndexOf("/"), 0))) {
    const control = [...form.elements].find((it) => answers(it, name) && it.labels?.length && it.checkVisibility());
    if (control) {
      return control;
    }
  }
  return null;
}

function mark(control, text) {
  if (control.getAttribute("aria-invalid")) {
    return control;
  }
  const fault = element("p", { id: `${control.id}-fault`, class: "fault" }, text);
  control.closest(".field").append(fault);
  control.setAttribute("aria-invalid", "true");
  control.dataset.hints = control.getAttribute("aria-describedby") ?? "";
  control.setAttribute("aria-describedby", `${control.dataset.hints} ${fault.id}`.trim());
  return control;
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
