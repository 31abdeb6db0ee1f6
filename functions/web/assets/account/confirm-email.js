// Confirms the address that the link was sent to. Only on a click: mail scanners
// follow links, but press no buttons.
import { post, say, takeToken, translate } from "/account/account.js";

const texts = translate({
  en: {
    title: "Confirm your email address",
    request: "Enter your password to keep it. Without it, all devices are signed out and the password is removed, because another person may have set it.",
    label: "Password",
    confirm: "Confirm the address",
    done: "Your email address is confirmed. You can close this page.",
    removed: "Your email address is confirmed. If the account was new, its password has been removed: set one with “Forgot your password?”.",
    wrong_password: "The password is wrong.",
    too_many_attempts: "Too many attempts. Please try again later.",
    verification_token_invalid: "This link is no longer valid. Please request a new one.",
    email_taken: "Another account already has this address.",
    invalid_fields: "The link is incomplete. Please copy the whole link from the email.",
    other: "Something went wrong. Please try again in a moment.",
  },
  ru: {
    title: "Подтверждение адреса электронной почты",
    request: "Введите пароль, чтобы сохранить его. Без этого сеансы на всех устройствах будут завершены, а пароль удалён: его мог задать другой человек.",
    label: "Пароль",
    confirm: "Подтвердить адрес",
    done: "Адрес подтверждён. Эту страницу можно закрыть.",
    removed: "Адрес подтверждён. Если аккаунт был новым, его пароль удалён: задайте новый через «Забыли пароль?».",
    wrong_password: "Неверный пароль.",
    too_many_attempts: "Слишком много попыток. Пожалуйста, попробуйте позже.",
    verification_token_invalid: "Ссылка больше не действительна. Пожалуйста, запросите новую.",
    email_taken: "Этот адрес уже используется другим аккаунтом.",
    invalid_fields: "Ссылка неполная. Пожалуйста, скопируйте её из письма целиком.",
    other: "Что-то пошло не так. Пожалуйста, попробуйте ещё раз чуть позже.",
  },
});

const token = takeToken();
const form = document.getElementById("form");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  const password = document.getElementById("password").value;
  const body = password === "" ? { token } : { token, password };
  const problem = await post("/api/v1/auth/email-verification-confirm", body);
  if (problem === null) {
    form.hidden = true;
    say(password === "" ? texts.removed : texts.done, "good");
  } else {
    button.disabled = false;
    say(texts[problem.code] ?? texts.other, "bad");
  }
});
