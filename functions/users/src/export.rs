//! This group's part of an export: the account and its sessions.

use serde_json::json;
use shared::{
    Failure,
    bus::batch::Delivery,
    id::{SessionId, UserId},
    identity::{
        ExportJob, ExportPart, Session, User, UserView,
        export::{finish_part, put_part},
    },
    table::{Query, Table, item::Stored, schema},
    walk::{CONCURRENCY, PAGE, Page, Walk, Walker},
};

use crate::operations::{FINISH_EXPORT, GET_EXPORTED_USER, LIST_SESSIONS, PUT_EXPORT_PART};

/// Name of this group's part.
const GROUP: &str = "users";

/// Writes a person's part of an export. Repeating it writes the same.
pub(crate) async fn write(
    table: &Table,
    walker: &Walker,
    delivery: &Delivery,
    job: &ExportJob,
) -> Result<(), Failure> {
    let list = |after| list_sessions(table, job.user_id, after);
    let put = |session: Session| async move {
        let name = format!("{GROUP}.session.{}", session.id);
        let part = ExportPart::new(job, name, &json!({ "session": session }))?;
        put_part(table, &PUT_EXPORT_PART, &part).await
    };
    match walker.walk(delivery, CONCURRENCY, list, put).await? {
        Walk::Finished => finish(table, job).await,
        Walk::Continued => Ok(()),
    }
}

/// Writes the account, and marks the part as complete.
async fn finish(table: &Table, job: &ExportJob) -> Result<(), Failure> {
    if let Some(user) = get_user(table, job.user_id).await? {
        let account = json!({ "account": UserView::from(user) });
        let part = ExportPart::new(job, format!("{GROUP}.account"), &account)?;
        put_part(table, &PUT_EXPORT_PART, &part).await?;
    }
    finish_part(table, &FINISH_EXPORT, job, GROUP).await
}

async fn get_user(table: &Table, id: UserId) -> Result<Option<Stored<User>>, Failure> {
    table.operation(&GET_EXPORTED_USER).get(schema::user(id)).await
}

async fn list_sessions(
    table: &Table,
    user: UserId,
    after: Option<SessionId>,
) -> Result<Page<Session, SessionId>, Failure> {
    let first = SessionId::earliest(user.created_at());
    let key = schema::session(user, after.unwrap_or(first));
    let query = Query::table(key).after(after.map(|id| id.to_string())).limit(PAGE);
    let sessions = table.operation(&LIST_SESSIONS).list::<Session>(query).await?;
    let sessions = sessions.into_iter().map(|stored| stored.entity).collect();
    Ok(Page::of(sessions, PAGE, |session: &Session| session.id))
}
