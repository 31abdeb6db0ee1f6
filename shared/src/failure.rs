//! Infrastructure errors: the middle level between an error of the table or of AWS and
//! the problem that a caller sees.

/// An infrastructure error: the work could not be done, for a reason other than the
/// request. The cause is for the log only.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A dependency does not answer, throttles or is late: a later attempt may
    /// succeed (503).
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A bug, or an item that cannot be read (500).
    #[error("internal: {0}")]
    Internal(String),
}

impl Failure {
    /// Makes a [`Failure::Internal`] with its cause.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// Makes a [`Failure::Unavailable`] with its cause.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

/// Error of a step: it was refused for a reason `E`, or it failed. `?` converts it
/// into any [`problems!`](crate::problems) that `E` converts into.
#[derive(Debug)]
pub enum Refused<E> {
    /// The step was refused, for a reason that the caller may know.
    By(E),
    /// The table or AWS failed.
    Failed(Failure),
}

impl<E> From<Failure> for Refused<E> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A step that can only fail.
impl From<Refused<Self>> for Failure {
    fn from(refused: Refused<Self>) -> Self {
        match refused {
            Refused::By(failure) | Refused::Failed(failure) => failure,
        }
    }
}

/// Results of steps that may be refused.
pub trait UnlessRefused<T> {
    /// Converts a refusal into `None`.
    fn unless_refused(self) -> Result<Option<T>, Failure>;
}

impl<T, E> UnlessRefused<T> for Result<T, Refused<E>> {
    fn unless_refused(self) -> Result<Option<T>, Failure> {
        match self {
            Ok(done) => Ok(Some(done)),
            Err(Refused::By(_)) => Ok(None),
            Err(Refused::Failed(failure)) => Err(failure),
        }
    }
}

/// Converts a failed SDK call: unavailable, unless the service rejects the request
/// itself, which is our bug. The message has the service's error code, never the
/// request.
impl<E, R> From<aws_sdk_dynamodb::error::SdkError<E, R>> for Failure
where
    E: aws_sdk_dynamodb::error::ProvideErrorMetadata,
{
    fn from(error: aws_sdk_dynamodb::error::SdkError<E, R>) -> Self {
        use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
        let code = error.code().unwrap_or("no code").to_owned();
        match error {
            SdkError::ConstructionFailure(_) => Self::Internal("request construction".to_owned()),
            SdkError::TimeoutError(_) => Self::Unavailable("time-out".to_owned()),
            SdkError::DispatchFailure(_) => Self::Unavailable("connection".to_owned()),
            SdkError::ResponseError(_) => Self::Unavailable("unreadable answer".to_owned()),
            SdkError::ServiceError(_) => match code.as_str() {
                "ValidationException"
                | "AccessDeniedException"
                | "ResourceNotFoundException"
                | "InvalidParameterValue"
                | "UnrecognizedClientException" => Self::Internal(code),
                _ => Self::Unavailable(code),
            },
            // The enum is open: later errors are retryable.
            _ => Self::Unavailable(code),
        }
    }
}
