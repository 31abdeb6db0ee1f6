//! Operation ids: `<group>.<verb>_<noun>`, one of a kind in the document. A
//! client that is generated from the document names its functions after them, so
//! they are made of names that stay: the handler's, and what its path says.

use utoipa::openapi::HttpMethod;

use super::name_of;

/// The id of an endpoint at its own path: `users.get_user`.
pub(super) fn operation_id(group: &str, handler: &str) -> String {
    format!("{group}.{handler}")
}

/// The id of an endpoint at another path of its own. The path's own part is the
/// noun: `get_user` at `/users/me` is `users.get_me`. At the same path, the
/// method is the verb.
pub(super) fn also_id(
    group: &str,
    handler: &str,
    canonical: &str,
    (method, path): (&HttpMethod, &str),
) -> String {
    let (verb, noun) = handler.split_once('_').unwrap_or((handler, ""));
    match difference(canonical, path) {
        Some(noun) => format!("{group}.{verb}_{noun}"),
        None => format!("{group}.{}_{noun}", name_of(method)),
    }
}

/// The id of an alias: `orders.create_order_alias`.
pub(super) fn alias_id(group: &str, handler: &str) -> String {
    format!("{group}.{handler}_alias")
}

/// The part of a path that the canonical one does not have: `me` of `/users/me`
/// beside `/users/{user_id}`.
fn difference(canonical: &str, path: &str) -> Option<String> {
    let same = canonical.split('/').zip(path.split('/')).take_while(|(one, other)| one == other).count();
    let rest: Vec<&str> = path.split('/').skip(same).collect();
    (!rest.is_empty()).then(|| rest.join("_").replace(['{', '}'], "").replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_the_group_the_verb_and_the_noun() {
        let also = |method, path| also_id("users", "get_user", "/users/{user_id}", (&method, path));
        assert_eq!(operation_id("users", "get_user"), "users.get_user");
        assert_eq!(also(HttpMethod::Get, "/users/me"), "users.get_me");
        assert_eq!(also(HttpMethod::Get, "/users/by-name/{name}"), "users.get_by_name_name");
        assert_eq!(also(HttpMethod::Put, "/users/{user_id}"), "users.put_user");
        assert_eq!(alias_id("users", "get_user"), "users.get_user_alias");
    }
}
