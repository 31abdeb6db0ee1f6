//! The problems of this group.

use shared::http::problem::Named;

/// A deletion, demotion or block that would leave no active administrator.
pub(crate) const LAST_ADMIN: Named = Named::new(409, "last_admin", "This is the last active administrator.")
    .explained(
        "The change would delete, block or demote the only active administrator.",
        "Make another account an administrator first.",
    );
