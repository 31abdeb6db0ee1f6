//! Input of a function ([`Environment`]), and the state that every function derives
//! from it ([`Context`]). The runners of functions (Lambda, the local platform,
//! tests) differ only in the environment that they pass.

use std::fmt;

pub use aws_types::SdkConfig;

use crate::{
    clock::Clock,
    config::{CommonConfig, ConfigFault, Configuration, Reader, Variables},
    id::Ids,
    random::Random,
    telemetry::Log,
};

/// External dependencies of a function.
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
    /// Destination of canonical log lines.
    pub log: Log,
}

impl Environment {
    /// Reads the function's configuration and makes its context; returns every fault
    /// of the variables.
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

/// Dependencies of every function.
#[derive(Debug, Clone)]
pub struct Context {
    /// The name of the function's bin, for log lines and events' sources.
    pub function: &'static str,
    /// Stage.
    pub stage: String,
    /// Clock.
    pub clock: Clock,
    /// Source of random bytes.
    pub random: Random,
    /// Generator of ids.
    pub ids: Ids,
    /// Destination of canonical log lines.
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
