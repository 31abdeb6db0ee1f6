//! Walks over lists of any length: everything of a user that is exported or erased.
//!
//! A consumer has seconds for a delivery, and a user may have 100,000 orders. So a
//! walk is a sequence of pages. After each page it asks how much time the delivery
//! has left; when that is short, it sends a continuation to the consumer's own queue
//! (the same event, with the cursor of the next page) and ends the delivery. Pages
//! are not remembered anywhere else: a failed delivery comes again with the cursor
//! that it began with, and a dead letter of a walk is redriven from there.
//!
//! The continuation is sent before the delivery succeeds. A crash in between repeats
//! the delivery, so the work on an item must be idempotent, as in all reactions. A
//! cursor is the sort key of the last item, not a position: an item that the walk
//! removes from its list does not shift others.
//!
//! A group passes the list of a page and the work on an item:
//!
//! ```
//! use shared::{
//! Failure,
//! bus::batch::Delivery,
//! walk::{CONCURRENCY, Page, Walk, Walker},
//! };
//!
//! /// Erases numbers below 100, each of which is its own sort key.
//! async fn erase(walker: &Walker, delivery: &Delivery) -> Result<(), Failure> {
//! let list = |after: Option<u32>| async move {
//! let first = after.map_or(0, |last| last + 1);
//! let numbers: Vec<u32> = (first..100).take(40).collect();
//! Ok(Page::of(numbers, 40, |number| *number))
//! };
//! match walker.walk(delivery, CONCURRENCY, list, |_number| async { Ok(()) }).await? {
//! Walk::Finished => Ok(()), // What follows the last item, such as `finish_part`.
//! Walk::Continued => Ok(()),
//! }
//! }
//! ```

use std::time::Duration;

use futures::{TryStreamExt as _, stream};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;

use crate::{
    Context, Failure,
    bus::batch::Delivery,
    table::cursor::{self, Fingerprint},
};

/// The usual number of concurrent items. Each is one to three calls of about 5 ms, so
/// eight are over 500 items a second: as many parts of an export as the 1,000 write
/// units of its partition allow.
pub const CONCURRENCY: usize = 8;

/// The usual number of items of a page: a page of orders takes about 0.1 s, and its
/// query is one call of about eighty.
pub const PAGE: usize = 5 * CONCURRENCY;

/// Time that a delivery must have left for another page: a third of a consumer's 30
/// seconds, as a page of throttled calls takes several.
const RESERVE: Duration = Duration::from_secs(10);

/// Time that a delivery must have left to send its continuation.
const CLOSING: Duration = Duration::from_secs(2);

/// Cause of a failure: the cursor is garbled, of another event, or of a release with
/// another list.
const UNREADABLE: &str = "the cursor of a continuation cannot be read";

/// Cause of a failure: the walk would never end.
const STUCK: &str = "a page of a walk ends where it began";

/// Items of a list, and the position after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The items.
    pub items: Vec<T>,
    /// Cursor of the next page; `None` after the last one.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// Makes a page from a list with the limit `limit`: the last page has fewer
    /// items. `cursor` returns the position of an item.
    pub fn of(items: Vec<T>, limit: usize, cursor: impl FnOnce(&T) -> C) -> Self {
        let next = if items.len() < limit { None } else { items.last().map(cursor) };
        Self { items, next }
    }
}

/// State of a walk when its delivery ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "what follows the last item must wait for it"]
pub enum Walk {
    /// Every item is done.
    Finished,
    /// A continuation does the rest.
    Continued,
}

/// Runs the walks of one consumer and sends its continuations.
#[derive(Debug, Clone)]
pub struct Walker {
    queues: aws_sdk_sqs::Client,
    queue_url: String,
    function: &'static str,
}

impl Walker {
    /// Makes the walker of the function of `context`, whose own queue is at
    /// `queue_url`.
    pub fn new(aws: &aws_types::SdkConfig, queue_url: String, context: &Context) -> Self {
        Self { queues: aws_sdk_sqs::Client::new(aws), queue_url, function: context.function }
    }

    /// Lists pages from the delivery's cursor on and runs `each` with their items,
    /// `at_once` concurrently, until the list or the delivery's time ends. Each
    /// delivery does at least one page. The first failure ends the walk; the same
    /// message is delivered again.
    ///
    /// A reaction has one walk: the cursor is that of its event.
    pub async fn walk<T, C, L, E>(
        &self,
        delivery: &Delivery,
        at_once: usize,
        list: impl Fn(Option<C>) -> L,
        each: impl Fn(T) -> E,
    ) -> Result<Walk, Failure>
    where
        C: Serialize + DeserializeOwned + Clone + PartialEq,
        L: Future<Output = Result<Page<T, C>, Failure>>,
        E: Future<Output = Result<(), Failure>>,
    {
        let list_of = fingerprint(self.function, delivery);
        let Some(cursor) = pages(delivery, &list_of, at_once, list, each).await? else {
            return Ok(Walk::Finished);
        };
        let message = delivery.continuation(&cursor)?;
        self.queues.send_message().queue_url(&self.queue_url).message_body(message).send().await?;
        delivery.set_continued();
        Ok(Walk::Continued)
    }
}

/// Fingerprint of the list of an event's walk.
fn fingerprint(function: &str, delivery: &Delivery) -> Fingerprint {
    Fingerprint::of([function, delivery.envelope.kind, &delivery.envelope.id])
}

/// Runs pages until none is left, or no time; returns the cursor of the next one.
async fn pages<T, C, L, E>(
    delivery: &Delivery,
    list_of: &Fingerprint,
    at_once: usize,
    list: impl Fn(Option<C>) -> L,
    each: impl Fn(T) -> E,
) -> Result<Option<String>, Failure>
where
    C: Serialize + DeserializeOwned + Clone + PartialEq,
    L: Future<Output = Result<Page<T, C>, Failure>>,
    E: Future<Output = Result<(), Failure>>,
{
    let mut after = match delivery.cursor() {
        Some(text) => Some(cursor::decode(text, list_of).ok_or_else(|| Failure::internal(UNREADABLE))?),
        None => None,
    };
    let mut slowest = Duration::ZERO;
    loop {
        let began = Instant::now();
        let work = async {
            let page = list(after.clone()).await?;
            stream::iter(page.items.into_iter().map(Ok)).try_for_each_concurrent(at_once, &each).await?;
            Ok::<_, Failure>(page.next)
        };
        let next = if slowest.is_zero() {
            work.await?
        } else {
            // A page that stalls is left to a continuation, so that the pages before it are
            // not repeated.
            let within = delivery.remaining().saturating_sub(CLOSING);
            match tokio::time::timeout(within, work).await {
                Ok(next) => next?,
                Err(_) => return after.map(|after| cursor::encode(&after, list_of)).transpose(),
            }
        };
        let Some(next) = next else { return Ok(None) };
        if after.as_ref() == Some(&next) {
            return Err(Failure::internal(STUCK));
        }
        slowest = slowest.max(began.elapsed()).max(Duration::from_nanos(1));
        if delivery.remaining() < RESERVE.max(slowest * 2) {
            return cursor::encode(&next, list_of).map(Some);
        }
        after = Some(next);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use serde_json::value::RawValue;

    use super::*;
    use crate::{bus::Envelope, telemetry::Scope};

    /// A delivery with `seconds` left, from a cursor.
    fn delivery(id: &str, seconds: u64, cursor: Option<String>) -> Delivery {
        let user = "user_01h455vb4pex5vsknk084sn02q";
        let detail = serde_json::json!({
            "id": id, "source": "agora.users", "type": "user.deleted", "schema_version": 1,
            "aggregate_id": user, "aggregate_version": 2, "occurred_at": "2026-01-01T00:00:00.000Z",
            "later": true, "data": { "user_id": user },
        });
        let detail = RawValue::from_string(detail.to_string()).expect("is JSON");
        let envelope = Envelope::decode(detail.get()).expect("an envelope");
        let scope = Scope::new("req".to_owned(), None, Instant::now() + Duration::from_secs(seconds));
        Delivery::new(envelope, detail, cursor, scope)
    }

    /// A list of numbers, some of which are removed from it when they are done.
    struct Numbers {
        left: RefCell<Vec<u32>>,
        done: RefCell<Vec<u32>>,
        in_work: Cell<usize>,
        most_at_once: Cell<usize>,
    }

    impl Numbers {
        fn below(end: u32) -> Self {
            Self {
                left: RefCell::new((0..end).collect()),
                done: RefCell::default(),
                in_work: Cell::default(),
                most_at_once: Cell::default(),
            }
        }

        /// Runs one delivery; returns the cursor of the next.
        async fn deliver(&self, delivery: &Delivery) -> Result<Option<String>, Failure> {
            let list = async |after: Option<u32>| {
                let left = self.left.borrow();
                let after = left.iter().copied().filter(|number| after.is_none_or(|after| *number > after));
                Ok(Page::of(after.take(PAGE).collect(), PAGE, |number| *number))
            };
            let each = async |number: u32| {
                self.in_work.set(self.in_work.get() + 1);
                self.most_at_once.set(self.most_at_once.get().max(self.in_work.get()));
                tokio::task::yield_now().await;
                self.in_work.set(self.in_work.get() - 1);
                self.done.borrow_mut().push(number);
                if number.is_multiple_of(3) {
                    self.left.borrow_mut().retain(|left| *left != number);
                }
                Ok(())
            };
            pages(delivery, &fingerprint("users-consumer", delivery), CONCURRENCY, list, each).await
        }

        /// The numbers that are done, sorted.
        fn done(&self) -> Vec<u32> {
            let mut done = self.done.borrow().clone();
            done.sort_unstable();
            done
        }
    }

    #[tokio::test]
    async fn a_walk_with_time_does_every_page_in_one_delivery() {
        let numbers = Numbers::below(205);
        let cursor = numbers.deliver(&delivery("e", 30, None)).await.expect("a walk");
        assert_eq!((cursor, numbers.done()), (None, (0..205).collect()));
        assert_eq!(numbers.most_at_once.get(), CONCURRENCY);
    }

    #[tokio::test]
    async fn a_walk_that_is_cut_after_each_page_does_each_item_once() {
        for count in [0, 1, 40, 41, 205] {
            let numbers = Numbers::below(count);
            let (mut cursor, mut deliveries) = (None, 0);
            loop {
                cursor = numbers.deliver(&delivery("e", 5, cursor)).await.expect("a walk");
                deliveries += 1;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(numbers.done(), (0..count).collect::<Vec<_>>());
            assert_eq!(deliveries, count / 40 + 1, "{count}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_that_stalls_is_left_to_a_continuation() {
        let delivery = delivery("e", 30, None);
        let list_of = fingerprint("f", &delivery);
        let list = async |after: Option<u32>| {
            let first = after.map_or(0, |last| last + 1);
            Ok(Page::of((first..first + 40).collect(), 40, |number| *number))
        };
        let each = async |number: u32| {
            if number == 100 {
                std::future::pending::<()>().await;
            }
            Ok(())
        };
        let cursor = pages(&delivery, &list_of, CONCURRENCY, list, each).await.expect("a walk");
        let cursor = cursor.expect("more pages");
        assert_eq!(cursor::decode::<u32>(&cursor, &list_of), Some(79), "two pages are done");
    }

    #[tokio::test]
    async fn a_cursor_that_is_garbled_or_of_another_event_is_a_named_failure() {
        let numbers = Numbers::below(50);
        let other = numbers.deliver(&delivery("other", 5, None)).await.expect("a walk").expect("a cursor");
        for cursor in [other, "garbled".to_owned(), String::new()] {
            let failure = numbers.deliver(&delivery("e", 5, Some(cursor))).await.expect_err("no cursor");
            assert_eq!(failure.to_string(), format!("internal: {UNREADABLE}"));
        }
    }

    #[tokio::test]
    async fn a_list_that_does_not_heed_its_cursor_is_a_named_failure() {
        let delivery = delivery("e", 30, None);
        let list = async |_: Option<u32>| Ok(Page { items: vec![1_u32], next: Some(1_u32) });
        let list_of = fingerprint("f", &delivery);
        let failure = pages(&delivery, &list_of, 1, list, async |_| Ok(())).await.expect_err("it is stuck");
        assert_eq!(failure.to_string(), format!("internal: {STUCK}"));
    }

    #[test]
    fn a_continuation_is_the_same_event_with_a_cursor() {
        let delivery = delivery("e", 5, None);
        let message: serde_json::Value =
            serde_json::from_str(&delivery.continuation("place").expect("is JSON")).expect("is JSON");
        assert_eq!(message["cursor"], "place");
        assert_eq!((&message["detail"]["id"], &message["detail"]["later"]), (&"e".into(), &true.into()));
    }
}
