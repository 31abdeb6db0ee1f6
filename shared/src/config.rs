//! Configuration: variables, read once into types, with every fault reported at once.
//! [`Variables::of_process`] is the only place that reads the environment; the local
//! platform and the tests pass maps.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// A function's variables, as in its block of `template.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Variables(BTreeMap<String, String>);

impl Variables {
    /// The variables of this process.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The value of `name`; an empty one counts as unset, as in the template's
    /// optional parameters.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

impl FromIterator<(String, String)> for Variables {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

/// One variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// The variable's name.
    pub variable: &'static str,
    /// Reason of the fault. Never the value, which may be secret.
    pub reason: String,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.reason)
    }
}

/// A variable as [`configuration!`](crate::configuration) declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The source text of its default, if it has one.
    pub default: Option<&'static str>,
}

/// A set of variables with their types, made by [`configuration!`](crate::configuration).
pub trait Configuration: Sized {
    /// The variables, from which a function's part of `template.yaml` is written.
    const VARIABLES: &'static [Variable];

    /// Reads every variable; faults are collected in `reader`.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

/// Configuration of a function without variables of its own.
impl Configuration for () {
    const VARIABLES: &'static [Variable] = &[];

    fn read(_: &mut Reader<'_>) -> Option<Self> {
        Some(())
    }
}

/// Reads variables and collects their faults.
#[derive(Debug)]
pub struct Reader<'a> {
    variables: &'a Variables,
    faults: Vec<ConfigFault>,
}

impl<'a> Reader<'a> {
    /// A reader of `variables`.
    pub fn new(variables: &'a Variables) -> Self {
        Self { variables, faults: Vec::new() }
    }

    /// Reads `variable` into its type, or returns `default` if it is not set.
    pub fn take<T>(&mut self, variable: &'static str, default: Option<T>) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let reason = match (self.variables.get(variable), default) {
            (Some(text), _) => match text.parse() {
                Ok(value) => return Some(value),
                Err(error) => format!("{error}"),
            },
            (None, Some(default)) => return Some(default),
            (None, None) => "is not set".to_owned(),
        };
        self.faults.push(ConfigFault { variable, reason });
        None
    }

    /// The collected faults.
    pub fn into_faults(self) -> Vec<ConfigFault> {
        self.faults
    }
}

/// Declares a function's configuration: a struct, and the variable that each field is
/// read from, `or` its default. A `struct Config: group` also has the fields of every
/// group's HTTP side ([`GroupConfig`](crate::group::GroupConfig)).
///
/// ```
/// shared::configuration! {
/// /// Configuration of the clock tower.
/// pub struct Config {
/// /// Strikes per hour.
/// pub strikes: u8 = "STRIKES" or 12,
/// /// Town of the tower.
/// pub town: String = "TOWN",
/// }
/// }
/// ```
#[macro_export]
macro_rules! configuration {
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
    (@text) => { None };
    (@text $default:expr) => { Some(stringify!($default)) };
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident: group { $($fields:tt)* }
    ) => {
        $crate::configuration! {
            $(#[$meta])*
            $vis struct $name {
                /// Name of the table.
                pub table_name: String = "TABLE_NAME",
                /// Issuer (`iss`) of access tokens.
                pub token_issuer: String = "TOKEN_ISSUER",
                /// Origins that may call the API (CORS).
                pub allowed_origins: $crate::config::AllowedOrigins = "ALLOWED_ORIGINS"
                    or $crate::config::AllowedOrigins::default(),
                /// Header in which a proxy before the API passes on the client's
                /// address.
                pub client_address_header: $crate::config::ClientAddressHeader = "CLIENT_ADDRESS_HEADER"
                    or $crate::config::ClientAddressHeader::default(),
                /// Secret that proves that a request came through the proxy.
                pub proxy_secret: $crate::config::ProxySecret = "PROXY_SECRET"
                    or $crate::config::ProxySecret::default(),
                $($fields)*
            }
        }

        impl $crate::group::GroupConfig for $name {
            fn table_name(&self) -> &str {
                &self.table_name
            }

            fn token_issuer(&self) -> &str {
                &self.token_issuer
            }

            fn allowed_origins(&self) -> &$crate::config::AllowedOrigins {
                &self.allowed_origins
            }

            fn trusted_proxy(&self) -> $crate::http::TrustedProxy {
                $crate::http::TrustedProxy::new(&self.client_address_header, &self.proxy_secret)
            }
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $type:ty = $variable:literal $(or $default:expr)?),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type,)+
        }

        impl $crate::config::Configuration for $name {
            const VARIABLES: &'static [$crate::config::Variable] = &[
                $($crate::config::Variable {
                    name: $variable,
                    default: $crate::configuration!(@text $($default)?),
                },)+
            ];

            fn read(reader: &mut $crate::config::Reader<'_>) -> Option<Self> {
                $(
                    let $field: Option<$type> = reader.take($variable, $crate::configuration!(@default $($default)?));
                )+
                Some(Self { $($field: $field?),+ })
            }
        }
    };
}

configuration! {
    /// Configuration of every function.
    pub struct CommonConfig {
        /// Stage: `dev`, `prod`, `local`.
        pub stage: String = "STAGE",
        /// Minimum level of logged diagnostics.
        pub log_level: LogLevel = "LOG_LEVEL" or LogLevel(tracing::Level::INFO),
    }
}

/// Header in which a proxy before the API passes on the client's address; none by
/// default.
#[derive(Debug, Clone, Default)]
pub struct ClientAddressHeader(pub Option<http::HeaderName>);

impl FromStr for ClientAddressHeader {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(|name| Self(Some(name))).map_err(|_| "is no name of a header")
    }
}

/// Secret that a proxy before the API sends with each request; none by default.
/// During a rotation there are two, separated by a comma.
#[derive(Clone, Default)]
pub struct ProxySecret(pub Option<String>);

impl fmt::Debug for ProxySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxySecret(…)")
    }
}

impl FromStr for ProxySecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_strong =
            |secret: &str| secret.len() >= 32 && secret.bytes().all(|byte| byte.is_ascii_graphic());
        text.split(',')
            .all(is_strong)
            .then(|| Self(Some(text.to_owned())))
            .ok_or("has fewer than 32 visible characters of ASCII")
    }
}

/// A level of diagnostics: `error`, `warn`, `info`, `debug` or `trace`.
#[derive(Debug, Clone, Copy)]
pub struct LogLevel(pub tracing::Level);

impl FromStr for LogLevel {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| "is none of error, warn, info, debug, trace")
    }
}

/// Public URL of the platform: scheme and authority, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        match rest {
            Some(rest) if !rest.is_empty() && text.parse::<http::Uri>().is_ok() && !text.ends_with('/') => {
                Ok(Self(text.to_owned()))
            }
            _ => Err("is no URL of the form https://host, without a slash at its end"),
        }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A variable that may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Optional<T>(pub Option<T>);

impl<T: FromStr> FromStr for Optional<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Some).map(Self)
    }
}

/// Web origins whose pages may call the API: a comma-separated list, or nothing. The
/// word `loopback` allows every port of the browser's own machine, for a developer's
/// front end.
#[derive(Debug, Clone, Default)]
pub struct AllowedOrigins {
    listed: Vec<http::HeaderValue>,
    loopback: bool,
}

impl AllowedOrigins {
    /// True if pages of this origin may call.
    pub fn allows(&self, origin: &http::HeaderValue) -> bool {
        self.listed.contains(origin) || (self.loopback && origin.to_str().is_ok_and(is_loopback))
    }
}

/// True if an origin is the machine itself, at any port. A name below `localhost` is
/// not: a resolver may not map it to the machine.
fn is_loopback(origin: &str) -> bool {
    let Some((_, authority)) =
        origin.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
    else {
        return false;
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| match authority.strip_prefix(host) {
        Some("") => true,
        Some(port) => {
            port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
        }
        None => false,
    })
}

impl FromStr for AllowedOrigins {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut origins = Self::default();
        for origin in text.split(',').map(str::trim).filter(|origin| !origin.is_empty()) {
            if origin == "loopback" {
                origins.loopback = true;
                continue;
            }
            let Ok(url) = origin.parse::<PublicUrl>() else {
                return Err("is no comma-separated list of origins such as https://app.example");
            };
            let value = http::HeaderValue::from_str(&url.0);
            origins.listed.push(value.map_err(|_| "has an origin that is no header value")?);
        }
        Ok(origins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    configuration! {
        struct Sample {
            count: u8 = "COUNT" or 3,
            name: String = "NAME",
            url: PublicUrl = "URL",
        }
    }

    fn read(variables: &[(&str, &str)]) -> Result<Sample, Vec<String>> {
        let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut reader = Reader::new(&variables);
        Sample::read(&mut reader)
            .ok_or_else(|| reader.into_faults().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_fault_is_reported_at_once() {
        let faults = read(&[("COUNT", "many"), ("URL", "ftp://x")]).expect_err("three faults");
        assert_eq!(faults.len(), 3, "{faults:?}");
        assert!(faults.iter().all(|fault| !fault.contains("many") && !fault.contains("ftp")));
    }

    #[test]
    fn an_empty_variable_is_an_unset_one() {
        let sample = read(&[("COUNT", ""), ("NAME", "n"), ("URL", "http://localhost:3000")]).expect("valid");
        assert_eq!((sample.count, sample.name.as_str()), (3, "n"));
        assert_eq!(sample.url.to_string(), "http://localhost:3000");
    }
}
