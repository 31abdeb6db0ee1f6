//! Root certificates of AWS's endpoints: Amazon's own authorities instead of the 144
//! that a system trusts, which take a millisecond to read at every start.
//!
//! They are the roots of Amazon Trust Services
//! (<https://www.amazontrust.com/repository/>), which AWS asks clients of its
//! endpoints to trust: Amazon Root CA 1 to 4 and Starfield Services Root Certificate
//! Authority - G2, as Mozilla ships them. They expire in 2037 and later.
//! `SSL_CERT_FILE` replaces them: for other endpoints, or if AWS changes its roots
//! before we do.

use aws_smithy_http_client::tls::TrustStore;

use crate::config::Variables;

/// The certificates, PEM.
pub const AMAZON: &str = include_str!("../assets/amazon-roots.pem");

/// Amazon's roots, or those of the file in `SSL_CERT_FILE`.
pub(crate) fn trusted(variables: &Variables) -> TrustStore {
    match variables.get("SSL_CERT_FILE") {
        // The loader of the system's roots reads the same variable.
        Some(_) => TrustStore::default(),
        None => TrustStore::empty().with_pem_certificate(AMAZON),
    }
}
