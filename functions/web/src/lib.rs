//! Web pages and documents: the API's documents and the platform's pages, from inside
//! the binary; and, as the gateway's default, every path without another route. It
//! reads no table.

mod assets;
mod routes;
mod state;

pub use routes::openapi;
use shared::{
    Environment, StartError,
    config::{AllowedOrigins, ClientAddressHeader, ProxySecret, PublicUrl},
    http::{Service, TrustedProxy},
};
use state::Web;

shared::configuration! {
    /// Configuration from the template.
    pub struct Config {
        /// Web origins that may call.
        pub allowed_origins: AllowedOrigins = "ALLOWED_ORIGINS" or AllowedOrigins::default(),
        /// Header in which a proxy before the API passes on the client's address.
        pub client_address_header: ClientAddressHeader = "CLIENT_ADDRESS_HEADER" or ClientAddressHeader::default(),
        /// Secret that proves that a request came through the proxy.
        pub proxy_secret: ProxySecret = "PROXY_SECRET" or ProxySecret::default(),
        /// Public address of the platform, for the served document.
        pub public_url: PublicUrl = "PUBLIC_URL",
    }
}

/// The function's HTTP side.
#[expect(clippy::unused_async, reason = "every entry point is alike: most have keys to prime")]
pub async fn api(environment: Environment) -> Result<Service, StartError> {
    let (config, context) = environment.open::<Config>("web")?;
    let web = Web::new(&config.public_url);
    let proxy = TrustedProxy::new(&config.client_address_header, &config.proxy_secret);
    Ok(Service::new(routes::router().with_state(web), context, config.allowed_origins).behind(proxy))
}
