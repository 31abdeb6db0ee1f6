//! Claims: items that make a name unique within a scope, such as the slugs of one
//! kind of thing. The name is the item's key, so the condition "no such item" is the
//! uniqueness. A claim is created, moved and freed in the transaction that writes the
//! thing itself.

use super::{Condition, Transaction, item::Entity, schema::Key};

impl<E> Transaction<'_, E> {
    /// Takes the claims of `after` that are not in `before`, and frees those of
    /// `before` that are not in `after`. `taken` names the refusal if another entity
    /// has the claim.
    ///
    /// `before` comes from the entity as it was read. The transaction must also write
    /// that entity on the condition of its version: this guards the claims that are
    /// freed, which have no condition of their own.
    ///
    /// ```
    /// # use serde::{Deserialize, Serialize};
    /// # use shared::table::{Transaction, item::Entity, schema::Key};
    /// #[derive(Debug, Serialize, Deserialize)]
    /// struct SlugClaim {
    /// slug: String,
    /// owner: u32,
    /// }
    ///
    /// impl Entity for SlugClaim {
    /// const TYPE: &'static str = "lamp_slug";
    ///
    /// fn key(&self) -> Key {
    /// // A row of `schema.rs`.
    /// Key { pk: format!("LAMP_SLUG#{}", self.slug), sk: "LAMP_SLUG".to_owned() }
    /// }
    /// }
    ///
    /// enum Refusal {
    /// SlugTaken,
    /// }
    ///
    /// // None before: the thing is new. None after: it is deleted.
    /// fn claim_slug<'t>(
    /// transaction: Transaction<'t, Refusal>,
    /// before: Option<SlugClaim>,
    /// after: Option<SlugClaim>,
    /// ) -> Transaction<'t, Refusal> {
    /// transaction.claim(before, after, |_| Refusal::SlugTaken)
    /// }
    /// ```
    pub fn claim<C: Entity>(
        mut self,
        before: impl IntoIterator<Item = C>,
        after: impl IntoIterator<Item = C>,
        taken: impl Fn(&C) -> E,
    ) -> Self {
        let (new, freed) = differences(before, after);
        for claim in &new {
            self = self.put_new(claim).or(taken(claim));
        }
        freed.into_iter().fold(self, |transaction, key| transaction.remove(key, Condition::Any))
    }
}

/// New claims, and keys of those that are no longer needed. A transaction takes each
/// key once, so a duplicate claim is returned once.
fn differences<C: Entity>(
    before: impl IntoIterator<Item = C>,
    after: impl IntoIterator<Item = C>,
) -> (Vec<C>, Vec<Key>) {
    let mut freed: Vec<Key> = Vec::new();
    for claim in before {
        let key = claim.key();
        if !freed.contains(&key) {
            freed.push(key);
        }
    }
    let held = freed.clone();
    let mut wanted: Vec<Key> = Vec::new();
    let mut new = Vec::new();
    for claim in after {
        let key = claim.key();
        freed.retain(|freed| *freed != key);
        if !wanted.contains(&key) {
            if !held.contains(&key) {
                new.push(claim);
            }
            wanted.push(key);
        }
    }
    (new, freed)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, Serialize, Deserialize)]
    struct Name(String);

    impl Entity for Name {
        const TYPE: &'static str = "name";

        fn key(&self) -> Key {
            Key { pk: self.0.clone(), sk: "NAME".to_owned() }
        }
    }

    /// Changes between two lists of names, each a word of a text.
    fn changes(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
        let names = |text: &str| text.split(' ').map(str::to_owned).map(Name).collect::<Vec<_>>();
        let (new, freed) = differences(names(before), names(after));
        (new.into_iter().map(|name| name.0).collect(), freed.into_iter().map(|key| key.pk).collect())
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_moved_claim_is_taken_and_the_old_one_freed() {
        assert_eq!(changes("a", "b"), (owned(&["b"]), owned(&["a"])));
    }

    #[test]
    fn a_kept_claim_is_not_written() {
        assert_eq!(changes("a b c", "c d a"), (owned(&["d"]), owned(&["b"])));
        assert_eq!(changes("a", "a"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_claim_that_is_named_twice_is_written_once() {
        assert_eq!(changes("a a", "b b a b"), (owned(&["b"]), Vec::new()));
        assert_eq!(changes("a b a", "c c"), (owned(&["c"]), owned(&["a", "b"])));
    }
}
