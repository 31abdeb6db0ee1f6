//! Sessions: signed-in devices and their refresh tokens.

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

/// Time in which the previous refresh token returns the newest one again: for two
/// tabs that refresh at once, or a lost answer.
const REPLAY_WINDOW: Duration = Duration::from_secs(10);

/// See the [module](self).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Session id.
    pub id: SessionId,
    /// Id of the account.
    pub user_id: UserId,
    /// Number of the newest refresh token; each refresh increments it.
    pub counter: u32,
    /// True if a previous refresh token has been accepted since the newest one was
    /// last used.
    #[serde(default, rename = "grace", skip_serializing_if = "std::ops::Not::not")]
    pub grace_used: bool,
    /// The account's generation at the session's start.
    #[serde(rename = "gen")]
    pub generation: u32,
    /// `User-Agent` of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// IP address of the sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Time of the last authentication.
    pub authenticated_at: Timestamp,
    /// Time of the last refresh. The id has the time of the start.
    pub used_at: Timestamp,
    /// Time at which the session ends without a refresh. The item's TTL derives from
    /// it and has the name `expires_at` itself.
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

/// Judgement of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// The newest token: rotate it.
    Rotate,
    /// The previous token, within the replay window: return the newest one again,
    /// without a write.
    Replay,
    /// The previous token after the replay window: the client has not received the
    /// newest one. It rotates once, without a replay window; if a thief and the owner
    /// take turns, the second use is caught.
    Grace,
    /// A token that was replaced long ago: it has been stolen.
    Reused,
    /// The session has ended.
    Ended,
}

impl Session {
    /// The end of a session that is used at `now`.
    pub fn end(id: SessionId, now: Timestamp) -> Timestamp {
        (now + IDLE_LIMIT).min(id.created_at() + ABSOLUTE_LIMIT)
    }

    /// Judges the refresh token with the number `counter`.
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
