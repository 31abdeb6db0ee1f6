//! Problems of acting for an organisation, in every group.

use serde_json::{Value, json};

use super::MemberAction;
use crate::http::{
    Problem,
    problem::{Named, Refusal},
};

/// A write for a blocked organisation.
pub const ORGANIZATION_BLOCKED: Named =
    Named::new(409, "organization_blocked", "The organisation is blocked.").explained(
        "An administrator of the platform has blocked the organisation. Its members can only read and leave.",
        "Ask an administrator of the platform to unblock the organisation.",
    );
/// A write for a closed organisation.
pub const ORGANIZATION_CLOSED: Named = Named::new(409, "organization_closed", "The organisation is closed.")
    .explained(
        "The organisation has lost its last owner, and no member could succeed. Nobody can act for it.",
        "Create another organisation.",
    );

/// An action that the caller's role does not have.
#[derive(Debug)]
pub struct NotPermitted(pub MemberAction);

impl Refusal for NotPermitted {
    const NAMED: Named = Named::new(403, "not_permitted", "The caller's role does not permit this action.")
        .explained(
            "The action needs a role in the organisation. `needs` has the lowest one.",
            "Ask a member with this role, or an owner for the role.",
        );

    fn explain(self, problem: Problem) -> Problem {
        problem.member("needs", json!(self.0.roles().last()))
    }

    fn members() -> Value {
        json!({
            "needs": {
                "type": "string",
                "description": "With `not_permitted`: lowest role that permits the action.",
                "examples": ["admin"],
            },
        })
    }
}
