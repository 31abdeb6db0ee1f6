//! This group's part of an export: a person's memberships.

use serde_json::json;
use shared::{
    Failure,
    bus::batch::Delivery,
    identity::{
        ExportJob, ExportPart,
        export::{finish_part, put_part},
    },
    walk::{CONCURRENCY, PAGE, Page, Walk},
};

use super::Memberships;
use crate::{
    operations::{FINISH_EXPORT, PUT_EXPORT_PART},
    store::ListedMembership,
};

/// Name of this group's part.
const GROUP: &str = "organizations";

impl Memberships {
    /// Writes a person's memberships, one part a page. Repeating it writes the same.
    pub(super) async fn export(&self, delivery: &Delivery, job: ExportJob) -> Result<(), Failure> {
        let job = &job;
        let list = |after| async move {
            let found = self.store.list_memberships(job.user_id, None, after, PAGE).await?;
            let Page { items, next } = Page::of(found, PAGE, |last: &ListedMembership| last.sort.clone());
            Ok(Page { items: if items.is_empty() { Vec::new() } else { vec![items] }, next })
        };
        let put = |page: Vec<ListedMembership>| async move {
            let end = page.last().map(|last| last.organization.to_string()).unwrap_or_default();
            let shown = page
                .iter()
                .map(|listed| json!({ "organization_id": listed.organization, "role": listed.role }));
            let data = json!({ "memberships": shown.collect::<Vec<_>>() });
            let part = ExportPart::new(job, format!("{GROUP}.memberships.{end}"), &data)?;
            put_part(&self.table, &PUT_EXPORT_PART, &part).await
        };
        match self.walker.walk(delivery, CONCURRENCY, list, put).await? {
            Walk::Finished => finish_part(&self.table, &FINISH_EXPORT, job, GROUP).await,
            Walk::Continued => Ok(()),
        }
    }
}
