//! Several writes, all or none. The error of a failed condition is named next to the
//! write:
//!
//! ```text
//! table.operation(&REGISTER)
//! .transaction()
//! .put_new(&login).or(RegisterError::EmailTaken)
//! .put_new_with(&user, vec![created])
//! .commit().await?;
//! ```

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, ConditionCheck, Delete, Put, ReturnConsumedCapacity, TransactWriteItem},
};

use super::{
    Access, Condition, Conflict, Kind, Update,
    expression::ConditionParts,
    item::{Entity, key_attributes},
    schema::Key,
};
use crate::{Failure, Refused, bus::DomainEvent, id::RequestId};

/// DynamoDB's limit of one transaction.
pub const MAX_WRITES: usize = 100;

/// Writes that are committed together.
#[derive(Debug)]
#[must_use = "nothing is written before `commit`"]
pub struct Transaction<'t, E> {
    access: Access<'t>,
    writes: Vec<TransactWriteItem>,
    /// Refusals of the caller, one for each write, for a failed condition.
    refusals: Vec<Option<E>>,
    /// The first write that did not become a request.
    broken: Option<Failure>,
}

impl<'t, E> Transaction<'t, E> {
    pub(super) fn new(access: Access<'t>) -> Self {
        Self { access, writes: Vec::new(), refusals: Vec::new(), broken: None }
    }

    /// Writes an item that must not exist yet.
    pub fn put_new<T: Entity>(self, entity: &T) -> Self {
        self.put_new_with(entity, Vec::new())
    }

    /// Writes an item that must not exist yet, with its events.
    pub fn put_new_with<T: Entity>(self, entity: &T, events: Vec<DomainEvent>) -> Self {
        self.put(entity, Condition::New, events)
    }

    /// Writes an item with its events and the version that follows `condition`'s.
    pub fn put<T: Entity>(self, entity: &T, condition: Condition, events: Vec<DomainEvent>) -> Self {
        let put = self.access.prepare(entity, condition, events).and_then(|(item, condition)| {
            Put::builder()
                .table_name(&self.access.table.name)
                .set_item(Some(item))
                .set_condition_expression(condition.expression)
                .set_expression_attribute_names(condition.names)
                .set_expression_attribute_values(condition.values)
                .build()
                .map_err(Failure::internal)
        });
        self.push(put.map(|put| TransactWriteItem::builder().put(put).build()))
    }

    /// Changes some attributes of an item.
    pub fn update<T: Entity>(self, key: Key, update: Update) -> Self {
        let update = self.access.prepare_update::<T>(update).and_then(|parts| {
            aws_sdk_dynamodb::types::Update::builder()
                .table_name(&self.access.table.name)
                .set_key(Some(key_attributes(key)))
                .update_expression(parts.update)
                .set_condition_expression(parts.condition)
                .set_expression_attribute_names(parts.names)
                .set_expression_attribute_values(parts.values)
                .build()
                .map_err(Failure::internal)
        });
        self.push(update.map(|update| TransactWriteItem::builder().update(update).build()))
    }

    /// Removes an item on a condition.
    pub fn remove(self, key: Key, condition: Condition) -> Self {
        let condition = ConditionParts::from(condition);
        let delete = Delete::builder()
            .table_name(&self.access.table.name)
            .set_key(Some(key_attributes(key)))
            .set_condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .build()
            .map_err(Failure::internal);
        self.push(delete.map(|delete| TransactWriteItem::builder().delete(delete).build()))
    }

    /// True if there are more writes than DynamoDB commits together: such a
    /// transaction fails as a bug unless it is refused before.
    pub fn exceeds_limit(&self) -> bool {
        self.writes.len() > MAX_WRITES
    }

    /// Checks an item without writing it.
    pub fn check(self, key: Key, condition: Condition) -> Self {
        let condition = ConditionParts::from(condition);
        let check = ConditionCheck::builder()
            .table_name(&self.access.table.name)
            .set_key(Some(key_attributes(key)))
            .set_condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .build()
            .map_err(Failure::internal);
        self.push(check.map(|check| TransactWriteItem::builder().condition_check(check).build()))
    }

    /// Fails the transaction as a bug: its writes would contradict the request.
    pub fn broken(mut self, cause: &str) -> Self {
        self.broken = self.broken.or_else(|| Some(Failure::internal(cause)));
        self
    }

    fn push(mut self, write: Result<TransactWriteItem, Failure>) -> Self {
        match write {
            Ok(write) => {
                self.writes.push(write);
                self.refusals.push(None);
            }
            Err(failure) => self.broken = self.broken.or(Some(failure)),
        }
        self
    }

    /// Names the refusal for a failed condition of the last write.
    pub fn or(mut self, refusal: E) -> Self {
        if let Some(last) = self.refusals.last_mut() {
            *last = Some(refusal);
        }
        self
    }

    /// Commits everything or nothing: 1 round trip, 2 WRU each KB of each item.
    ///
    /// The request carries a token, so that the SDK's retry after a lost answer finds
    /// its own first attempt instead of a failed condition.
    pub async fn commit(self) -> Result<(), Refused<E>> {
        if let Some(failure) = self.broken {
            return Err(failure.into());
        }
        let table = self.access.table;
        let token: RequestId = table.context.ids.next();
        let request = table
            .client
            .transact_write_items()
            .set_transact_items(Some(self.writes))
            .client_request_token(token.to_string())
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let sent = self
            .access
            .call(
                Kind::Write,
                || request.clone().send(),
                |output| output.consumed_capacity().iter().map(|consumed| super::units(Some(consumed))).sum(),
            )
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) => {
                let failed = error.as_service_error().and_then(|error| {
                    reasons(error).iter().position(|reason| reason.code() == Some("ConditionalCheckFailed"))
                });
                let refusal = failed.and_then(|place| self.refusals.into_iter().nth(place));
                Err(match (failed, refusal.flatten()) {
                    (_, Some(refusal)) => Refused::By(refusal),
                    (Some(place), None) => Failure::internal(format!(
                        "the condition of write {place} failed, which none expects"
                    ))
                    .into(),
                    (None, None) => Failure::from(error).into(),
                })
            }
        }
    }
}

fn reasons(error: &TransactWriteItemsError) -> &[CancellationReason] {
    match error {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => cancelled.cancellation_reasons(),
        // The enum is open; no other variant has reasons.
        _ => &[],
    }
}

impl Conflict for TransactWriteItemsError {
    /// A failed condition beside the conflict is final; without one, the same
    /// transaction may succeed the next time.
    fn is_conflict(&self) -> bool {
        let has = |code| reasons(self).iter().any(|reason| reason.code() == Some(code));
        has("TransactionConflict") && !has("ConditionalCheckFailed")
    }
}
