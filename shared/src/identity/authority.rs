//! Authority over accounts: changes of a role or a status, the creation of an
//! administrator, the deletion of another's account. Such a write takes an
//! [`Authority`], which only [`Authority::judge`] and its siblings make, and it
//! commits only if the administrator still is one: a token may be minutes older than
//! its owner's role.

use super::{Caller, Permission, Recent, User};
use crate::{
    id::UserId,
    table::{Condition, Expression, Transaction, schema},
    vocabulary::{Role, Status},
};

/// Proof that an administrator may perform the judged write.
#[derive(Debug, Clone, Copy)]
pub struct Authority(Actor);

#[derive(Debug, Clone, Copy)]
enum Actor {
    /// An administrator, with the generation of their token.
    Administrator { id: UserId, generation: u32 },
    /// The operator, who has access to the machine or the stage's credentials.
    Operator,
}

impl Authority {
    /// Judges a write to `subject` (`None`: a new account) by the item that was read
    /// for it.
    pub fn judge(caller: &Caller, _: &Recent, subject: Option<&User>) -> Option<Self> {
        let (id, generation) = (caller.user_id, caller.claims.generation);
        let own = subject.filter(|subject| subject.id == id);
        let stands =
            own.is_none_or(|subject| subject.is_active_administrator() && subject.generation == generation);
        let granted = caller.may(Permission::ManageUsers) && stands;
        granted.then_some(Self(Actor::Administrator { id, generation }))
    }

    /// Judges the creation of an account without privileges, which needs no recent
    /// authentication.
    pub fn without_privileges(caller: &Caller) -> Option<Self> {
        let (id, generation) = (caller.user_id, caller.claims.generation);
        caller.may(Permission::ManageUsers).then_some(Self(Actor::Administrator { id, generation }))
    }

    /// The authority of an operator.
    pub fn of_operator() -> Self {
        Self(Actor::Operator)
    }

    /// Adds the condition that the administrator still is one, unless the write to
    /// `subject` itself checks that.
    pub(super) fn hold<E>(
        self,
        transaction: Transaction<'_, E>,
        subject: UserId,
        lost: E,
    ) -> Transaction<'_, E> {
        match self.0 {
            Actor::Administrator { id, generation } if id != subject => {
                let stands =
                    Expression::new("#gen = :gen AND #card.#role = :role AND #card.#status = :status")
                        .number(":gen", generation)
                        .text(":role", Role::Admin)
                        .text(":status", Status::Active);
                transaction.check(schema::user(id), Condition::When(stands)).or(lost)
            }
            Actor::Administrator { .. } | Actor::Operator => transaction,
        }
    }
}

/// True for a change of an account that needs [`Authority`].
pub fn needs_authority(before: &User, after: &User) -> bool {
    before.role != after.role || before.status != after.status
}
