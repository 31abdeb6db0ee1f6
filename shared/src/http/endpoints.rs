//! `endpoints!`: the one list of a group's routes. It expands twice: into `router()`,
//! plain axum, which is the only part that a function runs, and into `openapi()`, the
//! documents, which only commands and tests call. (An `OpenApiRouter` in the function
//! was measured at 7-9 ms to ready against 1.6-2.1 ms, and 10 MB against 4.2 MB.)

use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, on},
};
use utoipa::openapi::HttpMethod;

/// Adds an endpoint at the method and path of its `utoipa::path`.
#[expect(clippy::disallowed_methods, reason = "the one place where a route is made")]
pub fn mount<P, H, T, S>(router: Router<S>, handler: H) -> Router<S>
where
    P: utoipa::Path,
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    let methods = P::methods().iter().map(filter).reduce(MethodFilter::or);
    router.route(&P::path(), on(methods.unwrap_or(MethodFilter::GET), handler))
}

/// Adds a handler at a path that is not in its `utoipa::path`: another path of an
/// endpoint, its alias, or a page.
#[expect(clippy::disallowed_methods, reason = "the one place where a route is made")]
pub fn mount_at<H, T, S>(router: Router<S>, method: &HttpMethod, path: &str, handler: H) -> Router<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    router.route(path, on(filter(method), handler))
}

fn filter(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Options => MethodFilter::OPTIONS,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Trace => MethodFilter::TRACE,
    }
}

/// Lists a group's endpoints: each a module of `routes` (a plain `mod` line above
/// the list, which rustfmt and editors follow) with a handler of the same name
/// that carries `#[utoipa::path(…)]`; its other paths, documented as
/// such; the aliases, documented as deprecated, with another handler of the
/// same module where `by` names one; and pages, which are for people
/// and stand in no API document. Each kind of line has its place in this order.
///
/// ```text
/// shared::endpoints! {
///     group users with state Users;
///     /// Accounts and their profiles: the introduction of a section, with its main
///     /// flow. A group has a section or several; an operation stands in the one that
///     /// its path begins with, else in the first.
///     tag users;
///     get_user, create_user;
///     also Get "/api/v1/users/me" as "The caller's account" => get_user;
///     alias Post "/api/v1/user" => create_user;
///     alias Post "/api/v1/person" => create_user by create_person;
///     page "/account" => account;
/// }
/// ```
///
/// If it does not compile, read the first error of [`signature::check`] (the later ones of
/// `Handler<_, _>` say the same with less detail):
///
/// - ``Json<…>: FromRequestParts<…>``: `Json` takes the body, so it comes last in
///   a handler's arguments.
/// - ``Verifier: FromRef<…>``: a group with a `Caller` needs
///   `impl FromRef<State> for Verifier`.
///
/// [`signature::check`]: crate::http::signature::check
#[macro_export]
macro_rules! endpoints {
    (
        group $group:ident with state $state:ty;
        $($(#[doc = $introduction:literal])+ tag $tag:ident;)+
        $($endpoint:ident),+ $(,)?;
        $(also $also_method:ident $also_path:literal $(as $summary:literal)? => $also:ident;)*
        $(alias $method:ident $path:literal => $target:ident $(by $handler:ident)?;)*
        $(page $page_path:literal => $page:ident;)*
    ) => {
        /// The group's routes.
        pub(crate) fn router() -> $crate::expansion::axum::Router<$state> {
            $($crate::http::signature::check::<$state, _, _, _>(&$endpoint::$endpoint);)+
            let router = $crate::expansion::axum::Router::new();
            $crate::expansion::paste! {
                $(let router = $crate::http::endpoints::mount::<$endpoint::[<__path_ $endpoint>], _, _, _>(
                    router,
                    $endpoint::$endpoint,
                );)+
            }
            $(let router = $crate::http::endpoints::mount_at(
                router,
                &$crate::expansion::utoipa::openapi::HttpMethod::$also_method,
                $also_path,
                $also::$also,
            );)*
            $(let router = $crate::http::endpoints::mount_at(
                router,
                &$crate::expansion::utoipa::openapi::HttpMethod::$method,
                $path,
                $crate::endpoints!(@handler $target $($handler)?),
            );)*
            $(let router = $crate::http::endpoints::mount_at(
                router,
                &$crate::expansion::utoipa::openapi::HttpMethod::Get,
                $page_path,
                $page,
            );)*
            router
        }

        /// The group's part of the OpenAPI document.
        pub fn openapi() -> $crate::http::documents::Documents {
            let mut documents = $crate::http::documents::Documents::new(
                stringify!($group),
                vec![$($crate::http::documents::Tag::new(stringify!($tag), &[$($introduction),+])),+],
            );
            $crate::expansion::paste! {
                $(documents.add::<$endpoint::[<__path_ $endpoint>]>();)+
                $(documents.add_also::<$also::[<__path_ $also>]>(
                    &$crate::expansion::utoipa::openapi::HttpMethod::$also_method,
                    $also_path,
                    None::<&str>$(.or(Some($summary)))?,
                );)*
                $(documents.add_alias::<$target::[<__path_ $target>]>(
                    &$crate::expansion::utoipa::openapi::HttpMethod::$method,
                    $path,
                );)*
            }
            $(documents.add_page($page_path);)*
            documents
        }
    };
    (@handler $target:ident) => { $target::$target };
    (@handler $target:ident $handler:ident) => { $target::$handler };
}
