//! `agora cloud`: the cloud for functions in another process.

use std::error::Error;

use clap::Args;
use local::{
    cloud_platform::CloudPlatform,
    pollers::Remote,
    stack::{CLOUD_PORT, Template},
};

use crate::console;

use super::{DataArguments, Stop, runtime};

/// Run the cloud without functions, for `cargo lambda watch` and the AWS CLI
#[derive(Args)]
pub(super) struct Cloud {
    /// Port to listen on, on the loopback interface
    #[arg(long, default_value_t = CLOUD_PORT)]
    port: u16,
    /// Host of the functions: batches are posted there, and requests are served there
    #[arg(long, default_value = "http://127.0.0.1:9000", value_name = "URL")]
    invoke: String,
    #[command(flatten)]
    data: DataArguments,
}

impl Cloud {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        console::install_diagnostics();
        runtime()?.block_on(async {
            let template = Template::built_in()?;
            let functions = Remote::at(&self.invoke)?;
            let cloud =
                CloudPlatform::start(&template, &self.data.data(), self.port, functions, &self.invoke)
                    .await?;
            let port = cloud.address().port();
            let stop = Stop::listen()?;
            console::say(&format!(
                "The cloud is ready.\n\
                 \n  AWS      http://127.0.0.1:{port}  (AWS_ENDPOINT_URL; any credentials)\
                 \n  mailbox  http://127.0.0.1:{port}/_local/mailbox\
                 \n  events   http://127.0.0.1:{port}/_local/events\
                 \n  invokes  {}\
                 \n  data     {}\n",
                self.invoke,
                self.data.describe(),
            ));
            stop.then(cloud.shutdown()).await;
            Ok(())
        })
    }
}
