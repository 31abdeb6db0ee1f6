//! Names of the fields in which two states of a resource differ.

/// Writes `changed(&self, after: &Self) -> Vec<String>` for a struct: the names of
/// the fields whose values differ. Every field stands in one of the two lists, or
/// it does not compile: a field that is in neither would be a change that nobody
/// sees, and that a PATCH answers with 200 without saving it.
///
/// ```
/// struct Lamp {
///     id: u32,
///     colour: String,
///     watts: u32,
/// }
///
/// shared::changes! { Lamp: colour, watts; never id }
///
/// let lamp = |watts| Lamp { id: 1, colour: "warm".to_owned(), watts };
/// assert_eq!(lamp(40).changed(&lamp(60)), ["watts"]);
/// ```
#[macro_export]
macro_rules! changes {
    ($type:ty: $($field:ident),+; never $($ignored:ident),+ $(,)?) => {
        impl $type {
            /// Names of the fields in which `after` differs.
            pub(crate) fn changed(&self, after: &Self) -> Vec<String> {
                let Self { $($field: _,)+ $($ignored: _,)+ } = self;
                let mut changed = Vec::new();
                $(if self.$field != after.$field {
                    changed.push(stringify!($field).to_owned());
                })+
                changed
            }
        }
    };
}
