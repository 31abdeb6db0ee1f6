//! A deployed stage, as its operator reaches it: the account that this process is
//! signed in to, and what CloudFormation has named there.

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use shared::{
    Failure,
    config::Variables,
    lambda::{Timing, aws_config},
};

/// Why a stage cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// No region or no credentials.
    #[error(
        "{0} is not set\nhint: eval \"$(aws configure export-credentials --format env)\" sets the credentials"
    )]
    NoAccount(&'static str),
    /// The account has no such stage.
    #[error("stage {stage} has no {what}: is it deployed as agora-{stage}, in this region?")]
    NotDeployed {
        /// The stage.
        stage: String,
        /// A resource's logical id.
        what: String,
    },
    /// A call to AWS.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// The account and region that the AWS variables of this process name.
pub(crate) fn account() -> Result<SdkConfig, StageError> {
    let variables = Variables::of_process();
    for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        variables.get(name).ok_or(StageError::NoAccount(name))?;
    }
    Ok(aws_config(&variables, Timing::Consumer))
}

/// How the name begins that CloudFormation gives a resource: letters of its own
/// follow.
pub(crate) fn name_prefix(stage: &str, id: &str) -> String {
    format!("agora-{stage}-{id}-")
}

/// The name of a stage's table.
pub(crate) async fn table(aws: &SdkConfig, stage: &str) -> Result<String, StageError> {
    let prefix = name_prefix(stage, "Table");
    // Names come in their order, so it is the first behind its own beginning.
    let tables = Client::new(aws).list_tables().exclusive_start_table_name(&prefix).limit(1).send().await;
    let first = tables.map_err(Failure::from)?.table_names.unwrap_or_default().into_iter().next();
    first
        .filter(|name| name.starts_with(&prefix))
        .ok_or_else(|| StageError::NotDeployed { stage: stage.to_owned(), what: "Table".to_owned() })
}
