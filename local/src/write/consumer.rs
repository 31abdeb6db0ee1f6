//! Resources of a consumer: a rule of the bus, a queue, and its dead-letter queue.

use super::{
    variables::dead_letters,
    yaml::{Yaml, scalar},
};
use crate::functions::Declared;

/// The resources of a consumer with this time limit, in seconds.
pub(super) fn resources(yaml: &mut Yaml, function: &Declared, timeout: u64) {
    let (id, letters) = (function.id, dead_letters(function.id));
    let types: Vec<String> = function.listens_to.iter().map(|kind| scalar(kind)).collect();
    yaml.blank();
    yaml.line(2, format_args!("{id}Rule:"));
    yaml.line(4, "Type: AWS::Events::Rule");
    yaml.line(4, "Properties:");
    yaml.line(6, "EventBusName: !Ref Bus");
    yaml.line(6, "EventPattern:");
    yaml.line(8, "source: [{ prefix: agora. }]");
    yaml.list(8, "detail-type", &types);
    yaml.line(6, "Targets:");
    yaml.line(8, "- Id: queue");
    yaml.line(10, format_args!("Arn: !GetAtt {id}Queue.Arn"));
    yaml.line(10, "# The bus retries for a day, then drops the event.");
    yaml.line(10, format_args!("DeadLetterConfig: {{ Arn: !GetAtt {letters}.Arn }}"));

    queue(yaml, &format!("{id}Queue"), |yaml| {
        yaml.line(6, "# Six times the function's timeout, as Lambda recommends.");
        yaml.line(6, format_args!("VisibilityTimeout: {}", timeout * 6));
    });
    yaml.line(6, "RedrivePolicy:");
    yaml.line(8, format_args!("deadLetterTargetArn: !GetAtt {letters}.Arn"));
    yaml.line(8, "maxReceiveCount: 5");

    queue(yaml, &letters, |_| {});
    queue_policy(yaml, &format!("{id}Queue"), id);
    queue_policy(yaml, &letters, id);
}

fn queue(yaml: &mut Yaml, queue: &str, own: impl FnOnce(&mut Yaml)) {
    yaml.blank();
    yaml.line(2, format_args!("{queue}:"));
    yaml.line(4, "Type: AWS::SQS::Queue");
    yaml.line(4, "UpdateReplacePolicy: Delete");
    yaml.line(4, "DeletionPolicy: Delete");
    yaml.line(4, "Properties:");
    own(yaml);
    yaml.line(6, "MessageRetentionPeriod: 1209600 # 14 days, the longest");
    yaml.line(6, "SqsManagedSseEnabled: true");
}

/// Policy that allows the consumer's rule, and no other sender, to send to a queue.
fn queue_policy(yaml: &mut Yaml, queue: &str, id: &str) {
    yaml.blank();
    yaml.line(2, format_args!("{queue}Policy:"));
    yaml.line(4, "Type: AWS::SQS::QueuePolicy");
    yaml.line(4, "Properties:");
    yaml.line(6, format_args!("Queues: [!Ref {queue}]"));
    yaml.line(6, "PolicyDocument:");
    yaml.line(8, "Version: \"2012-10-17\"");
    yaml.line(8, "Statement:");
    yaml.line(10, "- Effect: Allow");
    yaml.line(12, "Principal: { Service: events.amazonaws.com }");
    yaml.line(12, "Action: sqs:SendMessage");
    yaml.line(12, format_args!("Resource: !GetAtt {queue}.Arn"));
    yaml.line(12, format_args!("Condition: {{ ArnEquals: {{ aws:SourceArn: !GetAtt {id}Rule.Arn }} }}"));
}
