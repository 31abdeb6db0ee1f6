// Requests to the API, and their problems (RFC 9457).

/** Time after which a request without a reply has failed: the functions answer in ten seconds. */
const PATIENCE = 20_000;

/** A request that was refused or has got no reply. */
export class Problem extends Error {
  /** `code` is that of the API, or `offline` or `unreachable`. */
  constructor(code, { errors = [], status = 0, needs = null, retryAfter = null } = {}) {
    super(code);
    Object.assign(this, { code, errors, status, needs, retryAfter });
  }
}

/** Sends a request. Returns the body of the reply, `null` without one; throws a `Problem`. */
export async function request(method, path, { body, token, headers } = {}) {
  const options = { method, headers: { ...headers }, signal: AbortSignal.timeout(PATIENCE) };
  if (body !== undefined) {
    options.headers["content-type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  if (token) {
    options.headers.authorization = `Bearer ${token}`;
  }
  let response, content;
  try {
    response = await fetch(`/api/v1${path}`, options);
    content = await response.text();
  } catch {
    throw new Problem(navigator.onLine ? "unreachable" : "offline");
  }
  if (response.ok) {
    return content === "" ? null : JSON.parse(content);
  }
  throw problem(response, content);
}

function problem(response, content) {
  const { status } = response;
  const retryAfter = Number(response.headers.get("retry-after")) || null;
  try {
    const { code, errors, needs } = JSON.parse(content);
    return new Problem(code, { errors, needs, status, retryAfter });
  } catch {
    // The gateway's own 413, 429 and 503 are not problems of the API.
    return new Problem(status === 429 ? "too_many_attempts" : "unavailable", { status, retryAfter });
  }
}

/**
 * Returns a function that gives the `Idempotency-Key` of a body: the same for the same
 * body, so that a repetition after a lost reply has no second effect.
 */
export function idempotency() {
  let last = {};
  return (body) => {
    const text = JSON.stringify(body);
    if (last.text !== text) {
      last = { text, key: crypto.randomUUID() };
    }
    return { "idempotency-key": last.key };
  };
}
