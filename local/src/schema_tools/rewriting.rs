//! Rewrite of one item: on the condition of the version that was read, together with the
//! items beside it.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput},
    types::{CancellationReason, Delete, Put, ReturnConsumedCapacity, TransactWriteItem, Update},
};
use shared::{
    Failure,
    evolution::{Beside, IfPresent, Job, Rewrite},
    table::{
        MAX_WRITES,
        item::{Attributes, ENTITY_TYPE, key_attributes},
    },
};

use super::{
    difference::{Parts, parts},
    pace::patiently,
    scan::{Scan, key_of, text},
};

/// The first job that rewrites an item, with its rewrite.
pub(super) fn next(
    jobs: impl Iterator<Item = &'static Job>,
    item: &Attributes,
) -> Result<Option<(&'static Job, Rewrite)>, (&'static str, Failure)> {
    let kind = text(item, ENTITY_TYPE);
    for job in jobs.filter(|job| job.entity == kind) {
        if let Some(rewrite) = job.rewrite(item).map_err(|failure| (job.name, failure))? {
            return Ok(Some((job, rewrite)));
        }
    }
    Ok(None)
}

/// Outcome of a write.
pub(super) enum Written {
    /// The item is rewritten, for so many units.
    Done(f64),
    /// Another writer was faster: the item must be read again.
    Outdated,
    /// An item beside it is present, for this reason to fail.
    Present(&'static str),
}

/// Condition of every rewrite.
const UNCHANGED: &str = "#version = :version AND #type = :type";

impl Scan {
    /// Writes a rewrite of the item `before`.
    pub(super) async fn write(&self, before: &Attributes, rewrite: Rewrite) -> Result<Written, Failure> {
        let Rewrite { item, mut beside } = rewrite;
        if beside.is_empty() {
            return self.update(before, &item).await;
        }
        loop {
            let mut writes = vec![self.update_in_transaction(before, &item)?];
            writes.extend(beside.iter().map(|write| self.beside(write)).collect::<Result<Vec<_>, _>>()?);
            if writes.len() > MAX_WRITES {
                return Err(Failure::internal("a job writes more than a transaction takes"));
            }
            let request = self
                .client
                .transact_write_items()
                .set_transact_items(Some(writes))
                .return_consumed_capacity(ReturnConsumedCapacity::Total);
            let refused = match patiently(|| request.clone().send()).await {
                Ok(output) => return Ok(Written::Done(units(&output))),
                Err(error) => error,
            };
            let Some(reasons) = reasons(&refused) else { return Err(refused.into()) };
            let has = |code: &str| reasons.iter().position(|reason| reason.code() == Some(code));
            match has("ConditionalCheckFailed") {
                Some(0) => return Ok(Written::Outdated),
                Some(place) => match &beside[place - 1] {
                    Beside::PutNew(_, IfPresent::Fail(reason)) => return Ok(Written::Present(reason)),
                    Beside::PutNew(_, IfPresent::Keep) => drop(beside.remove(place - 1)),
                    Beside::Put(_) | Beside::Remove(_) => {
                        return Err(Failure::internal("a write without a condition was refused"));
                    }
                },
                None if has("TransactionConflict").is_some() => return Ok(Written::Outdated),
                // Without capacity for one of the items.
                None => return Err(refused.into()),
            }
        }
    }

    async fn update(&self, before: &Attributes, after: &Attributes) -> Result<Written, Failure> {
        let Parts { expression, names, values } = parts(before, after)?;
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(key_of(before).map(key_attributes))
            .update_expression(expression)
            .condition_expression(UNCHANGED)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        match patiently(|| request.clone().send()).await {
            Ok(output) => Ok(Written::Done(
                output.consumed_capacity().and_then(|used| used.capacity_units).unwrap_or_default(),
            )),
            Err(error) => match error.as_service_error() {
                Some(refused)
                    if refused.is_conditional_check_failed_exception()
                        || refused.is_transaction_conflict_exception() =>
                {
                    Ok(Written::Outdated)
                }
                _ => Err(error.into()),
            },
        }
    }

    fn update_in_transaction(
        &self,
        before: &Attributes,
        after: &Attributes,
    ) -> Result<TransactWriteItem, Failure> {
        let Parts { expression, names, values } = parts(before, after)?;
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(key_of(before).map(key_attributes))
            .update_expression(expression)
            .condition_expression(UNCHANGED)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(Failure::internal)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    fn beside(&self, write: &Beside) -> Result<TransactWriteItem, Failure> {
        let put = |item: &Attributes| Put::builder().table_name(&self.table).set_item(Some(item.clone()));
        let builder = TransactWriteItem::builder();
        let write = match write {
            Beside::Put(item) => builder.put(put(item).build().map_err(Failure::internal)?),
            Beside::PutNew(item, _) => {
                let put = put(item).condition_expression("attribute_not_exists(pk)");
                builder.put(put.build().map_err(Failure::internal)?)
            }
            Beside::Remove(key) => {
                let delete = Delete::builder().table_name(&self.table);
                let delete = delete.set_key(Some(key_attributes(key.clone()))).build();
                builder.delete(delete.map_err(Failure::internal)?)
            }
        };
        Ok(write.build())
    }
}

fn reasons(error: &SdkError<TransactWriteItemsError>) -> Option<&[CancellationReason]> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            Some(cancelled.cancellation_reasons())
        }
        // The enum is open; no other variant has reasons.
        _ => None,
    }
}

fn units(output: &TransactWriteItemsOutput) -> f64 {
    output.consumed_capacity().iter().filter_map(|used| used.capacity_units).sum()
}
