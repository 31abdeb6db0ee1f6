// Code that the account pages share.

/** Inserts the texts of the reader's language into the elements with `data-text`. */
export function translate(languages) {
  const language = navigator.languages.map((tag) => tag.split("-")[0]).find((it) => it in languages) ?? "en";
  const texts = languages[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = texts[element.dataset.text];
  }
  document.title = `${texts.title} – Agora`;
  return texts;
}

/** Returns the link's token and removes it from the address bar and the history. */
export function takeToken() {
  const token = new URLSearchParams(location.search).get("token");
  history.replaceState(null, "", location.pathname);
  return token;
}

/** Posts a JSON body. Returns `null` on success, otherwise the problem (RFC 9457). */
export async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return response.ok ? null : await response.json();
  } catch {
    return { code: "unreachable" };
  }
}

/** Shows the outcome. */
export function say(text, kind) {
  const outcome = document.getElementById("outcome");
  outcome.textContent = text;
  outcome.className = kind;
}
