//! Exports of all personal data of a user: a job to which every group adds its parts,
//! kept for a day.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Failure, UnlessRefused as _,
    bus::events::UserExportRequested,
    clock::Timestamp,
    id::{ExportId, UserId},
    table::{
        Condition, Expression, Query, Table, Update,
        item::Entity,
        schema::{self, Key},
        units::Operation,
    },
};

/// The groups that store personal data. Each consumes `user.export_requested` and
/// writes its parts.
pub const EXPORTING_GROUPS: &[&str] = &["users", "catalog", "orders", "organizations", "events"];

/// Lifetime of an export.
const LIFETIME: Duration = Duration::from_hours(24);

/// An export in progress or completed. An account has at most one; a day later the
/// next one can replace it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportJob {
    /// Export id, with the time of the request.
    pub export_id: ExportId,
    /// Id of the user.
    pub user_id: UserId,
    /// The groups that have written all of their parts.
    #[serde(default)]
    done: BTreeMap<String, bool>,
}

impl ExportJob {
    /// Makes an export without parts.
    pub fn new(export_id: ExportId, user_id: UserId) -> Self {
        Self { export_id, user_id, done: BTreeMap::new() }
    }

    /// Makes the export that an event requests.
    pub fn of(requested: &UserExportRequested) -> Self {
        Self::new(requested.export_id, requested.user_id)
    }

    /// True once a day: if the account has no export, or one that has expired.
    pub fn is_due(now: Timestamp) -> Condition {
        Condition::When(
            Expression::new("attribute_not_exists(#pk) OR #expires_at <= :now").number(":now", now.seconds()),
        )
    }

    /// Time until the next export may be requested.
    pub fn time_left(&self, now: Timestamp) -> Duration {
        (self.export_id.created_at() + LIFETIME).since(now)
    }

    /// True if every group has written its parts.
    pub fn is_done(&self) -> bool {
        EXPORTING_GROUPS.iter().all(|group| self.done.contains_key(*group))
    }
}

impl Entity for ExportJob {
    const TYPE: &'static str = "export_job";

    fn key(&self) -> Key {
        schema::export_job(self.user_id)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.export_id.created_at() + LIFETIME)
    }
}

/// A part of a user's personal data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportPart {
    /// Id of the export.
    pub export_id: ExportId,
    /// Id of the user.
    pub user_id: UserId,
    /// Name of the part: `users.profile`.
    pub name: String,
    /// JSON as a text, so that it is returned unchanged.
    data: String,
}

impl ExportPart {
    /// Makes a part of `job`.
    pub fn new(job: &ExportJob, name: String, data: &impl Serialize) -> Result<Self, Failure> {
        let data = serde_json::to_string(data).map_err(Failure::internal)?;
        Ok(Self { export_id: job.export_id, user_id: job.user_id, name, data })
    }

    /// Content.
    pub fn data(&self) -> Result<Value, Failure> {
        serde_json::from_str(&self.data).map_err(|_| Failure::internal("a part of an export is not JSON"))
    }
}

impl Entity for ExportPart {
    const TYPE: &'static str = "export_part";

    fn key(&self) -> Key {
        schema::export_part(self.user_id, self.export_id, &self.name)
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.export_id.created_at() + LIFETIME)
    }
}

/// Writes a part, or replaces that of an earlier delivery: 1 round trip, 1 WRU each
/// KB.
pub async fn put_part(
    table: &Table,
    operation: &'static Operation,
    part: &ExportPart,
) -> Result<(), Failure> {
    let same = Condition::When(
        Expression::new("attribute_not_exists(#pk) OR #name = :name").text(":name", &part.name),
    );
    table.operation(operation).put(part, same, Vec::new()).await.unless_refused().map(drop)
}

crate::operations! {
    /// Lists the parts of a cancelled export: forty orders of under 2 KB.
    LIST_UNWANTED = "identity.export.list_unwanted": 1 round trip, 20.0 read, 0.0 write;
    /// Removes a part of a cancelled export: an order of under 2 KB.
    REMOVE_UNWANTED = "identity.export.remove_unwanted": 1 round trip, 0.0 read, 2.0 write;
}

/// Parts that are removed at once.
const CONCURRENCY: usize = 8;

/// Parts that are listed at once.
const UNWANTED: usize = 40;

/// Notes that `group` has written all of its part: 1 round trip, 1 WRU. Once
/// more does no harm. A job that is gone stays so, and the part is removed: its account
/// was deleted while it was written, or another export has taken its place.
pub async fn finish_part(
    table: &Table,
    operation: &'static Operation,
    job: &ExportJob,
    group: &str,
) -> Result<(), Failure> {
    let update = Update::set(Expression::new(format!("#done.#{group} = :true")).boolean(":true", true))
        .when(Expression::new("#export_id = :export_id").text(":export_id", job.export_id));
    match table.operation(operation).update::<ExportJob>(job.key(), update).await.unless_refused()? {
        Some(_) => Ok(()),
        None => remove_part(table, job, group).await,
    }
}

/// Removes the parts of an export that a group has written.
async fn remove_part(table: &Table, job: &ExportJob, group: &str) -> Result<(), Failure> {
    let first = schema::export_part(job.user_id, job.export_id, &format!("{group}."));
    loop {
        let query = Query::table(first.clone()).prefix(&first.sk).limit(UNWANTED);
        let found = table.operation(&LIST_UNWANTED).list_keys(query).await?;
        let is_last = found.len() < UNWANTED;
        let remove = |key: Key| async move { table.operation(&REMOVE_UNWANTED).remove(key).await };
        stream::iter(found).map(Ok).try_for_each_concurrent(CONCURRENCY, remove).await?;
        if is_last {
            return Ok(());
        }
    }
}
