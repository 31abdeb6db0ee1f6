//! The whole stack of `template.yaml` on one machine, in one process: `cargo run`
//! starts it, and the tests drive it without sockets.
//!
//! | module | content |
//! |---|---|
//! | [`stack`] | `template.yaml`, parsed and resolved |
//! | [`cloud`] | DynamoDB, EventBridge, SQS, SSM and SES, as far as Agora calls them |
//! | [`pollers`] | delivery of the stream's and the queues' batches to functions |
//! | [`gateway`] | the HTTP API: the routes to functions |
//! | [`functions`] | the entry points of logical ids |
//! | [`platform`] | all of these together: `agora` |
//! | [`cloud_platform`] | all but the functions: `agora cloud` |
//! | [`accounts`] | account changes of an operator |
//! | [`operator`] | commands of an operator |
//! | [`people`] | realistic accounts |
//! | [`seed`], [`import`] | data for development, and accounts of other systems |
//! | [`dead_letters`] | dead letters, here and in a deployed stack |
//! | [`schema_tools`] | stored items of earlier releases, here and in a deployed stack |
//! | [`doctor`] | what is missing for production |
//! | [`client`] | a platform, as commands reach it |
//! | [`data`], [`backup`], [`logs`] | the data folder, its copy in one file, its log files |
//! | [`settings`] | template parameters on this machine: `.env`, `--set` |
//! | [`documents`] | the OpenAPI document and the route table |
//! | [`monitoring`] | the template's alarms and dashboard |
//! | [`write`] | files and blocks generated from the code |
//! | [`new_group`] | the files and rows of a new group |

pub mod accounts;
mod background;
pub mod backup;
pub mod client;
pub mod cloud;
pub mod cloud_platform;
pub mod data;
pub mod dead_letters;
mod deployed;
pub mod doctor;
pub mod documents;
pub mod functions;
pub mod gateway;
pub mod import;
pub mod logs;
pub mod monitoring;
pub mod new_group;
pub mod operator;
pub mod order_tools;
mod pages;
pub mod people;
pub mod platform;
pub mod pollers;
pub mod schema_tools;
pub mod seed;
mod server;
pub mod settings;
pub mod stack;
pub mod write;

pub use background::Undelivered;
