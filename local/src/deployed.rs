//! Access to a deployed stage: the account that this process is signed in to, and the
//! names that CloudFormation has given its resources.

use aws_sdk_dynamodb::Client;
use aws_types::SdkConfig;
use shared::{
    Failure,
    config::Variables,
    lambda::{Timing, aws_config},
};

/// Errors of reaching a stage.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// No region or no credentials are set.
    #[error(
        "{0} is not set\nhint: eval \"$(aws configure export-credentials --format env)\" sets the credentials"
    )]
    NoAccount(&'static str),
    /// The account does not have the stage.
    #[error("stage {stage} has no {what}\nhint: check that it is deployed as agora-{stage}, in this region")]
    NotDeployed {
        /// Name of the stage.
        stage: String,
        /// Logical id of a resource.
        what: String,
    },
    /// A call to AWS failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Configuration for the account and region of this process's AWS variables.
pub(crate) fn account() -> Result<SdkConfig, StageError> {
    let variables = Variables::of_process();
    for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        variables.get(name).ok_or(StageError::NoAccount(name))?;
    }
    Ok(aws_config(&variables, Timing::Consumer))
}

/// Prefix of the name that CloudFormation gives a resource; random letters follow.
pub(crate) fn name_prefix(stage: &str, id: &str) -> String {
    format!("agora-{stage}-{id}-")
}

/// Name of a stage's table.
pub(crate) async fn table(aws: &SdkConfig, stage: &str) -> Result<String, StageError> {
    let prefix = name_prefix(stage, "Table");
    // Names are listed in order, so it is the first after its own prefix.
    let tables = Client::new(aws).list_tables().exclusive_start_table_name(&prefix).limit(1).send().await;
    let first = tables.map_err(Failure::from)?.table_names.unwrap_or_default().into_iter().next();
    first
        .filter(|name| name.starts_with(&prefix))
        .ok_or_else(|| StageError::NotDeployed { stage: stage.to_owned(), what: "Table".to_owned() })
}
