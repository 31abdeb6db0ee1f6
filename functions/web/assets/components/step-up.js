// Step-up authentication: the password again, before an action that needs a recent one.
import { ask } from "./dialog.js";
import { element } from "./element.js";
import { field } from "./form.js";
import { texts } from "./i18n.js";

const words = texts({
  en: {
    title: "Confirm that it is you",
    text: "Your last sign-in was a while ago. Please enter your password to go on.",
    password: "Password",
    confirm: "Confirm",
  },
  ru: {
    title: "Подтвердите, что это вы",
    text: "С последнего входа прошло время. Введите пароль, чтобы продолжить.",
    password: "Пароль",
    confirm: "Подтвердить",
  },
});

/**
 * Asks for the password of an account until `send` accepts it. Resolves to false if the
 * person cancels.
 */
export function confirmPassword({ email }, send) {
  const attributes = { type: "password", autocomplete: "current-password", maxlength: 256, required: true };
  const password = field({ name: "password", label: words.password, ...attributes });
  // Tells password managers which account it is.
  const username = element("input", { type: "text", autocomplete: "username", value: email, hidden: true });
  return ask({
    title: words.title,
    text: words.text,
    fields: [username, password],
    action: words.confirm,
    send: (values) => send(values.password),
  });
}
