//! The whole stack of `template.yaml` on one machine, in one process: what
//! `cargo run` starts, and what the tests drive without sockets.
//!
//! | module | what it holds |
//! |---|---|
//! | [`stack`] | `template.yaml`, parsed and resolved |
//! | [`cloud`] | DynamoDB, EventBridge, SQS, SSM and SES, as far as Agora calls them |
//! | [`pollers`] | what hands the stream's and the queues' batches to functions |
//! | [`gateway`] | the HTTP API: which function a request is for |
//! | [`functions`] | which crate's entry point a logical id stands for |
//! | [`platform`] | all of these together: what `agora` runs |
//! | [`cloud_platform`] | all but the functions: what `agora cloud` runs |
//! | [`accounts`] | accounts that are made with the machine in hand |
//! | [`operator`] | what somebody may do who has the machine in hand |
//! | [`people`] | believable accounts |
//! | [`seed`], [`import`] | data to develop with, and accounts of other systems |
//! | [`dead_letters`] | what was set aside, here and in a deployed stack |
//! | [`client`] | a platform, as commands reach it |
//! | [`data`] | the data folder |
//! | [`settings`] | what the template is told here: `.env`, `--set` |
//! | [`documents`] | the OpenAPI document and the route table |
//! | [`monitoring`] | the template's alarms and dashboard |
//! | [`write`] | files and blocks that are written from the code |
//! | [`new_group`] | the files and rows of a new group |

pub mod accounts;
mod background;
pub mod client;
pub mod cloud;
pub mod cloud_platform;
pub mod data;
pub mod dead_letters;
mod deployed;
pub mod documents;
pub mod functions;
pub mod gateway;
pub mod import;
pub mod monitoring;
pub mod new_group;
pub mod operator;
pub mod order_tools;
mod pages;
pub mod people;
pub mod platform;
pub mod pollers;
pub mod seed;
mod server;
pub mod settings;
pub mod stack;
pub mod write;

pub use background::Undelivered;
