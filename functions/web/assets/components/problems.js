// The API's problems in the reader's words: those that any page may meet, and those of
// fields. Pages add their own.
import { fill, texts, timer } from "./i18n.js";

const words = texts({
  en: {
    required: "Please fill in this field.",
    invalid_email: "This is not an email address.",
    password_length: "The password must have 8 to 256 characters.",
    weak_password: "This password is easy to guess. Please choose another one.",
    invalid_name: "A name is one line of up to 100 characters without web addresses.",
    invalid_url: "A web address begins with https://.",
    invalid_slug: "Use lower-case letters and digits, separated by single hyphens.",
    wrong_password: "The password is wrong.",
    email_taken: "Another account already has this address.",
    email_not_verified: "Please confirm your email address first: open the link in our email.",
    account_blocked: "This account is blocked.",
    signed_out: "Your session has ended. Please sign in again.",
    not_found: "This does not exist any more, or you may not see it.",
    forbidden: "You may not do this.",
    not_permitted: "Your role does not permit this.",
    stale_version: "Another person has changed this. Reload the page and try again.",
    too_many_attempts: "Too many attempts. Please try again later.",
    wait: "Too many attempts. Please try again in {time}.",
    offline: "You are offline. Please try again once you have a connection.",
    unreachable: "The server did not answer. Please check your connection and try again.",
    field: "This value is not valid.",
    other: "Something went wrong. Please try again in a moment.",
  },
  ru: {
    required: "Заполните это поле.",
    invalid_email: "Это не адрес электронной почты.",
    password_length: "В пароле должно быть от 8 до 256 символов.",
    weak_password: "Этот пароль легко угадать. Пожалуйста, придумайте другой.",
    invalid_name: "Имя — одна строка до 100 символов без адресов сайтов.",
    invalid_url: "Адрес сайта начинается с https://.",
    invalid_slug: "Строчные латинские буквы и цифры, между ними одиночные дефисы.",
    wrong_password: "Неверный пароль.",
    email_taken: "Этот адрес уже используется другим аккаунтом.",
    email_not_verified: "Сначала подтвердите адрес электронной почты: откройте ссылку в нашем письме.",
    account_blocked: "Этот аккаунт заблокирован.",
    signed_out: "Сеанс завершён. Пожалуйста, войдите снова.",
    not_found: "Этого больше нет, или у вас нет доступа.",
    forbidden: "У вас нет на это прав.",
    not_permitted: "Ваша роль этого не позволяет.",
    stale_version: "Пока страница была открыта, данные изменил кто-то другой. Обновите страницу и повторите.",
    too_many_attempts: "Слишком много попыток. Пожалуйста, попробуйте позже.",
    wait: "Слишком много попыток. Пожалуйста, попробуйте через {time}.",
    offline: "Нет подключения к интернету. Повторите, когда оно появится.",
    unreachable: "Сервер не ответил. Проверьте подключение и повторите попытку.",
    field: "Это значение не подходит.",
    other: "Что-то пошло не так. Пожалуйста, попробуйте ещё раз чуть позже.",
  },
});

/** Field that a problem without pointers is about. */
const FIELDS = {
  wrong_password: "password",
  email_taken: "email",
  already_member: "email",
  organization_slug_taken: "slug",
  role_above_own: "role",
};

/** A problem as a sentence; `own` has the texts of the page. */
export function sentence(problem, own = {}) {
  if (problem.code === "too_many_attempts" && problem.retryAfter) {
    return fill(words.wait, { time: timer(problem.retryAfter) });
  }
  return own[problem.code] ?? words[problem.code] ?? words.other;
}

/** The faults of a problem: JSON pointer without its first slash, and sentence. */
export function faults(problem, own = {}) {
  if (problem.code in FIELDS) {
    return [[FIELDS[problem.code], sentence(problem, own)]];
  }
  return problem.errors.map(({ pointer, code }) => [pointer.slice(1), faultSentence(code, own)]);
}

/** A field's fault as a sentence. */
export function faultSentence(code, own = {}) {
  return own[code] ?? words[code] ?? words.field;
}
