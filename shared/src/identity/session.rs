//! A signed-in device, and what a refresh token of it is good for.

use std::{net::IpAddr, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    id::{SessionId, UserId},
    table::{
        item::Entity,
        schema::{self, Key},
    },
};

/// Lifetime of a session without a refresh.
const IDLE_LIMIT: Duration = Duration::from_hours(14 * 24);

/// Maximum lifetime of a session.
const ABSOLUTE_LIMIT: Duration = Duration::from_hours(60 * 24);

/// For how long the last refresh token but one gives the newest again: two tabs
/// that refresh at once, or an answer that got lost.
const REPLAY_WINDOW: Duration = Duration::from_secs(10);

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Id of the account.
    pub user_id: UserId,
    /// Which refresh token is the newest: each refresh counts one up.
    pub counter: u32,
    /// True if the previous refresh token has been accepted since the newest one was
    /// last used.
    #[serde(default, rename = "grace", skip_serializing_if = "std::ops::Not::not")]
    pub grace_used: bool,
    /// The account's generation that the session lives in.
    #[serde(rename = "gen")]
    pub generation: u32,
    /// User agent of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// IP address of the sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// When its owner last proved who they are.
    pub authenticated_at: Timestamp,
    /// When it was last refreshed. When it began, its id says.
    pub used_at: Timestamp,
    /// When it ends if it is not refreshed before. The item's TTL attribute is
    /// made of it, and has the name `expires_at` itself.
    pub ends_at: Timestamp,
}

impl Entity for Session {
    const TYPE: &'static str = "session";

    fn key(&self) -> Key {
        schema::session(self.user_id, self.id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.ends_at)
    }
}

/// Verdict on a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// The newest: the next one takes its place.
    Rotate,
    /// The last but one, just after its successor was given out: the newest
    /// again, and nothing is written.
    Replay,
    /// The last but one, later: whoever shows it has not got the newest. Once it
    /// rotates, and has no replay window then; a thief who takes turns with the
    /// owner is caught by the second.
    Grace,
    /// A token that was replaced long ago: it may be stolen.
    Reused,
    /// The session has ended.
    Ended,
}

impl Session {
    /// Until when a session lives that is used `now`.
    pub fn end(id: SessionId, now: Timestamp) -> Timestamp {
        (now + IDLE_LIMIT).min(id.created_at() + ABSOLUTE_LIMIT)
    }

    /// Verdict on the refresh token with this counter.
    pub fn judge(&self, counter: u32, now: Timestamp) -> Refresh {
        let behind = self.counter.checked_sub(counter);
        match behind {
            _ if now >= self.ends_at => Refresh::Ended,
            Some(0) => Refresh::Rotate,
            Some(1) if self.grace_used => Refresh::Reused,
            Some(1) if now.since(self.used_at) < REPLAY_WINDOW => Refresh::Replay,
            Some(1) => Refresh::Grace,
            Some(_) | None => Refresh::Reused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Clock, id::Ids, random::Random};

    #[test]
    fn a_token_is_judged_by_how_far_it_is_behind() {
        let now = Timestamp::from_millis(1_700_000_000_000);
        let ids = Ids::new(Clock::from_fn(move || now), Random::system());
        let (id, user_id) = (ids.next(), ids.next());
        let mut session = Session {
            id,
            user_id,
            counter: 7,
            grace_used: false,
            generation: 1,
            user_agent: None,
            address: None,
            authenticated_at: now,
            used_at: now,
            ends_at: Session::end(id, now),
        };
        let later = now + REPLAY_WINDOW;
        assert_eq!(session.judge(7, later), Refresh::Rotate);
        assert_eq!(session.judge(6, now), Refresh::Replay);
        assert_eq!(session.judge(6, later), Refresh::Grace);
        assert_eq!(session.judge(5, now), Refresh::Reused);
        assert_eq!(session.judge(8, now), Refresh::Reused);
        session.grace_used = true;
        assert_eq!(session.judge(6, now), Refresh::Reused);
        assert_eq!(session.judge(7, now + IDLE_LIMIT), Refresh::Ended);
        assert_eq!(Session::end(id, now + ABSOLUTE_LIMIT), now + ABSOLUTE_LIMIT);
    }
}
