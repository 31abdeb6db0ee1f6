// Sets a password: a new one after a reset, or the first one of an account that an
// administrator has created.
import { post, say, takeToken, translate } from "/account/account.js";

const texts = translate({
  en: {
    title: "Choose a password",
    label: "New password",
    rules: "At least 8 characters, hard to guess. Several words in a row work well.",
    show: "Show password",
    choose: "Set password",
    done: "Your password is set. All devices have been signed out: sign in with the new password.",
    reset_token_invalid: "This link is no longer valid. Please request a new one.",
    weak_password: "This password is easy to guess. Please choose another one.",
    password_length: "The password must have 8 to 256 characters.",
    invalid_fields: "The link is incomplete. Please copy the whole link from the email.",
    other: "Something went wrong. Please try again in a moment.",
  },
  ru: {
    title: "Новый пароль",
    label: "Новый пароль",
    rules: "Не меньше 8 символов, которые трудно угадать. Хорошо подходят несколько слов подряд.",
    show: "Показать пароль",
    choose: "Сохранить пароль",
    done: "Пароль сохранён. Сеансы на всех устройствах завершены: войдите с новым паролем.",
    reset_token_invalid: "Ссылка больше не действительна. Пожалуйста, запросите новую.",
    weak_password: "Этот пароль легко угадать. Пожалуйста, придумайте другой.",
    password_length: "В пароле должно быть от 8 до 256 символов.",
    invalid_fields: "Ссылка неполная. Пожалуйста, скопируйте её из письма целиком.",
    other: "Что-то пошло не так. Пожалуйста, попробуйте ещё раз чуть позже.",
  },
});

const token = takeToken();
const form = document.getElementById("form");
const password = document.getElementById("password");

document.getElementById("show").addEventListener("change", (event) => {
  password.type = event.target.checked ? "text" : "password";
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  const problem = await post("/api/v1/auth/password-reset-confirm", { token, new_password: password.value });
  if (problem === null) {
    form.hidden = true;
    say(texts.done, "good");
  } else {
    button.disabled = false;
    const fault = problem.errors?.find(({ pointer }) => pointer === "/new_password");
    say(texts[fault?.code] ?? texts[problem.code] ?? texts.other, "bad");
    password.focus();
  }
});
