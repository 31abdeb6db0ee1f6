//! Identifiers of the template's resources on the local platform: names, URLs and ARNs,
//! made from the logical id if the template has no name.

use serde_json::Value;

/// Region of the local cloud.
pub const REGION: &str = "us-east-1";

/// Account of the local cloud.
pub const ACCOUNT: &str = "000000000000";

/// Default port of `agora cloud`; queue URLs begin with it.
pub const CLOUD_PORT: u16 = 4566;

/// Name of a resource without one in the template.
pub(super) fn default_name(id: &str) -> String {
    format!("agora-{id}")
}

/// The ARN of the queue `name`.
pub(crate) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

/// The URL of the queue `name`.
pub(crate) fn queue_url(name: &str) -> String {
    format!("http://127.0.0.1:{CLOUD_PORT}/{ACCOUNT}/{name}")
}

/// The ARN of the table `name`.
pub(crate) fn table_arn(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

/// The ARN of the stream of the table `name`.
pub(crate) fn stream_arn(name: &str) -> String {
    format!("{}/stream/local", table_arn(name))
}

/// The ARN of the bus `name`.
pub(crate) fn bus_arn(name: &str) -> String {
    format!("arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}")
}

/// Answers `Ref` and `GetAtt` for the template's resources.
pub(super) struct Identifiers<'a> {
    resources: &'a Value,
}

impl<'a> Identifiers<'a> {
    pub(super) fn new(resources: &'a Value) -> Self {
        Self { resources }
    }

    /// Value of `!Ref target` for a resource or a pseudo parameter.
    pub(super) fn reference(&self, target: &str) -> Result<String, String> {
        Ok(match target {
            "AWS::Region" => REGION.to_owned(),
            "AWS::AccountId" => ACCOUNT.to_owned(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::StackName" => "agora".to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            id => {
                let name = self.name(id)?;
                match self.kind(id)? {
                    "AWS::SQS::Queue" => queue_url(&name),
                    _ => name,
                }
            }
        })
    }

    /// Value of `!GetAtt id.attribute`.
    pub(super) fn attribute(&self, id: &str, attribute: &str) -> Result<String, String> {
        let name = self.name(id)?;
        let kind = self.kind(id)?;
        Ok(match (kind, attribute) {
            ("AWS::DynamoDB::Table", "Arn") => table_arn(&name),
            ("AWS::DynamoDB::Table", "StreamArn") => stream_arn(&name),
            ("AWS::SQS::Queue", "Arn") => queue_arn(&name),
            ("AWS::SQS::Queue", "QueueUrl") => queue_url(&name),
            ("AWS::SQS::Queue", "QueueName") | ("AWS::Events::EventBus", "Name") => name,
            ("AWS::Events::EventBus", "Arn") => bus_arn(&name),
            ("AWS::Events::Rule", "Arn") => self.rule_arn(id, &name)?,
            ("AWS::DynamoDB::Table" | "AWS::SQS::Queue" | "AWS::Events::EventBus", _) => {
                return Err(format!("a {kind} has no attribute {attribute}"));
            }
            // Resources that the local platform lacks: any text will do.
            _ => format!("arn:aws:local:{REGION}:{ACCOUNT}:{name}/{attribute}"),
        })
    }

    fn rule_arn(&self, id: &str, name: &str) -> Result<String, String> {
        let bus = self.resources[id]["Properties"]["EventBusName"]["Ref"].as_str();
        let bus = bus.map_or_else(|| Ok("default".to_owned()), |bus| self.name(bus))?;
        Ok(format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{bus}/{name}"))
    }

    fn kind(&self, id: &str) -> Result<&'a str, String> {
        self.resources[id]["Type"].as_str().ok_or_else(|| format!("there is no parameter or resource {id}"))
    }

    /// The resource's name on the local platform.
    pub(super) fn name(&self, id: &str) -> Result<String, String> {
        let property = match self.kind(id)? {
            "AWS::DynamoDB::Table" => "TableName",
            "AWS::SQS::Queue" => "QueueName",
            _ => "Name",
        };
        // A name made of intrinsic functions (`agora-${Stage}`) differs from stage to
        // stage; here there is one stage, and the id says more.
        let name = self.resources[id]["Properties"][property].as_str();
        Ok(name.map_or_else(|| default_name(id), str::to_owned))
    }
}
