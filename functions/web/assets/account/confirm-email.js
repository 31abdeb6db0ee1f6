// Confirms the address that the mailed link was sent to. Only at a click: what
// scans mails follows links, but presses no button.
import { post, say, takeToken, translate } from "/account/account.js";

const texts = translate({
  en: {
    title: "Confirm your e-mail address",
    request: "Your password, so that it stays: without it, all devices are signed out and the password is removed, since somebody else may have chosen it.",
    label: "Password",
    confirm: "Confirm the address",
    done: "Thank you, the address is confirmed. You may close this page.",
    removed: "Thank you, the address is confirmed. If this account was new, its password is removed: choose one with “Forgot your password?”.",
    wrong_password: "The password is wrong.",
    too_many_attempts: "There were too many attempts. Please wait a while.",
    verification_token_invalid: "This link does not work any more. Please ask for a new one.",
    email_taken: "Another account has this address by now.",
    invalid_fields: "This link is not complete. Please copy the whole of it from the mail.",
    other: "That did not work. Please try again in a moment.",
  },
  ru: {
    title: "Подтверждение адреса",
    request: "Ваш пароль, чтобы он остался: без него мы завершим сеансы на всех устройствах и удалим пароль, потому что его мог выбрать кто-то другой.",
    label: "Пароль",
    confirm: "Подтвердить адрес",
    done: "Спасибо, адрес подтверждён. Эту страницу можно закрыть.",
    removed: "Спасибо, адрес подтверждён. Если аккаунт был новым, его пароль удалён: задайте новый через «Забыли пароль?».",
    wrong_password: "Неверный пароль.",
    too_many_attempts: "Слишком много попыток. Пожалуйста, подождите.",
    verification_token_invalid: "Эта ссылка больше не действует. Пожалуйста, запросите новую.",
    email_taken: "Этот адрес уже есть у другого аккаунта.",
    invalid_fields: "Ссылка неполная. Пожалуйста, скопируйте её из письма целиком.",
    other: "Не получилось. Пожалуйста, попробуйте ещё раз чуть позже.",
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
