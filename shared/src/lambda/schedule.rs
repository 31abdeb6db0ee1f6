//! Scheduled work, which no request or message starts.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt as _, future::BoxFuture};
use tokio::time::Instant;

use crate::{
    Context, Failure,
    id::RequestKind,
    invocation::Invocation,
    telemetry::{Outcome, Scope},
};

/// Handler of a schedule.
#[derive(Clone)]
pub struct ScheduleHandler {
    run: Arc<dyn Fn(Invocation) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>,
}

impl std::fmt::Debug for ScheduleHandler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ScheduleHandler")
    }
}

impl ScheduleHandler {
    /// Makes a handler that runs `work`, named `action` in the log. A run may overlap
    /// with another or be missed: the next one must do the remaining work.
    pub fn new<F>(
        context: Context,
        action: &'static str,
        work: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let run = move |invocation: Invocation| -> BoxFuture<'static, _> {
            Box::pin(run(context.clone(), action, AssertUnwindSafe(work()), invocation.deadline))
        };
        Self { run: Arc::new(run) }
    }

    /// Runs the work and writes its log line; a failure counts as an invocation
    /// error.
    pub async fn call(&self, invocation: Invocation) -> Result<(), Failure> {
        (self.run)(invocation).await
    }
}

async fn run(
    context: Context,
    action: &'static str,
    work: AssertUnwindSafe<impl Future<Output = Result<(), Failure>>>,
    deadline: Instant,
) -> Result<(), Failure> {
    let began = Instant::now();
    let scope = Scope::new(context.ids.next::<RequestKind>().to_string(), None, deadline);
    let work = tokio::time::timeout(scope.remaining(), work.catch_unwind());
    let done = match Arc::clone(&scope).enter(work).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => Err(Failure::internal("panic")),
        Err(_) => Err(Failure::unavailable("deadline")),
    };
    let (level, outcome) = match &done {
        Ok(()) => ("info", "done"),
        Err(failure) => {
            scope.set_cause(failure.to_string());
            ("error", "failed")
        }
    };
    let outcome = Outcome { level, action: action.to_owned(), outcome: outcome.to_owned(), code: None };
    context.log_line(&scope, began, outcome);
    done
}
