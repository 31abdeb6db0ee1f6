// Reading what everyone may read, and some readers more of.
import { request } from "/components/api.js";
import { call } from "/components/session.js";

/** Returns a function that gets a path as the account, or as everyone without one. */
export function reading(user) {
  const asEveryone = (path) => request("GET", path);
  if (user === null) {
    return asEveryone;
  }
  return async (path) => {
    try {
      return await call("GET", path);
    } catch (problem) {
      if (problem.code === "signed_out") {
        return asEveryone(path);
      }
      throw problem;
    }
  };
}
