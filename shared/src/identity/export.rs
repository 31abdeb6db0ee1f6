//! Everything that is held about a person, for that person: a job that every
//! group writes its part of, kept for a day.

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

/// The groups that hold something about people. Each listens to
/// `user.export_requested` and writes its part.
pub const EXPORTING_GROUPS: &[&str] = &["users", "catalog", "orders"];

/// How long an export is kept.
const LIFETIME: Duration = Duration::from_hours(24);

/// An export that is under way or done. An account has one at most: the next takes its
/// place, a day later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportJob {
    /// Its id, which says when it was asked for.
    pub export_id: ExportId,
    /// Whose data.
    pub user_id: UserId,
    /// The groups that have written all of their part.
    #[serde(default)]
    done: BTreeMap<String, bool>,
}

impl ExportJob {
    /// An export that nobody has written a part of.
    pub fn new(export_id: ExportId, user_id: UserId) -> Self {
        Self { export_id, user_id, done: BTreeMap::new() }
    }

    /// The export that an event asks for.
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

    /// Whether every group has written its part.
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

/// A thing that is held about a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportPart {
    /// The export that it is a part of.
    pub export_id: ExportId,
    /// Whose data.
    pub user_id: UserId,
    /// Its place among the parts: `users.profile`.
    pub name: String,
    /// What it is: JSON, as a text, so that it comes back as it was.
    data: String,
}

impl ExportPart {
    /// A part of `job` in the words of a group.
    pub fn new(job: &ExportJob, name: String, data: &impl Serialize) -> Result<Self, Failure> {
        let data = serde_json::to_string(data).map_err(Failure::internal)?;
        Ok(Self { export_id: job.export_id, user_id: job.user_id, name, data })
    }

    /// What it is.
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

/// Writes a part over the same of an earlier delivery: 1 round trip, 1 WRU each
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
    /// Lists parts of an export that nobody wants any more: forty orders of under 2 KB.
    LIST_UNWANTED = "identity.export.list_unwanted": 1 round trip, 20.0 read, 0.0 write;
    /// Removes a part of an export that nobody wants any more: an order of under 2 KB.
    REMOVE_UNWANTED = "identity.export.remove_unwanted": 1 round trip, 0.0 read, 2.0 write;
}

/// Parts that are removed at once.
const AT_ONCE: usize = 8;

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

/// Removes what a group has written of an export.
async fn remove_part(table: &Table, job: &ExportJob, group: &str) -> Result<(), Failure> {
    let first = schema::export_part(job.user_id, job.export_id, &format!("{group}."));
    loop {
        let query = Query::table(first.clone()).prefix(&first.sk).limit(UNWANTED);
        let found = table.operation(&LIST_UNWANTED).list_keys(query).await?;
        let is_last = found.len() < UNWANTED;
        let remove = |key: Key| async move { table.operation(&REMOVE_UNWANTED).remove(key).await };
        stream::iter(found).map(Ok).try_for_each_concurrent(AT_ONCE, remove).await?;
        if is_last {
            return Ok(());
        }
    }
}
