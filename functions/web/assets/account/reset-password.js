// Sets a password: a new one after a reset, or the first one of an account that an
// administrator has created.
import { request } from "/components/api.js";
import { handle } from "/components/form.js";
import { texts, translate } from "/components/i18n.js";
import { open, takeToken } from "/components/page.js";

const words = texts({
  en: {
    title: "Choose a password",
    label: "New password",
    rules: "At least 8 characters, hard to guess. Several words in a row work well.",
    show: "Show password",
    choose: "Set password",
    done: "Your password is set. All devices have been signed out: sign in with the new password.",
    signIn: "Sign in",
    reset_token_invalid: "This link is no longer valid. Please request a new one.",
    invalid_fields: "The link is incomplete. Please copy the whole link from the email.",
  },
  ru: {
    title: "Новый пароль",
    label: "Новый пароль",
    rules: "Не меньше 8 символов, которые трудно угадать. Хорошо подходят несколько слов подряд.",
    show: "Показать пароль",
    choose: "Сохранить пароль",
    done: "Пароль сохранён. Сеансы на всех устройствах завершены: войдите с новым паролем.",
    signIn: "Войти",
    reset_token_invalid: "Ссылка больше не действительна. Пожалуйста, запросите новую.",
    invalid_fields: "Ссылка неполная. Пожалуйста, скопируйте её из письма целиком.",
  },
});

const token = takeToken() ?? undefined;
const form = document.querySelector("form");

translate(words);
open(words.title);
handle(
  form,
  async ({ new_password }) => {
    await request("POST", "/auth/password-reset-confirm", { body: { token, new_password } });
    form.hidden = true;
    document.getElementById("outcome").textContent = words.done;
    document.getElementById("next").hidden = false;
  },
  words,
);
