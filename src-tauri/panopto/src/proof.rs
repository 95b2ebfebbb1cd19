//! Proof that a call was signed in. Without it, "no views" is not believed.
//!
//! Deliberately absent: any call. This file only keeps the books.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::SessionId;

use crate::UsageRange;

/// How often a caller tries to settle its unproven zeros. It is enough even if a cookie dies twice meanwhile.
pub const PROOF_ROUNDS: usize = 5;

/// How many sign-ins must agree that there are no records if nothing better proves it. The lifetime of a cookie is
/// unknown, so one or two of the three may have been dead, but not all three.
const AGREEING_SIGN_INS: usize = 3;

/// An empty usage answer that may mean "no views" or "signed out".
///
/// A SOAP call with a dead cookie may answer 200 with an empty list, exactly as for a video that nobody has watched
/// (`docs/panopto-protocol.md`, "no data"). An empty answer is believed only in one of two cases:
/// - A usage call sent *after* the answer arrived, with the same cookie, brings records. A dead cookie does not come
///   back to life, so it was alive before.
/// - No video is known to have records, and three sign-ins have answered the same question with nothing, two of them
///   made only for this purpose.
///
/// A caller does this once per course:
///
/// ```no_run
/// # async fn f(client: panopto::Client, videos: Vec<(model::SessionId, panopto::UsageRange)>,
/// #     witness: Option<(model::SessionId, panopto::UsageRange)>, sink: &mut dyn panopto::UsageSink) -> panopto::Result<()> {
/// let mut zeros = Vec::new(); // answered empty, not stored as fetched yet
/// for (video, range) in videos {
///     if let Some(zero) = client.usage(video, range, sink).await?.emptiness {
///         zeros.push((video, range, zero));
///     }
/// }
/// for _ in 0..panopto::PROOF_ROUNDS {
///     zeros.retain(|(_, _, zero)| !client.is_proven(zero)); // those removed are fetched: no views
///     if zeros.is_empty() {
///         break;
///     }
///     client.prove_signed_in(witness).await?;
///     zeros.retain(|(_, _, zero)| !client.is_proven(zero)); // likewise
///     for (video, range, _) in std::mem::take(&mut zeros) {
///         if let Some(again) = client.usage(video, range, sink).await?.emptiness {
///             zeros.push((video, range, again));
///         } // otherwise there were records after all, and the sink has stored them
///     }
/// }
/// // Do not store what remains in `zeros` as fetched: the next sync asks again.
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an empty answer may mean that the call was signed out"]
pub struct UnprovenZero {
    /// The sign-in that the call used.
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
    /// The present sign-in is alive: every [`UnprovenZero`] received with it so far is now proven. Zeros of an earlier
    /// sign-in (replaced meanwhile, perhaps by another call) are not: ask about those videos again.
    SignedIn,
    /// Nothing could be proven. There is now a new sign-in: ask about each unproven video again.
    AskAgain,
}

/// Remembers which answers came with which sign-in ("generation"), and in what order.
///
/// Invariant: the clock ticks with every call sent and every empty answer, so comparing two of its numbers tells which
/// came first.
#[derive(Debug, Default)]
pub(crate) struct ProofLedger {
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    clock: u64,
    /// For each sign-in: when the latest call that brought records was sent.
    alive_at: HashMap<u64, u64>,
    /// For each question that was answered empty: the sign-ins that did so, up to as many as are needed.
    zeros: HashMap<Question, Vec<u64>>,
    /// A question that was answered with records, and the sign-ins that have since answered it empty.
    witness: Option<(Question, Vec<u64>)>,
    latest_zero_generation: Option<u64>,
}

impl ProofLedger {
    fn book(&self) -> MutexGuard<'_, Book> {
        // The numbers in the book are valid after every statement, so a panic elsewhere leaves nothing half done.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Call this just before sending a usage call, and pass the result on with its answer.
    pub(crate) fn sending(&self) -> u64 {
        self.book().tick()
    }

    /// Records that a usage call brought records.
    pub(crate) fn answered(&self, question: Question, generation: u64, sent: u64) {
        let mut book = self.book();
        let alive_at = book.alive_at.entry(generation).or_default();
        *alive_at = sent.max(*alive_at);
        book.zeros.remove(&question);
        book.witness = Some((question, Vec::new()));
    }

    /// Records that a usage call was answered empty.
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

    /// Records that the witness itself brought nothing. If that happens under two sign-ins it is dropped: its records
    /// may be gone.
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
