//! Names of the fields in which two states of a resource differ.

/// Implements `changed(&self, after: &Self) -> Vec<String>` for a struct: the names
/// of the fields whose values differ. It compiles only if every field is in one of
/// the two lists: a change of an omitted field would not be noticed, and a PATCH
/// would answer 200 without saving it.
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
    ($type:ty: $($field:ident),+ $(; never $($ignored:ident),+)? $(,)?) => {
        impl $type {
            /// Names of the fields that differ in `after`.
            pub(crate) fn changed(&self, after: &Self) -> Vec<String> {
                let Self { $($field: _,)+ $($($ignored: _,)+)? } = self;
                let mut changed = Vec::new();
                $(if self.$field != after.$field {
                    changed.push(stringify!($field).to_owned());
                })+
                changed
            }
        }
    };
}
