//! Asks for what an operator may do: the running platform, or, if none runs, the
//! data folder.

use std::error::Error;

use local::{
    operator::Command,
    platform::{Options, Platform},
};

use super::{DataArguments, runtime};
use crate::console;

/// Does it and says what came of it.
pub(super) fn operate(command: &Command, port: u16, data: &DataArguments) -> Result<(), Box<dyn Error>> {
    runtime()?.block_on(async {
        let said = if let Some(said) = local::client::operate(port, command).await? {
            said
        } else {
            let platform = Platform::start(Options { data: data.data(), ..Options::memory()? }).await?;
            let said = platform.operator().run(command.clone()).await;
            platform.shutdown().await;
            said?
        };
        console::say(&said);
        Ok(())
    })
}
