//! Requirements on a handler, checked one argument at a time. axum's own bound checks
//! all of them at once, so that its error only says that something is wrong; the
//! errors of these bounds name the argument and the trait that it lacks.

use axum::{
    extract::{FromRequest, FromRequestParts},
    response::IntoResponse,
};

/// An `async fn` with the tuple of arguments `T`.
pub trait Signature<T> {
    /// Output of the handler.
    type Reply;
}

/// Arguments that can be taken from a request to a group with the state `S`; `M` is
/// axum's marker for the last one, which may read the body.
pub trait Arguments<S, M> {}

impl<F, Fut> Signature<()> for F
where
    F: Fn() -> Fut,
    Fut: Future,
{
    type Reply = Fut::Output;
}

impl<S> Arguments<S, ()> for () {}

macro_rules! signatures {
    ($(($($argument:ident),*; $last:ident)),+ $(,)?) => {$(
        impl<F, Fut, $($argument,)* $last> Signature<($($argument,)* $last,)> for F
        where
            F: Fn($($argument,)* $last) -> Fut,
            Fut: Future,
        {
            type Reply = Fut::Output;
        }

        impl<S, M, $($argument,)* $last> Arguments<S, M> for ($($argument,)* $last,)
        where
            $($argument: FromRequestParts<S>,)*
            $last: FromRequest<S, M>,
        {
        }
    )+};
}

signatures! {
    (; A), (A; B), (A, B; C), (A, B, C; D), (A, B, C, D; E), (A, B, C, D, E; G), (A, B, C, D, E, G; H),
    (A, B, C, D, E, G, H; I),
}

/// Compiles if `handler` is a handler for the state `S`.
pub fn check<S, T, M, H>(_: &H)
where
    H: Signature<T>,
    H::Reply: IntoResponse,
    T: Arguments<S, M>,
{
}
