//! Checks of a deployed stage. Lambda, `CloudWatch`, ACM and DNS are asked by the AWS CLI:
//! an SDK client for one question each would be most of this command's build.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{ContinuousBackupsStatus, PointInTimeRecoveryStatus, TimeToLiveStatus};
use aws_types::SdkConfig;
use shared::{Failure, secrets::Secret};

use super::{Finding, Findings, State};
use crate::{
    dead_letters::{Command, DeadLetters},
    deployed::{self, StageError},
    functions::FUNCTIONS,
    settings::parameters,
    stack::{Stack, Template},
};

/// Looks at a stage with the credentials of this process.
pub async fn examine_stage(stage: &str) -> Result<Findings, StageError> {
    let aws = deployed::account()?;
    let table = deployed::table(&aws, stage).await?;
    let mut findings = table_findings(&aws, &table, stage).await;
    findings.push(secrets(&aws, stage).await);
    findings.extend(mail(&aws).await);
    findings.push(rules(&aws, stage).await);
    findings.push(dead_letters(&aws, stage).await);
    findings.extend(by_hand(stage));
    Ok(Findings(findings))
}

async fn table_findings(aws: &SdkConfig, table: &str, stage: &str) -> Vec<Finding> {
    let client = aws_sdk_dynamodb::Client::new(aws);
    let described = client.describe_table().table_name(table).send().await.map_err(Failure::from);
    let is_protected = described.map(|described| {
        described.table.and_then(|table| table.deletion_protection_enabled).unwrap_or_default()
    });
    let backups = client.describe_continuous_backups().table_name(table).send().await.map_err(Failure::from);
    let is_recoverable = backups.map(|backups| {
        let backups = backups.continuous_backups_description;
        backups.is_some_and(|backups| {
            let recovery = backups.point_in_time_recovery_description;
            let recovery = recovery.and_then(|recovery| recovery.point_in_time_recovery_status);
            backups.continuous_backups_status == ContinuousBackupsStatus::Enabled
                && recovery == Some(PointInTimeRecoveryStatus::Enabled)
        })
    });
    let ttl = client.describe_time_to_live().table_name(table).send().await.map_err(Failure::from);
    let expires = ttl.map(|ttl| {
        let status = ttl.time_to_live_description.and_then(|ttl| ttl.time_to_live_status);
        matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
    });
    vec![
        Finding::of(
            "deletion protection of the table",
            is_protected,
            |is_protected| is_protected,
            format!("aws dynamodb update-table --table-name {table} --deletion-protection-enabled"),
        ),
        Finding::of(
            "point-in-time recovery",
            is_recoverable,
            |is_recoverable| is_recoverable,
            format!(
                "aws dynamodb update-continuous-backups --table-name {table} \
                 --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
            ),
        ),
        Finding::of(
            "expiry of items",
            expires,
            |expires| expires,
            format!("sam build --beta-features && sam deploy --config-env {stage}"),
        ),
    ]
}

async fn secrets(aws: &SdkConfig, stage: &str) -> Finding {
    let names: BTreeSet<String> = FUNCTIONS
        .iter()
        .flat_map(|function| function.secrets)
        .map(|Secret { name, .. }| format!("/agora/{stage}/{name}"))
        .collect();
    let get = aws_sdk_ssm::Client::new(aws).get_parameters().set_names(Some(names.into_iter().collect()));
    let found = get.send().await.map_err(Failure::from);
    Finding::of(
        "secrets",
        found,
        |found| found.invalid_parameters.unwrap_or_default().is_empty(),
        "call the API once: functions create their secrets at their first start",
    )
}

async fn mail(aws: &SdkConfig) -> [Finding; 2] {
    let client = aws_sdk_sesv2::Client::new(aws);
    let account = client.get_account().send().await.map_err(Failure::from);
    let identities = client.list_email_identities().send().await.map_err(Failure::from);
    [
        Finding::of(
            "exit from the sandbox of SES",
            account,
            |account| account.production_access_enabled && account.sending_enabled,
            "aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL \
             --website-url <PublicUrl> --use-case-description \"Account and order emails\"",
        ),
        Finding::of(
            "verified sender of emails",
            identities,
            |found| found.email_identities.unwrap_or_default().iter().any(|it| it.sending_enabled),
            "aws sesv2 create-email-identity --email-identity <domain of MailSender>",
        ),
    ]
}

async fn rules(aws: &SdkConfig, stage: &str) -> Finding {
    let stack = Template::built_in().and_then(|it| Stack::of(&it, &parameters("https://agora.example")));
    let wanted = stack.map(|stack| stack.rules.len());
    let client = aws_sdk_eventbridge::Client::new(aws);
    let list = client.list_rules().event_bus_name(format!("agora-{stage}")).limit(100).send().await;
    let found = list.map(|list| list.rules.unwrap_or_default()).map_err(Failure::from);
    let found = match wanted {
        Ok(wanted) => found.map(|found| (found.len(), wanted)).map_err(|failure| failure.to_string()),
        Err(fault) => Err(fault.to_string()),
    };
    Finding::of(
        "rules of this version on the bus",
        found,
        // The archive has a rule of its own.
        |(found, wanted)| found >= wanted,
        format!("sam build --beta-features && sam deploy --config-env {stage}"),
    )
}

async fn dead_letters(aws: &SdkConfig, stage: &str) -> Finding {
    let listed = match DeadLetters::of_stage(stage, aws.clone()).await {
        Ok(letters) => letters.run(Command::List).await,
        Err(error) => Err(error),
    };
    Finding::of(
        "queues without dead letters",
        listed,
        |listed| listed.lines().all(|line| line.trim_start().starts_with("0 ")),
        format!("agora dlq list --stage {stage}"),
    )
}

/// Subjects that are not asked here.
fn by_hand(stage: &str) -> Vec<Finding> {
    let stack = format!("agora-{stage}");
    let unasked = || State::NotChecked("ask the AWS CLI".to_owned());
    vec![
        Finding::new(
            "concurrency of the account (over 10)",
            unasked(),
            "aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions",
        ),
        Finding::new(
            "actions of the alarms",
            unasked(),
            format!(
                "aws cloudwatch describe-alarms --alarm-name-prefix {stack} --query \"MetricAlarms[?AlarmActions==\\`[]\\`].AlarmName\""
            ),
        ),
        Finding::new(
            "certificate (ISSUED)",
            unasked(),
            "aws acm list-certificates --query \"CertificateSummaryList[].[DomainName,Status]\"",
        ),
        Finding::new(
            "DNS of the domain",
            unasked(),
            format!(
                "aws cloudformation describe-stacks --stack-name {stack} --query \"Stacks[0].Outputs[?OutputKey=='DomainTarget']\""
            ),
        ),
        Finding::new("version", unasked(), "curl <PublicUrl>/health"),
    ]
}
