//! Words of accounts and sessions.

use crate::vocabulary;

vocabulary! {
    /// Role of an account.
    pub enum Role {
        /// May act on their own resources.
        User = "USER",
        /// All permissions.
        Admin = "ADMIN",
    }
}

vocabulary! {
    /// Status of an account.
    pub enum Status named "UserStatus" {
        /// May sign in.
        Active = "active",
        /// Closed by an administrator.
        Blocked = "blocked",
    }
}

vocabulary! {
    /// Language of emails and pages.
    #[derive(Default)]
    pub enum Locale {
        /// English.
        #[default]
        En = "en",
        /// Russian.
        Ru = "ru",
    }
}

vocabulary! {
    /// Reason why a session was revoked.
    pub enum RevocationReason {
        /// Its owner signed the device out.
        LoggedOut = "logged_out",
        /// A refresh token was used that had been replaced long before.
        TokenReused = "token_reused",
        /// The account had as many sessions as it may have, and a device signed in.
        TooManySessions = "too_many_sessions",
    }
}
