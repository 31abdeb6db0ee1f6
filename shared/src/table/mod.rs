//! The one table. A store reaches it only through a declared
//! [`Operation`](units::Operation), so every call is metered against a budget.
//!
//! Conflicts are retried here, with full jitter until the request's deadline: the SDK
//! does not retry them, and single writes meet them too.

mod claims;
pub mod cursor;
mod expression;
pub mod item;
mod many;
mod query;
pub mod schema;
mod transaction;

use std::{future::Future, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        delete_item::DeleteItemError, get_item::GetItemError, put_item::PutItemError, query::QueryError,
        update_item::UpdateItemError,
    },
    types::{ConsumedCapacity, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure},
};

pub use self::{
    expression::{Condition, Expression, Update},
    many::{Consistency, Found},
    query::{Listed, Query},
    transaction::{MAX_WRITES, Transaction},
};
use self::{
    expression::{ConditionParts, UpdateParts},
    item::{Attributes, Entity, Stored, Tombstone, decode, encode, key_attributes, type_attributes},
    schema::Key,
    units::Operation,
};
pub use crate::units;
use crate::{
    Context, Failure, Refused, UnlessRefused as _,
    bus::{DomainEvent, outbox},
    telemetry::Scope,
};

/// Maximum time of a call without a request's deadline: while a function starts.
const DEFAULT_TIME: Duration = Duration::from_secs(2);

/// The one table, with the context of one function.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: String,
    context: Context,
}

impl Table {
    /// The table `name`.
    pub fn new(aws: &aws_types::SdkConfig, name: String, context: Context) -> Self {
        Self { client: Client::new(aws), name, context }
    }

    /// The table for one use of `operation`.
    pub fn operation(&self, operation: &'static Operation) -> Access<'_> {
        if let Some(scope) = Scope::current() {
            scope.operation_begins(operation.name);
        }
        Access { table: self, operation }
    }

    /// Access for a use of `operation` on several entities, which costs as much as
    /// one use for each.
    pub fn operation_on(&self, operation: &'static Operation, things: usize) -> Access<'_> {
        for _ in 1..things {
            let _ = self.operation(operation);
        }
        self.operation(operation)
    }
}

/// A write whose condition failed, with the item in the table.
#[derive(Debug)]
pub struct ConditionFailed<T>(pub Option<Stored<T>>);

/// Access to the table for one store operation.
#[derive(Debug, Clone, Copy)]
pub struct Access<'t> {
    table: &'t Table,
    operation: &'static Operation,
}

impl<'t> Access<'t> {
    /// Reads one item, strongly consistent: 1 round trip, 1 RRU each 4 KB.
    pub async fn get<T: Entity>(&self, key: Key) -> Result<Option<Stored<T>>, Failure> {
        let request = self
            .table
            .client
            .get_item()
            .table_name(&self.table.name)
            .set_key(Some(key_attributes(key)))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let output = self
            .call(Kind::Read, || request.clone().send(), |output| units(output.consumed_capacity()))
            .await?;
        found(output.item.as_ref())
    }

    /// Writes one item with its events and the version that follows `condition`'s: 1
    /// round trip, 1 WRU each KB.
    pub async fn put<T: Entity>(
        &self,
        entity: &T,
        condition: Condition,
        events: Vec<DomainEvent>,
    ) -> Result<(), Refused<ConditionFailed<T>>> {
        let takes_a_place = matches!(condition, Condition::Version(_));
        let (item, condition) = self.prepare(entity, condition, events)?;
        let request = self
            .table
            .client
            .put_item()
            .table_name(&self.table.name)
            .set_item(Some(item))
            .set_condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let sent = self
            .call(Kind::Write, || request.clone().send(), |output| units(output.consumed_capacity()))
            .await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                // The table already has this item: the SDK retries after a lost
                // answer.
                Some(PutItemError::ConditionalCheckFailedException(refused))
                    if takes_a_place && refused.item() == request.get_item().as_ref() =>
                {
                    Ok(())
                }
                Some(PutItemError::ConditionalCheckFailedException(refused)) => {
                    Err(Refused::By(ConditionFailed(found(refused.item())?)))
                }
                _ => Err(Refused::Failed(error.into())),
            },
        }
    }

    /// Writes an item with a fresh id, which no other writer can have used. 1 round
    /// trip, 1 WRU each KB.
    pub async fn put_new<T: Entity>(&self, entity: &T, events: Vec<DomainEvent>) -> Result<(), Failure> {
        // An existing item is our own: the SDK retries after a lost answer.
        self.put(entity, Condition::New, events).await.unless_refused()?;
        Ok(())
    }

    /// Changes some attributes of an item, or creates it if the condition allows;
    /// returns the updated item. 1 round trip, 1 WRU each KB.
    pub async fn update<T: Entity>(
        &self,
        key: Key,
        update: Update,
    ) -> Result<Stored<T>, Refused<ConditionFailed<T>>> {
        let parts = self.prepare_update::<T>(update)?;
        let request = self
            .table
            .client
            .update_item()
            .table_name(&self.table.name)
            .set_key(Some(key_attributes(key)))
            .update_expression(parts.update)
            .set_condition_expression(parts.condition)
            .set_expression_attribute_names(parts.names)
            .set_expression_attribute_values(parts.values)
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let sent = self
            .call(Kind::Write, || request.clone().send(), |output| units(output.consumed_capacity()))
            .await;
        match sent {
            Ok(output) => Ok(decode(output.attributes.unwrap_or_default())?),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                    Err(Refused::By(ConditionFailed(found(refused.item())?)))
                }
                _ => Err(Refused::Failed(error.into())),
            },
        }
    }

    /// Removes an item of any type: 1 round trip, 1 WRU each KB.
    pub async fn remove(&self, key: Key) -> Result<(), Failure> {
        let request = self
            .table
            .client
            .delete_item()
            .table_name(&self.table.name)
            .set_key(Some(key_attributes(key)))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let send = || request.clone().send();
        self.call(Kind::Write, send, |output| units(output.consumed_capacity())).await?;
        Ok(())
    }

    /// Begins a transaction with refusals of type `E`.
    pub fn transaction<E>(self) -> Transaction<'t, E> {
        Transaction::new(self)
    }

    /// The item and its condition, in the form of a put or a part of a transaction.
    fn prepare<T: Entity>(
        &self,
        entity: &T,
        condition: Condition,
        events: Vec<DomainEvent>,
    ) -> Result<(Attributes, ConditionParts), Failure> {
        let version = condition.next_version();
        let events = outbox::encode(&self.table.context, version, events)?;
        Ok((encode(entity, version, events)?, ConditionParts::from(condition)))
    }

    /// Adds the item's type and its events to an update.
    fn prepare_update<T: Entity>(&self, mut update: Update) -> Result<UpdateParts, Failure> {
        let mut item = type_attributes::<T>();
        if let Some(events) = outbox::encode(&self.table.context, 1, std::mem::take(&mut update.events))? {
            item.insert(item::EVENTS.to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(events));
        }
        Ok(update.into_parts(item))
    }

    /// Sends a request and retries conflicts until the deadline.
    async fn call<O, E, F>(
        &self,
        kind: Kind,
        send: impl Fn() -> F,
        units: impl Fn(&O) -> f64,
    ) -> Result<O, SdkError<E>>
    where
        F: Future<Output = Result<O, SdkError<E>>>,
        E: ProvideErrorMetadata + Conflict,
    {
        let scope = Scope::current();
        let remaining = || scope.as_ref().map_or(DEFAULT_TIME, |scope| scope.remaining());
        let mut attempt = 0_u32;
        loop {
            if let Some(scope) = &scope {
                scope.call_begins(self.operation.name);
            }
            // The SDK's futures are large: boxing keeps those of the callers small.
            let answer = tokio::time::timeout(remaining(), Box::pin(send()))
                .await
                .unwrap_or_else(|elapsed| Err(SdkError::timeout_error(elapsed)));
            if let Some(scope) = &scope {
                let used = answer.as_ref().map_or(0.0, &units);
                let (read, write) = match kind {
                    Kind::Read => (used, 0.0),
                    Kind::Write => (0.0, used),
                };
                scope.call_ends(self.operation.name, read, write);
            }
            let conflict =
                answer.as_ref().err().and_then(SdkError::as_service_error).is_some_and(E::is_conflict);
            let pause = Duration::from_millis(self.table.context.random.up_to(25 << attempt.min(5)));
            if !conflict || pause >= remaining() {
                return answer;
            }
            tokio::time::sleep(pause).await;
            attempt += 1;
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

/// An error that may mean a concurrent write of the same item.
trait Conflict {
    fn is_conflict(&self) -> bool;
}

fn units(consumed: Option<&ConsumedCapacity>) -> f64 {
    consumed.and_then(ConsumedCapacity::capacity_units).unwrap_or(0.0)
}

impl Conflict for GetItemError {
    fn is_conflict(&self) -> bool {
        false
    }
}

impl Conflict for PutItemError {
    fn is_conflict(&self) -> bool {
        self.is_transaction_conflict_exception()
    }
}

impl Conflict for DeleteItemError {
    fn is_conflict(&self) -> bool {
        self.is_transaction_conflict_exception()
    }
}

impl Conflict for UpdateItemError {
    fn is_conflict(&self) -> bool {
        self.is_transaction_conflict_exception()
    }
}

impl Conflict for QueryError {
    fn is_conflict(&self) -> bool {
        false
    }
}

/// Decodes an item; a tombstone counts as none.
fn found<T: Entity>(item: Option<&Attributes>) -> Result<Option<Stored<T>>, Failure> {
    item.filter(|item| !Tombstone::is(item)).cloned().map(decode).transpose()
}

/// Minimum number of attempts against concurrent writers, and the remaining time that
/// allows further ones.
const ATTEMPTS: u32 = 5;
const MIN_TIME_FOR_RETRY: Duration = Duration::from_secs(1);

/// Outcome of one attempt at an optimistic write.
#[derive(Debug)]
pub enum Attempt<T> {
    /// The change is written, or was not necessary.
    Done(T),
    /// Another writer was faster: read again and retry.
    Retry,
}

impl<T> Attempt<T> {
    /// Converts the outcome.
    pub fn map<U>(self, outcome: impl FnOnce(T) -> U) -> Attempt<U> {
        match self {
            Self::Done(done) => Attempt::Done(outcome(done)),
            Self::Retry => Attempt::Retry,
        }
    }

    /// The attempt of a conditional write: a refusal means that another writer was
    /// faster.
    pub fn of<E>(written: Result<T, Refused<E>>) -> Result<Self, Failure> {
        Ok(written.unless_refused()?.map_or(Self::Retry, Self::Done))
    }
}

/// Repeats reading, changing and writing until no other writer interferes, or the
/// deadline is near.
pub async fn optimistic<T, E, F>(mut attempt: impl FnMut() -> F) -> Result<T, E>
where
    E: From<Failure>,
    F: Future<Output = Result<Attempt<T>, E>>,
{
    let scope = Scope::current();
    let has_time = || scope.as_ref().is_some_and(|scope| scope.remaining() > MIN_TIME_FOR_RETRY);
    let mut attempts = 0;
    while attempts < ATTEMPTS || has_time() {
        if let Attempt::Done(done) = attempt().await? {
            return Ok(done);
        }
        attempts += 1;
    }
    Err(Failure::unavailable("others keep writing this item").into())
}
