// Confirms the address that the link was sent to. Only on a click: mail scanners
// follow links, but press no buttons.
import { request } from "/components/api.js";
import { handle } from "/components/form.js";
import { texts, translate } from "/components/i18n.js";
import { open, takeToken } from "/components/page.js";
import { account, call, renewAccount } from "/components/session.js";

const words = texts({
  en: {
    title: "Confirm your email address",
    request: "Enter your password to keep it. Without it, all devices are signed out and the password is removed, because another person may have set it.",
    label: "Password",
    confirm: "Confirm the address",
    done: "Your email address is confirmed.",
    removed: "Your email address is confirmed. If the address was new to the account, the password has been removed: set one with “Forgot your password?”.",
    goOn: "Continue",
    verification_token_invalid: "This link is no longer valid. Please request a new one.",
    invalid_fields: "The link is incomplete. Please copy the whole link from the email.",
  },
  ru: {
    title: "Подтверждение адреса электронной почты",
    request: "Введите пароль, чтобы сохранить его. Без этого сеансы на всех устройствах будут завершены, а пароль удалён: его мог задать другой человек.",
    label: "Пароль",
    confirm: "Подтвердить адрес",
    done: "Адрес подтверждён.",
    removed: "Адрес подтверждён. Если адрес был новым для аккаунта, пароль удалён: задайте новый через «Забыли пароль?».",
    goOn: "Продолжить",
    verification_token_invalid: "Ссылка больше не действительна. Пожалуйста, запросите новую.",
    invalid_fields: "Ссылка неполная. Пожалуйста, скопируйте её из письма целиком.",
  },
});

const token = takeToken() ?? undefined;
const form = document.querySelector("form");

/** Confirms with the password, or with the session of the account. */
async function confirm(user, password) {
  const options = { body: { token, password } };
  if (user === null) {
    await request("POST", "/auth/email-verification-confirm", options);
    return password !== undefined;
  }
  await call("POST", "/auth/email-verification-confirm", options);
  // The link may be that of another account.
  return (await renewAccount()).email_verified;
}

translate(words);
open(words.title);
const user = await account();
document.getElementById("shown").hidden = user !== null;
handle(
  form,
  async ({ password }) => {
    const kept = await confirm(user, password);
    form.hidden = true;
    document.getElementById("outcome").textContent = kept ? words.done : words.removed;
    document.getElementById("next").hidden = false;
  },
  words,
);
