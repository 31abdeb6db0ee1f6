//! Infrastructure errors: the middle level between an error of the table or of AWS and
//! the problem that a caller sees.

/// The work could not be done, and not because of what was asked. The cause is
/// for the log; no caller sees it.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something we stand on does not answer, throttles or is late: trying
    /// again later may work (503).
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// We are wrong: a bug or an item that cannot be read (500).
    #[error("internal: {0}")]
    Internal(String),
}

impl Failure {
    /// A [`Failure::Internal`] with its cause.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// A [`Failure::Unavailable`] with its cause.
    pub fn unavailable(cause: impl std::fmt::Display) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

/// Error of a step: a refusal for a reason `E`, or a failure. `?` turns it into any
/// [`problems!`](crate::problems) that `E` turns into.
#[derive(Debug)]
pub enum Refused<E> {
    /// The step cannot be done, for a reason that the caller may know.
    By(E),
    /// The table or AWS failed.
    Failed(Failure),
}

impl<E> From<Failure> for Refused<E> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A step that nothing but a failure refuses.
impl From<Refused<Self>> for Failure {
    fn from(refused: Refused<Self>) -> Self {
        match refused {
            Refused::By(failure) | Refused::Failed(failure) => failure,
        }
    }
}

/// Results of steps that may be refused.
pub trait UnlessRefused<T> {
    /// `None` where the step was refused.
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

/// An SDK call that failed: unavailable, unless the service says that the
/// request itself was wrong, which is our bug. The message holds the service's
/// error code, never the request.
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
            // The enum is open: what comes later is a reason to try again.
            _ => Self::Unavailable(code),
        }
    }
}
