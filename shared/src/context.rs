//! Inputs of a function ([`Environment`]), and the state derived from them
//! ([`Context`]). Lambda, the local platform and tests differ only in the environment
//! that they pass in.

use std::fmt;

pub use aws_types::SdkConfig;

use crate::{
    clock::Clock,
    config::{CommonConfig, ConfigFault, Configuration, Reader, Variables},
    id::Ids,
    random::Random,
    telemetry::Log,
};

/// All that a function gets from outside.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its variables.
    pub variables: Variables,
    /// Region, credentials and connector of its AWS clients.
    pub aws: SdkConfig,
    /// Clock.
    pub clock: Clock,
    /// Source of random bytes.
    pub random: Random,
    /// Destination of its canonical lines.
    pub log: Log,
}

impl Environment {
    /// The function's configuration and context, or every fault of the
    /// variables.
    pub fn open<C: Configuration>(&self, function: &'static str) -> Result<(C, Context), StartError> {
        let mut reader = Reader::new(&self.variables);
        let own = C::read(&mut reader);
        let common = CommonConfig::read(&mut reader);
        match (own, common) {
            (Some(own), Some(common)) => Ok((
                own,
                Context {
                    function,
                    stage: common.stage,
                    clock: self.clock.clone(),
                    random: self.random.clone(),
                    ids: Ids::new(self.clock.clone(), self.random.clone()),
                    log: self.log.clone(),
                },
            )),
            _ => Err(StartError(reader.into_faults())),
        }
    }
}

/// Context of every function.
#[derive(Debug, Clone)]
pub struct Context {
    /// The name of the function's bin, for log lines and the source of events.
    pub function: &'static str,
    /// Which of the stacks this is.
    pub stage: String,
    /// Clock.
    pub clock: Clock,
    /// Source of random bytes.
    pub random: Random,
    /// Makes new ids.
    pub ids: Ids,
    /// Destination of canonical lines.
    pub log: Log,
}

/// Every reason why a function cannot start.
#[derive(Debug)]
pub struct StartError(Vec<ConfigFault>);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrong configuration")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for StartError {}
