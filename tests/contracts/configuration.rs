//! A misconfigured function reports every fault at once.

use shared::config::Variables;

use crate::harness::test;

#[test]
fn a_function_without_variables_names_each_that_it_wants() {
    test(async |app| {
        let mut environment = app.environment("AuthApi");
        environment.variables = Variables::from_iter([("PASSWORD_COST".to_owned(), "much".to_owned())]);
        let error = auth::api(environment).await.unwrap_err().to_string();
        for variable in ["TABLE_NAME", "PARAMETER_PATH", "TOKEN_ISSUER", "STAGE", "PASSWORD_COST"] {
            assert!(error.contains(variable), "{variable} is missing in: {error}");
        }
        assert!(!error.contains("much"), "a value may be secret");
    });
}
