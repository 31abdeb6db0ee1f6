//! `agora`: the whole platform.

use std::{
    error::Error,
    net::{IpAddr, Ipv4Addr},
};

use clap::Args;
use local::platform::{Options, PORT, Platform};

use crate::console;

use super::{DataArguments, Stop, runtime, settings};

/// Default address.
const HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[derive(Args)]
pub(super) struct Serve {
    /// Port to listen on
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Address to listen on. Other machines reach one that is not of the loopback
    /// interface, over plain HTTP
    #[arg(long, default_value_t = HOST, value_name = "ADDRESS")]
    host: IpAddr,
    /// Apply the limits of a network to callers on this machine too
    #[arg(long)]
    strict_limits: bool,
    /// Set a parameter of template.yaml, `Name=value`; may be repeated. The file `.env`
    /// of the working folder has such lines too
    #[arg(long, value_name = "PARAMETER=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    data: DataArguments,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Box<dyn Error>> {
        console::install_diagnostics();
        runtime()?.block_on(async {
            let options = Options::memory()?;
            let options = Options {
                data: self.data.data(),
                port: Some(self.port),
                host: self.host,
                log: console::log(self.data.logs()),
                strict_limits: self.strict_limits,
                settings: settings(&options.template, &self.set)?,
                ..options
            };
            let platform = Platform::start(options).await?;
            let port = platform.address().map_or(self.port, |address| address.port());
            let stop = Stop::listen()?;
            if !self.host.is_loopback() {
                console::say(&format!(
                    "Warning: other machines reach this platform on {}, over plain HTTP: passwords and tokens\n\
                     can be read on the way. Put a proxy with TLS before it. Pages below /_local answer to this\n\
                     machine only.",
                    self.host
                ));
            }
            console::say(&format!(
                "Agora is ready.\n\
                 \n  API      http://127.0.0.1:{port}\
                 \n  docs     http://127.0.0.1:{port}/docs\
                 \n  mailbox  http://127.0.0.1:{port}/_local/mailbox\
                 \n  events   http://127.0.0.1:{port}/_local/events\
                 \n  data     {}\n",
                self.data.describe(),
            ));
            if let Some(first) = platform.operator().first_administrator().await? {
                console::say(&format!(
                    "Initial administrator credentials (shown once):\n\
                     \n  email    {}\
                     \n  password {}\n",
                    first.email.as_str(),
                    first.password,
                ));
            }
            stop.then(platform.shutdown()).await;
            Ok(())
        })
    }
}
