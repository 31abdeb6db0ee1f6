// Session of this browser's tabs. The access token is in memory, the refresh token in
// `sessionStorage`, which ends with its tab. Tabs share one session through a channel:
// a new tab asks the others, and a sign-out reaches all of them. Only one tab refreshes
// at a time, since a refresh token that is used twice ends the session.
import { Problem, request } from "./api.js";
import { confirmPassword } from "./step-up.js";

const STORED = "agora.session";
const DEVICE = "agora.device";

/** An access token with less than this left is refreshed before it is used. */
const LEEWAY = 60_000;

/** Time in which other tabs answer. They run in the same browser. */
const ANSWER = 150;

/** Problems of a refresh after which the session has ended. */
const ENDED = ["invalid_refresh_token", "refresh_token_reused", "invalid_fields"];

const channel = new BroadcastChannel(STORED);
const listeners = [];
let session = JSON.parse(sessionStorage.getItem(STORED));
let access = null;
let refreshing = null;

channel.addEventListener("message", ({ data }) => {
  if (data.ask && session) {
    channel.postMessage({ session, access });
  } else if (data.ended && session && session.at <= data.ended) {
    forget();
  } else if (data.session && isNewer(data.session)) {
    keep(data.session, data.access);
  }
});

/** A tab that was just opened or reloaded takes over the access token of its session, too. */
function isNewer({ at }) {
  return session === null || at > session.at || (at === session.at && access === null);
}

/** The account of the session, or `null`. */
export async function account() {
  if (session === null) {
    await askOthers();
  }
  return session?.user ?? null;
}

/** Calls a function whenever the session becomes that of another account, or ends. */
export function onChange(listener) {
  listeners.push(listener);
}

/** Body fields that tell the API a device on which the account has signed in before. */
export function device() {
  const token = localStorage.getItem(DEVICE);
  return token === null ? {} : { device_token: token };
}

/** Begins the session of a sign-in's reply. */
export function begin(reply) {
  localStorage.setItem(DEVICE, reply.device_token);
  adopt(reply, reply.user);
}

/** Ends the session, in all tabs. */
export async function end() {
  try {
    await call("POST", "/auth/logout", { body: {} });
  } catch (problem) {
    if (problem.code !== "signed_out") {
      throw problem;
    }
  }
  drop();
}

/**
 * Sends a request of the account. A token that is refused is refreshed once; a request
 * for recent authentication is sent again after the password was confirmed.
 */
export async function call(method, path, options = {}) {
  const token = await accessToken();
  try {
    return await request(method, path, { ...options, token });
  } catch (problem) {
    if (problem.code === "invalid_token") {
      return request(method, path, { ...options, token: await accessToken(token) });
    }
    if (problem.code !== "insufficient_user_authentication") {
      throw problem;
    }
    if (!(await confirmPassword(session.user, reauthenticate))) {
      throw new Problem("cancelled");
    }
    return request(method, path, { ...options, token: await accessToken() });
  }
}

async function reauthenticate(password) {
  const reply = await request("POST", "/auth/reauthenticate", { body: { password }, token: await accessToken() });
  adopt(reply, reply.user);
}

/** Reads the account again: its address may have been confirmed since. */
export async function renewAccount() {
  const user = await call("GET", "/auth/me");
  if (session) {
    keep({ ...session, user }, access);
  }
  return user;
}

/** The access token, refreshed if it is about to expire or is the one that was refused. */
async function accessToken(refused) {
  if (!isFresh(refused)) {
    refreshing ??= navigator.locks.request(STORED, () => refresh(refused)).finally(() => (refreshing = null));
    await refreshing;
  }
  // Another tab may have signed out since.
  if (access === null) {
    throw new Problem("signed_out");
  }
  return access.token;
}

async function refresh(refused) {
  if (access === null) {
    await askOthers();
  }
  // Another tab may have refreshed while this one waited for the lock.
  if (isFresh(refused)) {
    return;
  }
  if (session === null) {
    throw new Problem("signed_out");
  }
  try {
    const body = { refresh_token: session.refresh_token };
    adopt(await request("POST", "/auth/refresh", { body }), session.user);
  } catch (problem) {
    if (!ENDED.includes(problem.code)) {
      throw problem;
    }
    drop();
    throw new Problem("signed_out");
  }
}

function isFresh(refused) {
  return access !== null && access.token !== refused && access.expires_at - Date.now() > LEEWAY;
}

async function askOthers() {
  channel.postMessage({ ask: true });
  await new Promise((answered) => setTimeout(answered, ANSWER));
}

function adopt({ access_token, refresh_token, expires_in }, user) {
  const now = Date.now();
  keep({ refresh_token, user, at: now }, { token: access_token, expires_at: now + expires_in * 1000 });
  channel.postMessage({ session, access });
}

function keep(newer, itsAccess) {
  const before = session?.user.id;
  session = newer;
  access = itsAccess;
  sessionStorage.setItem(STORED, JSON.stringify(session));
  tell(before);
}

function drop() {
  if (session !== null) {
    channel.postMessage({ ended: session.at });
    forget();
  }
}

function forget() {
  const before = session.user.id;
  session = access = null;
  sessionStorage.removeItem(STORED);
  tell(before);
}

function tell(before) {
  if (before !== session?.user.id) {
    listeners.forEach((listener) => listener(session?.user ?? null));
  }
}
