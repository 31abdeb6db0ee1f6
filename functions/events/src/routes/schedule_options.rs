//! Options of the endpoints that change a schedule.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::{event::Orphans, schedule::edit::Keep};

/// Options of changing an event.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ScheduleOptions {
    /// Part of the schedule that stays if its time zone changes: `clock`, the local times, or
    /// `instant`, the instant of the first start of each part. With `instant`, the local times
    /// of the body are those of the former zone. Defaults to `clock`.
    #[param(inline)]
    pub(super) keep: Option<Keep>,
    /// Treatment of changed dates that the new schedule does not give: `drop` removes them,
    /// `keep` makes them added dates. Defaults to `drop`.
    #[param(inline)]
    pub(super) orphans: Option<Orphans>,
}

/// Options of changing several dates.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrphanOptions {
    /// Treatment of changed dates that the new schedule does not give: `drop` removes them,
    /// `keep` makes them added dates. Defaults to `drop`.
    #[param(inline)]
    pub(super) orphans: Option<Orphans>,
}
