// Confirms the address that the mailed link was sent to. Only at a click: what
// scans mails follows links, but presses no button.
import { post, say, takeToken, translate } from "/account/account.js";

const texts = translate({
  en: {
    title: "Confirm your e-mail address",
    request: "One click, and we know that this address is yours.",
    confirm: "Confirm the address",
    done: "Thank you, the address is confirmed. You may close this page.",
    verification_token_invalid: "This link does not work any more. Please ask for a new one.",
    email_taken: "Another account has this address by now.",
    invalid_fields: "This link is not complete. Please copy the whole of it from the mail.",
    other: "That did not work. Please try again in a moment.",
  },
  ru: {
    title: "Подтверждение адреса",
    request: "Одно нажатие, и мы знаем, что этот адрес ваш.",
    confirm: "Подтвердить адрес",
    done: "Спасибо, адрес подтверждён. Эту страницу можно закрыть.",
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
  const problem = await post("/api/v1/auth/email-verification-confirm", { token });
  if (problem === null) {
    form.hidden = true;
    say(texts.done, "good");
  } else {
    button.disabled = false;
    say(texts[problem.code] ?? texts.other, "bad");
  }
});
