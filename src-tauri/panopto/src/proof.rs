//! Proof that a call was signed in, without which "no views" is not believed.
//!
//! Deliberately absent: any call. This is the book-keeping.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::SessionId;

use crate::UsageRange;

/// How often a caller tries to settle its unproven zeros: enough for a cookie that dies twice meanwhile.
pub const PROOF_ROUNDS: usize = 5;

/// How many sign-ins must agree that there are no records, where nothing better proves it. How long a cookie lives is not
/// known, so one or two of them may have died; all three will not have.
const AGREEING_SIGN_INS: usize = 3;

/// An empty usage answer that may mean "no views" or "signed out".
///
/// A SOAP call with a dead cookie may answer 200 with an empty list, exactly like a video nobody has watched
/// (`docs/panopto-protocol.md`, "no data"). An empty answer is believed only when
/// - a usage call sent *after* it arrived, with the same cookie, brings records: a dead cookie does not come back to
///   life, so it was alive before; or,
/// - where no video is known to have records, three sign-ins have answered the same question with nothing, two of them
///   made for this purpose only.
///
/// A caller does this once per course:
///
/// ```no_run
/// # async fn f(client: panopto::Client, videos: Vec<(model::SessionId, panopto::UsageRange)>,
/// #     witness: Option<(model::SessionId, panopto::UsageRange)>, sink: &mut dyn panopto::UsageSink) -> panopto::Result<()> {
/// let mut zeros = Vec::new(); // asked, answered empty, not yet stored as fetched
/// for (video, range) in videos {
///     if let Some(zero) = client.usage(video, range, sink).await?.emptiness {
///         zeros.push((video, range, zero));
///     }
/// }
/// for _ in 0..panopto::PROOF_ROUNDS {
///     zeros.retain(|(_, _, zero)| !client.is_proven(zero)); // what leaves here is fetched: no views
///     if zeros.is_empty() {
///         break;
///     }
///     client.prove_signed_in(witness).await?;
///     zeros.retain(|(_, _, zero)| !client.is_proven(zero)); // likewise
///     for (video, range, _) in std::mem::take(&mut zeros) {
///         if let Some(again) = client.usage(video, range, sink).await?.emptiness {
///             zeros.push((video, range, again));
///         } // else there were records after all: stored by the sink
///     }
/// }
/// // What is left in `zeros` may not be stored as fetched: the next sync asks again.
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an empty answer may mean that the call was signed out"]
pub struct UnprovenZero {
    /// Which sign-in the call was made with.
    generation: u64,
    /// When the answer arrived, on the ledger's own clock.
    received: u64,
    question: Question,
}

/// A video and a range.
pub(crate) type Question = (SessionId, UsageRange);

/// What [`crate::Client::prove_signed_in`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The present sign-in is alive: every [`UnprovenZero`] received so far with it is now proven. Those of an earlier
    /// one (replaced meanwhile, perhaps by another call) are not: ask these videos once more.
    SignedIn,
    /// Nothing could be proven; the sign-in is now a fresh one. Ask each unproven video once more.
    AskAgain,
}

/// Remembers which answers came with which sign-in ("generation"), in what order.
///
/// Invariant: the clock ticks with every call sent and every empty answer, so that comparing two numbers says which came
/// first.
#[derive(Debug, Default)]
pub(crate) struct ProofLedger {
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    clock: u64,
    /// Per sign-in: when the latest call that answered with records was sent.
    alive_at: HashMap<u64, u64>,
    /// Per question answered empty: the sign-ins that did, as many as are needed.
    zeros: HashMap<Question, Vec<u64>>,
    /// A question that was answered with records, and how many sign-ins have since answered it empty.
    witness: Option<(Question, Vec<u64>)>,
    latest_zero_generation: Option<u64>,
}

impl ProofLedger {
    fn book(&self) -> MutexGuard<'_, Book> {
        // The numbers in it are valid after every statement, so that a panic elsewhere leaves nothing half done.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Call this just before sending a usage call, and pass the result on with its answer.
    pub(crate) fn sending(&self) -> u64 {
        self.book().tick()
    }

    /// A usage call was answered with records.
    pub(crate) fn answered(&self, question: Question, generation: u64, sent: u64) {
        let mut book = self.book();
        let alive_at = book.alive_at.entry(generation).or_default();
        *alive_at = sent.max(*alive_at);
        book.zeros.remove(&question);
        book.witness = Some((question, Vec::new()));
    }

    /// A usage call was answered empty.
    pub(crate) fn answered_empty(&self, question: Question, generation: u64) -> UnprovenZero {
        let mut book = self.book();
        let received = book.tick();
        let generations = book.zeros.entry(question).or_default();
        if generations.len() < AGREEING_SIGN_INS && !generations.contains(&generation) {
            generations.push(generation);
        }
        book.latest_zero_generation = Some(generation);
        UnprovenZero { generation, received, question }
    }

    /// Asking about the witness itself brought nothing. After that under two sign-ins it is dropped: its records may be gone.
    pub(crate) fn witness_failed(&self, question: Question, generation: u64) {
        let mut book = self.book();
        if let Some((witness, failed)) = &mut book.witness
            && *witness == question
        {
            if !failed.contains(&generation) {
                failed.push(generation);
            }
            if failed.len() >= 2 {
                book.witness = None;
            }
        }
    }

    /// A question known to have records.
    pub(crate) fn witness(&self) -> Option<Question> {
        self.book().witness.as_ref().map(|(question, _)| *question)
    }

    /// Whether a sign-in has given empty answers that still need proof.
    pub(crate) fn has_zeros(&self, generation: u64) -> bool {
        self.book().latest_zero_generation == Some(generation)
    }

    pub(crate) fn is_proven(&self, zero: &UnprovenZero) -> bool {
        let book = self.book();
        let agreed = || book.zeros.get(&zero.question).is_some_and(|zeros| zeros.len() >= AGREEING_SIGN_INS);
        book.was_alive_after(zero) || (book.witness.is_none() && agreed())
    }

    pub(crate) fn is_proven_by_records(&self, zero: &UnprovenZero) -> bool {
        self.book().was_alive_after(zero)
    }
}

impl Book {
    fn was_alive_after(&self, zero: &UnprovenZero) -> bool {
        self.alive_at.get(&zero.generation).is_some_and(|sent| *sent > zero.received)
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }
}
