// Lets a password be chosen: a new one in the place of a forgotten one, or the
// first of an account that somebody else has made.
import { post, say, takeToken, translate } from "/account/account.js";

const texts = translate({
  en: {
    title: "Choose a password",
    label: "New password",
    rules: "At least 8 characters that are hard to guess: a few words in a row are good.",
    show: "Show it",
    choose: "Choose this password",
    done: "Thank you, this is your password now. You have been signed out everywhere: log in with it.",
    reset_token_invalid: "This link does not work any more. Please ask for a new one.",
    weak_password: "This password is easy to guess. Please choose another.",
    password_length: "A password has 8 to 256 characters.",
    invalid_fields: "This link is not complete. Please copy the whole of it from the mail.",
    other: "That did not work. Please try again in a moment.",
  },
  ru: {
    title: "Выбор пароля",
    label: "Новый пароль",
    rules: "Не меньше 8 символов, которые трудно угадать: хороши несколько слов подряд.",
    show: "Показать",
    choose: "Выбрать этот пароль",
    done: "Спасибо, теперь это ваш пароль. На всех устройствах выполнен выход: войдите с ним.",
    reset_token_invalid: "Эта ссылка больше не действует. Пожалуйста, запросите новую.",
    weak_password: "Этот пароль легко угадать. Пожалуйста, выберите другой.",
    password_length: "В пароле от 8 до 256 символов.",
    invalid_fields: "Ссылка неполная. Пожалуйста, скопируйте её из письма целиком.",
    other: "Не получилось. Пожалуйста, попробуйте ещё раз чуть позже.",
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
