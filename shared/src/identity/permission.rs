//! Permissions beyond a user's own resources: one table, role by action, with default
//! deny. A handler names its permission in the signature:
//! `caller: Require<ManageUsers>`.

use std::{marker::PhantomData, ops::Deref};

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::Caller;
use crate::http::{Problem, problem::FORBIDDEN};
use crate::vocabulary::Role;

/// A permission as a type, for [`Require`].
pub trait Permitted {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])+ $permission:ident: $($role:ident),+;)+) => {
        /// An action that needs a permission.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Permission {
            $($(#[$doc])+ $permission,)+
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &[Self] = &[$(Self::$permission),+];

            /// True if a role has the permission.
            fn is_of(self, role: Role) -> bool {
                match self {
                    $(Self::$permission => matches!(role, $(Role::$role)|+),)+
                }
            }
        }

        $(
            $(#[$doc])+
            #[derive(Debug, Clone, Copy)]
            pub enum $permission {}

            impl Permitted for $permission {
                const PERMISSION: Permission = Permission::$permission;
            }
        )+
    };
}

permissions! {
    /// View, create, change and close any account.
    ManageUsers: Admin;
    /// View and manage any order, and adjust stock.
    ManageOrders: Admin;
    /// Create, change and delete products and categories, and view inactive ones.
    ManageCatalog: Admin;
    /// Verify, block and delete any organisation, change its profile, and appoint an owner.
    ManageOrganizations: Admin;
    /// View every event, block and delete any, and change the list of categories.
    ManageEvents: Admin;
}

/// True if a role has any permission beyond a user's own resources.
pub fn is_privileged(role: Role) -> bool {
    Permission::ALL.iter().any(|permission| permission.is_of(role))
}

impl Caller {
    /// True if the caller's role has a permission.
    pub fn may(&self, permission: Permission) -> bool {
        permission.is_of(self.role)
    }
}

/// A caller whose role has the permission `P`: 401 without a token, 403 without the
/// permission. Documented by `security(("bearer" = ["manage_users"]))`.
#[derive(Debug, Clone)]
pub struct Require<P> {
    caller: Caller,
    permission: PhantomData<fn() -> P>,
}

impl<P: Permitted> TryFrom<Caller> for Require<P> {
    type Error = Problem;

    fn try_from(caller: Caller) -> Result<Self, Problem> {
        if caller.may(P::PERMISSION) {
            Ok(Self { caller, permission: PhantomData })
        } else {
            Err(FORBIDDEN.into())
        }
    }
}

impl<P> Deref for Require<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P, S> FromRequestParts<S> for Require<P>
where
    P: Permitted,
    Caller: FromRequestParts<S, Rejection = Problem>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Caller::from_request_parts(parts, state).await?.try_into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::tokens::AccessClaims;

    fn caller(role: Role) -> Caller {
        let claims: AccessClaims = serde_json::from_value(serde_json::json!({
            "iss": "https://agora.example",
            "aud": "agora",
            "sub": "user_01h455vb4pex5vsknk084sn02q",
            "sid": "sess_01h455vb4pex5vsknk084sn02q",
            "jti": "tok_01h455vb4pex5vsknk084sn02q",
            "iat": 0,
            "exp": 600,
            "auth_time": 0,
            "role": role,
            "gen": 1,
        }))
        .expect("claims");
        claims.into()
    }

    #[test]
    fn only_administrators_may_do_what_the_table_names() {
        for permission in Permission::ALL {
            for role in Role::ALL.iter().copied() {
                let granted = match (permission, role) {
                    (
                        Permission::ManageUsers
                        | Permission::ManageCatalog
                        | Permission::ManageOrders
                        | Permission::ManageOrganizations
                        | Permission::ManageEvents,
                        role,
                    ) => role == Role::Admin,
                };
                assert_eq!(permission.is_of(role), granted, "{permission:?} {role:?}");
            }
        }
    }

    #[test]
    fn a_caller_without_the_permission_is_forbidden() {
        let administrator = Require::<ManageUsers>::try_from(caller(Role::Admin)).expect("may");
        assert!(administrator.may(Permission::ManageUsers) && is_privileged(Role::Admin));
        let problem = Require::<ManageUsers>::try_from(caller(Role::User)).expect_err("may not");
        assert_eq!(problem.named, FORBIDDEN);
        assert!(!is_privileged(Role::User));
    }
}
