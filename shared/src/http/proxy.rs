//! A proxy before the API, such as `CloudFront`: it authenticates itself by a secret
//! header and passes on the client's address.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::problem::{DIRECT_ACCESS, Problem};
use crate::config::{ClientAddressHeader, ProxySecret};

/// Header of the secret.
pub const PROXY_SECRET: HeaderName = HeaderName::from_static("x-proxy-secret");

/// The port follows the address here, also an IPv6 address without brackets.
const CLOUDFRONT_VIEWER_ADDRESS: &str = "cloudfront-viewer-address";

/// A proxy that requests must come through, where one is configured.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxy {
    header: Option<HeaderName>,
    secret: ProxySecret,
}

impl TrustedProxy {
    /// The proxy of a function's configuration. Without a secret there is none.
    pub fn new(ClientAddressHeader(header): &ClientAddressHeader, secret: &ProxySecret) -> Self {
        Self { header: header.clone(), secret: secret.clone() }
    }

    /// The address of the client: the proxy's header if the proxy has proved itself,
    /// otherwise `peer`, which the gateway saw. Requests that bypass the proxy are
    /// refused.
    pub(super) fn client_address(
        &self,
        headers: &mut HeaderMap,
        peer: Option<IpAddr>,
    ) -> Result<Option<IpAddr>, Problem> {
        let shown = headers.remove(PROXY_SECRET);
        let Some(secret) = &self.secret.0 else { return Ok(peer) };
        let is_shown = |shown: HeaderValue| {
            // Two secrets are valid during a rotation.
            secret.split(',').any(|secret| are_equal(shown.as_bytes(), secret.as_bytes()))
        };
        if !shown.is_some_and(is_shown) {
            return Err(Problem::from(DIRECT_ACCESS));
        }
        let told = self.header.as_ref().and_then(|name| {
            // Each proxy adds the address that called it to the end of a list.
            let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
            address(name.as_str(), value.rsplit(',').next()?.trim())
        });
        Ok(told.or(peer))
    }
}

/// Compares in constant time.
fn are_equal(shown: &[u8], secret: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(shown, secret).is_ok()
}

fn address(header: &str, value: &str) -> Option<IpAddr> {
    if header == CLOUDFRONT_VIEWER_ADDRESS {
        let (address, _port) = value.rsplit_once(':')?;
        return address.trim_start_matches('[').trim_end_matches(']').parse().ok();
    }
    value.parse().ok().or_else(|| value.parse().ok().map(|address: SocketAddr| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn seen(header: Option<&str>, sent: &[(&'static str, &str)]) -> Result<Option<String>, &'static str> {
        let header = ClientAddressHeader(header.map(|name| name.parse().expect("a name")));
        let proxy = TrustedProxy::new(&header, &SECRET.parse().expect("long enough"));
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().expect("a value"));
        }
        let address = proxy.client_address(&mut headers, "192.0.2.1".parse().ok());
        assert!(!headers.contains_key(PROXY_SECRET), "nobody else reads it");
        address.map(|address| address.map(|it| it.to_string())).map_err(|problem| problem.named.code)
    }

    #[test]
    fn a_request_that_passes_the_proxy_by_is_refused() {
        assert_eq!(seen(None, &[]), Err("direct_access"));
        assert_eq!(seen(None, &[("x-proxy-secret", &SECRET[1..])]), Err("direct_access"));
        let both = format!("fedcba9876543210fedcba9876543210,{SECRET}");
        assert_eq!(seen(None, &[("x-proxy-secret", &both)]), Err("direct_access"));
        assert_eq!(seen(None, &[("x-proxy-secret", SECRET)]), Ok(Some("192.0.2.1".to_owned())));
    }

    #[test]
    fn the_proxy_tells_the_address_in_its_header() {
        for (name, value, address) in [
            ("cloudfront-viewer-address", "198.51.100.7:46532", "198.51.100.7"),
            (
                "cloudfront-viewer-address",
                "2001:0db8:85a3:0:0:8a2e:0370:7334:46532",
                "2001:db8:85a3::8a2e:370:7334",
            ),
            ("cloudfront-viewer-address", "2001:db8::1:443", "2001:db8::1"),
            ("x-forwarded-for", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
            ("cf-connecting-ip", "2001:db8::1", "2001:db8::1"),
            ("x-client", "[2001:db8::1]:443", "2001:db8::1"),
            // An unreadable header falls back to the gateway's address.
            ("x-client", "unknown", "192.0.2.1"),
            ("x-client", "", "192.0.2.1"),
        ] {
            let sent = [("x-proxy-secret", SECRET), (name, value)];
            assert_eq!(seen(Some(name), &sent), Ok(Some(address.to_owned())), "{name}: {value}");
        }
    }

    #[test]
    fn without_a_secret_nobody_is_believed() {
        let header = ClientAddressHeader(Some(HeaderName::from_static("x-client")));
        let proxy = TrustedProxy::new(&header, &ProxySecret::default());
        let mut headers = HeaderMap::new();
        headers.insert("x-client", "203.0.113.9".parse().expect("a value"));
        assert_eq!(proxy.client_address(&mut headers, None).map_err(|it| it.named.code), Ok(None));
    }
}
