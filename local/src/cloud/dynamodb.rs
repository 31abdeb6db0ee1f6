//! DynamoDB: dynoxide, on disk or in memory, with the operations that Agora uses and
//! those of the stream.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use dynoxide::{
    Database, DynoxideError,
    actions::{get_records::GetRecordsRequest, get_shard_iterator::encode_shard_iterator},
    streams::shard_id,
};
use http::{Response, StatusCode};
use rusqlite::{Connection, params};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared::clock::Clock;

use crate::{
    data::{DataError, Folder},
    stack::{Table, stream_arn},
};

use super::{
    CloudError,
    reply::{Fault, text},
};

/// Prefix of dynoxide's deserializers for errors that AWS calls validation errors.
const VALIDATION: &str = "VALIDATION:";

/// Offset of stored sequence numbers in their public form.
const SEQUENCE_OFFSET: i128 = 100_000_000_000_000_000_000;

/// Number of handled stream records that stay, for a developer who reads the stream. One
/// at least must: dynoxide continues its numbers.
const STREAM_RECORDS: i64 = 1_000;

/// Size of unused space from which the file is rewritten.
const UNUSED_BYTES: i64 = 8 * 1024 * 1024;

pub(crate) struct DynamoDb {
    database: Database,
    table: String,
    file: Option<PathBuf>,
}

/// A record of the table's stream.
#[derive(Debug, Clone)]
pub struct StreamRecord {
    /// Sequence number in the stream.
    pub sequence: i64,
    /// The record in the form that Lambda passes on.
    pub value: Value,
}

/// True for an operation that may change the table.
pub(super) fn writes(operation: &str) -> bool {
    matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems" | "BatchWriteItem")
}

impl DynamoDb {
    pub(super) fn open(table: &Table, folder: Option<&Folder>, clock: &Clock) -> Result<Self, CloudError> {
        let refused =
            |error: DynoxideError| CloudError::Refused { id: table.id.clone(), fault: error.to_string() };
        let file = folder.map(Folder::table);
        let database = match &file {
            Some(file) => Database::new(&file.to_string_lossy()).map_err(refused)?,
            None => Database::memory_with_clock(Arc::new(EngineClock(clock.clone()))).map_err(refused)?,
        };
        if file.is_some() {
            // A commit reaches the system, not the disk, as in the folder's other files:
            // it survives the process. This is the engine's only call that sets SQLite's
            // `synchronous` to NORMAL; it was FULL, a wait of 2 ms under the lock of all
            // operations.
            database.disable_bulk_loading().map_err(refused)?;
        }
        let dynamodb = Self { database, table: table.name.clone(), file };
        let description = describe(table);
        let present = dynamodb.database.get_table_metadata(&table.name).map_err(refused)?;
        if let Some(folder) = folder {
            let made_from = folder.table_description()?;
            if present.is_some() && made_from.is_some_and(|made_from| made_from != description) {
                return Err(CloudError::OtherTable(folder.path().display().to_string()));
            }
            keep_stream(&folder.table())?;
        }
        let run = |operation, request: &Value| {
            let refused =
                |error: Refusal| CloudError::Refused { id: table.id.clone(), fault: error.to_string() };
            dynamodb.run(operation, request.to_string().as_bytes()).map_err(refused)
        };
        if present.is_none() {
            run("CreateTable", &description)?;
        }
        // Repeated, because a kill may have come between the two.
        if let Some(attribute) = &table.expires_at
            && !present.is_some_and(|present| present.ttl_enabled)
        {
            let specification = json!({ "AttributeName": attribute, "Enabled": true });
            run(
                "UpdateTimeToLive",
                &json!({ "TableName": table.name, "TimeToLiveSpecification": specification }),
            )?;
        }
        if let Some(folder) = folder {
            folder.save_table_description(&description)?;
        }
        Ok(dynamodb)
    }

    /// Answers one call.
    pub(super) fn call(&self, operation: &str, body: &[u8]) -> Response<Bytes> {
        match self.run(operation, body) {
            Ok(body) => text(StatusCode::OK, body),
            Err(Refusal::Engine(error)) => {
                let status = StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::BAD_REQUEST);
                text(status, error.to_json())
            }
            Err(Refusal::Unknown(operation)) => Fault::unknown_operation(&operation).into_response(),
        }
    }

    fn run(&self, operation: &str, body: &[u8]) -> Result<String, Refusal> {
        let database = &self.database;
        match operation {
            "GetItem" => run(body, |request| database.get_item(request)),
            "PutItem" => run(body, |request| database.put_item(request)),
            "UpdateItem" => run(body, |request| database.update_item(request)),
            "DeleteItem" => run(body, |request| database.delete_item(request)),
            "Query" => run(body, |request| database.query(request)),
            "TransactWriteItems" => run(body, |request| database.transact_write_items(request)),
            "TransactGetItems" => run(body, |request| database.transact_get_items(request)),
            "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
            "BatchWriteItem" => run(body, |request| database.batch_write_item(request)),
            "CreateTable" => run(body, |request| database.create_table(request)),
            "DescribeTable" => run(body, |request| database.describe_table(request)),
            "ListTables" => run(body, |request| database.list_tables(request)),
            "UpdateTimeToLive" => run(body, |request| database.update_time_to_live(request)),
            "DescribeTimeToLive" => run(body, |request| database.describe_time_to_live(request)),
            // Functions may not scan; a developer with the AWS CLI may.
            "Scan" => run(body, |request| database.scan(request)),
            "ListStreams" => run(body, |request| database.list_streams(request)),
            "DescribeStream" => run(body, |request| database.describe_stream(request)),
            "GetShardIterator" => run(body, |request| database.get_shard_iterator(request)),
            "GetRecords" => run(body, |request| database.get_records(request)),
            other => Err(Refusal::Unknown(format!("DynamoDB operation {other}"))),
        }
    }

    /// The stream's records after `position`, oldest first, at most `limit`.
    pub(crate) fn records_after(
        &self,
        position: i64,
        limit: usize,
    ) -> Result<Vec<StreamRecord>, DynoxideError> {
        let shard_iterator = encode_shard_iterator(&self.table, &shard_id(&self.table), position);
        let answer = self.database.get_records(GetRecordsRequest { shard_iterator, limit: Some(limit) })?;
        let arn = stream_arn(&self.table);
        let records = answer.records.into_iter().map(|record| {
            let sequence =
                record.dynamodb.sequence_number.parse::<i128>().unwrap_or(SEQUENCE_OFFSET) - SEQUENCE_OFFSET;
            let mut value = serde_json::to_value(record).unwrap_or_default();
            value["eventSourceARN"] = json!(arn);
            value["awsRegion"] = json!(crate::stack::REGION);
            StreamRecord { sequence: i64::try_from(sequence).unwrap_or(0), value }
        });
        Ok(records.collect())
    }

    /// Deletes expired items; gives their number.
    pub(super) fn sweep(&self) -> usize {
        self.database.sweep_ttl().unwrap_or_else(|error| {
            tracing::warn!(%error, "expired items could not be swept");
            0
        })
    }

    /// Waits until all commits are on the disk.
    pub(crate) fn sync(&self) -> Result<(), DataError> {
        let Some(file) = &self.file else { return Ok(()) };
        let log = crate::data::write_ahead_log(file);
        File::open(&log).and_then(|log| log.sync_data()).map_err(|error| DataError::new("write", &log, error))
    }

    /// Deletes the stream's records before `position` beyond the newest
    /// [`STREAM_RECORDS`], and cuts the write-ahead log. DynamoDB keeps records for a day,
    /// which is 200 MB after `agora seed --demo`.
    pub(crate) fn prune_stream(&self, position: i64) -> Result<(), DataError> {
        let Some(file) = &self.file else { return Ok(()) };
        let pruned = connect(file).and_then(|connection| {
            connection.execute(
                "DELETE FROM _stream_records
                 WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) <= ?2
                 AND id <= (SELECT MAX(id) FROM _stream_records) - ?3",
                params![self.table, position, STREAM_RECORDS],
            )?;
            cut_log(&connection)
        });
        pruned.map_err(|error| DataError::new("prune the stream in", file, error))
    }

    /// Gives the space of deleted rows back to the system, if it is most of the file.
    pub(crate) fn compact(&self) -> Result<(), DataError> {
        let Some(file) = &self.file else { return Ok(()) };
        compact(file).map_err(|error| DataError::new("compact", file, error))
    }
}

/// `CreateTable` request of the table.
fn describe(table: &Table) -> Value {
    let key = |key: &[crate::stack::Key]| -> Value {
        key.iter()
            .map(|key| json!({ "AttributeName": key.attribute_name, "KeyType": key.key_type }))
            .collect()
    };
    let mut description = json!({
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": table.attributes.iter().map(|attribute| json!({
            "AttributeName": attribute.attribute_name,
            "AttributeType": attribute.attribute_type,
        })).collect::<Value>(),
        "KeySchema": key(&table.key),
    });
    if !table.indexes.is_empty() {
        description["GlobalSecondaryIndexes"] = table
            .indexes
            .iter()
            .map(|index| {
                json!({
                    "IndexName": index.index_name,
                    "KeySchema": key(&index.key_schema),
                    "Projection": index.projection,
                })
            })
            .collect();
    }
    if let Some(view) = &table.stream_view {
        description["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": view });
    }
    description
}

/// Runs one operation on JSON texts.
fn run<Q, A>(body: &[u8], operation: impl FnOnce(Q) -> dynoxide::Result<A>) -> Result<String, Refusal>
where
    Q: DeserializeOwned,
    A: Serialize,
{
    let request = serde_json::from_slice(body).map_err(|error| {
        let message = error.to_string();
        match message.split_once(VALIDATION) {
            // serde adds the position after the message.
            Some((_, rest)) => {
                DynoxideError::ValidationException(rest.split(" at line ").next().unwrap_or(rest).to_owned())
            }
            None => DynoxideError::SerializationException(message),
        }
    });
    let answer = operation(request.map_err(Refusal::Engine)?).map_err(Refusal::Engine)?;
    serde_json::to_string(&answer)
        .map_err(|error| Refusal::Engine(DynoxideError::InternalServerError(error.to_string())))
}

/// Errors of a call.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("{0}")]
    Engine(DynoxideError),
    #[error("{0} is unknown")]
    Unknown(String),
}

/// dynoxide has no call to prune a stream and no index for reading one, so both are
/// done by a second connection to its file.
fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

/// Every write reads the stream's highest number and every poll those above one:
/// without an index both read all records. The space of those that an earlier run has
/// pruned is given back.
fn keep_stream(file: &Path) -> Result<(), DataError> {
    let indexed = connect(file).and_then(|connection| {
        connection.execute_batch(
            "CREATE INDEX IF NOT EXISTS agora_stream_sequence
             ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
        )?;
        compact(file)
    });
    indexed.map_err(|error| DataError::new("index the stream in", file, error))
}

fn compact(file: &Path) -> rusqlite::Result<()> {
    let connection = connect(file)?;
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (unused, pages, size) = (number("freelist_count")?, number("page_count")?, number("page_size")?);
    if unused * size > UNUSED_BYTES && unused * 2 > pages {
        connection.execute_batch("VACUUM")?;
    }
    cut_log(&connection)
}

/// Writes the log into the file and cuts it. While a reader is at work, some of it stays
/// until the next time.
fn cut_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// The platform's clock in dynoxide's form.
struct EngineClock(Clock);

impl dynoxide::storage_backend::Clock for EngineClock {
    fn now_unix_secs(&self) -> u64 {
        u64::try_from(self.0.now().seconds()).unwrap_or(0)
    }

    #[expect(clippy::cast_precision_loss, reason = "dynoxide wants seconds as a float; milliseconds fit")]
    fn now_unix_secs_f64(&self) -> f64 {
        self.0.now().millis() as f64 / 1000.0
    }
}
