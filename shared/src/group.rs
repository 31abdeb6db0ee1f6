//! State that the handlers of every group have, and the start of its HTTP side.

use std::sync::Arc;

use axum::Router;

use crate::{
    Context, Environment, Failure, StartError,
    config::{AllowedOrigins, Configuration},
    context::SdkConfig,
    http::{Service, TrustedProxy},
    identity::Verifier,
    lambda::prime,
    table::Table,
};

/// Configuration with the variables of every group: made by
/// [`configuration!`](crate::configuration) from a `struct Config: group`.
pub trait GroupConfig: Configuration {
    /// Name of the table.
    fn table_name(&self) -> &str;
    /// Issuer (`iss`) of access tokens.
    fn token_issuer(&self) -> &str;
    /// Origins that may call the API (CORS).
    fn allowed_origins(&self) -> &AllowedOrigins;
    /// Proxy before the API.
    fn trusted_proxy(&self) -> TrustedProxy;
}

/// State that the handlers of every group have.
#[derive(Debug)]
pub struct Group<C> {
    /// Clock, ids, random numbers and log.
    pub context: Context,
    /// Configuration of the group.
    pub config: Arc<C>,
    /// Connection to AWS, for further clients.
    pub aws: SdkConfig,
    /// The table.
    pub table: Table,
    /// Verifier of access tokens.
    pub verifier: Verifier,
}

impl<C> Clone for Group<C> {
    fn clone(&self) -> Self {
        Self {
            context: self.context.clone(),
            config: Arc::clone(&self.config),
            aws: self.aws.clone(),
            table: self.table.clone(),
            verifier: self.verifier.clone(),
        }
    }
}

impl<C: GroupConfig> Group<C> {
    /// Opens the group for the function named `function`.
    pub fn open(environment: &Environment, function: &'static str) -> Result<Self, StartError> {
        let (config, context) = environment.open::<C>(function)?;
        let aws = environment.aws.clone();
        let table = Table::new(&aws, config.table_name().to_owned(), context.clone());
        let verifier = Verifier::new(&table, &context, config.token_issuer());
        Ok(Self { context, config: Arc::new(config), aws, table, verifier })
    }

    /// Serves `router`, after `priming`: reads that the first request would
    /// otherwise wait for.
    pub async fn serve(self, router: Router, priming: impl Future<Output = Result<(), Failure>>) -> Service {
        prime(&self.context, priming).await;
        let origins = self.config.allowed_origins().clone();
        let proxy = self.config.trusted_proxy();
        Service::new(router, self.context, origins).behind(proxy)
    }
}

/// Makes the struct `$state`, whose field `group` is a [`Group`] of `$config`, the
/// state of a group's handlers: they read the group's fields as the state's own, and
/// can take a `Caller`.
#[macro_export]
macro_rules! group_state {
    ($state:ident, $config:ty) => {
        impl ::std::ops::Deref for $state {
            type Target = $crate::group::Group<$config>;

            fn deref(&self) -> &Self::Target {
                &self.group
            }
        }

        impl $crate::expansion::axum::extract::FromRef<$state> for $crate::identity::Verifier {
            fn from_ref(state: &$state) -> Self {
                state.group.verifier.clone()
            }
        }
    };
}
