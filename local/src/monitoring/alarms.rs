//! Alarms. Few, as each costs money a month, and each for a condition that a person can
//! act on.

use std::fmt;

use crate::stack::{Function, Stack};

/// Subject of an alarm. `OPERATIONS.md` has a section for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The gateway answered with 5xx.
    ServerErrors,
    /// Lambda throttled an invocation.
    Throttles,
    /// A function crashed or timed out.
    Errors,
    /// A function is near its time limit.
    Slow,
    /// The stream's reader lags.
    StreamAge,
    /// A dead-letter queue has messages.
    DeadLetters,
    /// The bus could not deliver an event to a queue.
    FailedInvocations,
    /// Receivers' servers refuse emails.
    Bounces,
    /// Receivers mark emails as spam.
    Complaints,
}

/// One alarm.
#[derive(Debug, Clone)]
pub struct Alarm {
    /// Logical id.
    pub id: String,
    /// Subject.
    pub kind: Kind,
    /// Resource that it watches.
    pub watches: String,
    dimensions: Vec<(&'static str, String)>,
    threshold: String,
}

/// Measurement of an alarm.
struct Metric {
    namespace: &'static str,
    name: &'static str,
    statistic: &'static str,
    /// Seconds of a period.
    period: u32,
    /// Number of consecutive periods.
    periods: u8,
    /// Meaning of a period without data.
    missing: &'static str,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Every alarm of `stack`.
pub fn alarms(stack: &Stack) -> Vec<Alarm> {
    let whole = [
        Alarm::new(Kind::ServerErrors, "Api", vec![("ApiId", "!Ref Api".to_owned())], 0),
        // Without a dimension this is the region's sum: one alarm for what all
        // functions of an account share.
        Alarm::new(Kind::Throttles, "Functions", Vec::new(), 0),
        // The reputation of the account in the region, also without a dimension. SES reviews
        // an account at these rates, and stops its emails at 0.1 and 0.005.
        Alarm::new(Kind::Bounces, "Mail", Vec::new(), 0.05),
        Alarm::new(Kind::Complaints, "Mail", Vec::new(), 0.001),
    ];
    let functions = stack.functions.values().flat_map(of_function);
    let letters = stack.dead_letter_queues().map(|queue| {
        let name = format!("!GetAtt {}.QueueName", queue.id);
        Alarm::new(Kind::DeadLetters, &queue.id, vec![("QueueName", name)], 0)
    });
    let rules = stack.rules.iter().map(|rule| {
        let bus = stack.buses.iter().find(|bus| bus.name == rule.bus).map_or("", |bus| &bus.id);
        // A rule's `Ref` is `bus|rule`, its ARN ends in `rule/bus/rule`.
        let name = format!("!Select [2, !Split [/, !GetAtt {}.Arn]]", rule.id);
        let dimensions = vec![("EventBusName", format!("!Ref {bus}")), ("RuleName", name)];
        Alarm::new(Kind::FailedInvocations, &rule.id, dimensions, 0)
    });
    whole.into_iter().chain(functions).chain(letters).chain(rules).collect()
}

fn of_function(function: &Function) -> Vec<Alarm> {
    let alarm = |kind, threshold| {
        let dimensions = vec![("FunctionName", format!("!Ref {}", function.id))];
        Alarm::new(kind, &function.id, dimensions, threshold)
    };
    // Four fifths of the time limit: a slower invocation may be cut off.
    let slow = u64::try_from(function.timeout.as_millis()).unwrap_or(u64::MAX) / 5 * 4;
    let mut alarms = vec![alarm(Kind::Errors, 0), alarm(Kind::Slow, slow)];
    if !function.streams.is_empty() {
        // Five minutes; a record is lost after a day.
        alarms.push(alarm(Kind::StreamAge, 300_000));
    }
    alarms
}

impl Alarm {
    fn new(
        kind: Kind,
        watches: &str,
        dimensions: Vec<(&'static str, String)>,
        threshold: impl fmt::Display,
    ) -> Self {
        let subject = watches.strip_suffix(&kind.to_string()).unwrap_or(watches);
        Self {
            id: format!("{subject}{kind}Alarm"),
            kind,
            watches: watches.to_owned(),
            dimensions,
            threshold: threshold.to_string(),
        }
    }

    fn metric(&self) -> Metric {
        let of = |namespace, name, statistic| Metric {
            namespace,
            name,
            statistic,
            period: 300,
            periods: 1,
            missing: "notBreaching",
        };
        // SES publishes a rate only after emails, so a missing one is still the last one.
        let reputation =
            |name| Metric { period: 3600, missing: "ignore", ..of("AWS/SES", name, "Statistic: Maximum") };
        match self.kind {
            Kind::ServerErrors => of("AWS/ApiGateway", "5xx", "Statistic: Sum"),
            Kind::Throttles => of("AWS/Lambda", "Throttles", "Statistic: Sum"),
            Kind::Errors => of("AWS/Lambda", "Errors", "Statistic: Sum"),
            Kind::Slow => Metric { periods: 3, ..of("AWS/Lambda", "Duration", "ExtendedStatistic: p99") },
            Kind::StreamAge => of("AWS/Lambda", "IteratorAge", "Statistic: Maximum"),
            Kind::DeadLetters => of("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Statistic: Maximum"),
            Kind::FailedInvocations => of("AWS/Events", "FailedInvocations", "Statistic: Sum"),
            Kind::Bounces => reputation("Reputation.BounceRate"),
            Kind::Complaints => reputation("Reputation.ComplaintRate"),
        }
    }

    pub(super) fn to_yaml(&self) -> String {
        let Self { id, kind, watches, dimensions, threshold } = self;
        let Metric { namespace, name: metric, statistic, period, periods, missing } = self.metric();
        let dimensions: Vec<String> =
            dimensions.iter().map(|(name, value)| format!("{{ Name: {name}, Value: {value} }}")).collect();
        let dimensions = dimensions.join(", ");
        format!(
            "  {id}:\n    \
               Type: AWS::CloudWatch::Alarm\n    \
               Properties:\n      \
                 AlarmDescription: \"{watches}: OPERATIONS.md, {kind}\"\n      \
                 Namespace: {namespace}\n      \
                 MetricName: {metric}\n      \
                 Dimensions: [{dimensions}]\n      \
                 {statistic}\n      \
                 Period: {period}\n      \
                 EvaluationPeriods: {periods}\n      \
                 Threshold: {threshold}\n      \
                 ComparisonOperator: GreaterThanThreshold\n      \
                 TreatMissingData: {missing}\n      \
                 AlarmActions: !If [HasAlarmTopic, [!Ref AlarmTopic], !Ref AWS::NoValue]\n\n"
        )
    }
}
