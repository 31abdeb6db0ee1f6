//! Trusted certificate authorities for AWS: Amazon's own, and not the 144 that a system
//! trusts, which take a millisecond to read at every start.
//!
//! They are the roots of Amazon Trust Services
//! (<https://www.amazontrust.com/repository/>), which AWS asks clients of its endpoints
//! to trust: Amazon Root CA 1 to 4 and Starfield Services Root Certificate Authority -
//! G2, as Mozilla ships them. They end in 2037 and later. `SSL_CERT_FILE` replaces
//! them: for another endpoint, or should AWS ever change them first.

use aws_smithy_http_client::tls::TrustStore;

use crate::config::Variables;

/// The certificates, PEM.
pub const AMAZON: &str = include_str!("../assets/amazon-roots.pem");

/// Amazon's roots, or those of the file that `SSL_CERT_FILE` names.
pub(crate) fn trusted(variables: &Variables) -> TrustStore {
    match variables.get("SSL_CERT_FILE") {
        // The reader of the system's roots uses the same variable.
        Some(_) => TrustStore::default(),
        None => TrustStore::empty().with_pem_certificate(AMAZON),
    }
}
