//! Reads the whole usage report of one video, page by page, each record exactly once.
//!
//! A report is read by offset, so it must not change while it is read. It is believed if the pages hold exactly as many
//! entries as the server says. If that number changes, or the pages end early or repeat, the report is read again from
//! the start (`docs/panopto-protocol.md`, paging). Exact duplicates within a report are genuine records and are kept.
//!
//! Invariant: memory holds only a few pages, whatever the size of the report.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use model::{SessionId, ViewingRecord};

use crate::connection::Connection;
use crate::soap::call::{AnsweredPage, UsageReply, name};
use crate::soap::usage::{UsagePage, UsageQuestion};
use crate::{Error, Options, Proof, Result, Usage, UsageRange, UsageSink};

/// How often a report is read again because it changed.
const RESTARTS: usize = 3;
/// Page sizes to try if the server refuses a larger one without naming its limit.
const SMALLER_PAGES: [u32; 2] = [500, 100];

/// How one reading of a report ended.
enum Reading {
    Complete {
        records: u64,
    },
    /// The server says that there are no records.
    Empty(AnsweredPage),
    /// The report changed while it was read.
    Unsettled(Unsettled),
}

struct Unsettled {
    detail: String,
    /// How many entries the first page held, if that was fewer than requested and fewer than there are.
    short_page: Option<u32>,
    /// Set if the last page was empty, as every page is under a dead sign-in: the sign-in to replace.
    perhaps_signed_out: Option<u64>,
}

impl Connection {
    /// See [`crate::Client::usage`].
    pub(crate) async fn usage(
        &self,
        session_id: SessionId,
        range: UsageRange,
        sink: &mut dyn UsageSink,
    ) -> Result<Usage> {
        if range.begin >= range.end {
            return Ok(Usage { records: 0, emptiness: None });
        }
        let mut page_size = self.usage_page_size.load(Ordering::Relaxed);
        let mut saw_records = false;
        let mut last_detail = String::new();
        for round in 0..=RESTARTS {
            if round > 0 {
                tracing::debug!(%session_id, detail = last_detail, "reading the usage report again");
                sink.restart();
            }
            let question = UsageQuestion { session_id, range, page_size, page: 0 };
            match self.read_report(question, sink).await? {
                Reading::Complete { records } => return Ok(Usage { records, emptiness: None }),
                Reading::Empty(answered) if !saw_records => {
                    let zero = || self.proof.answered_empty((session_id, range), answered.generation);
                    return Ok(Usage { records: 0, emptiness: (!answered.proven).then(zero) });
                }
                // There were records a moment ago.
                Reading::Empty(answered) => {
                    "it was empty when it was read again".clone_into(&mut last_detail);
                    self.ticket(Some(answered.generation)).await?;
                }
                Reading::Unsettled(unsettled) => {
                    saw_records = true;
                    last_detail = unsettled.detail;
                    page_size = unsettled.short_page.unwrap_or(page_size);
                    if let Some(generation) = unsettled.perhaps_signed_out {
                        self.ticket(Some(generation)).await?;
                    }
                }
            }
        }
        let question = UsageQuestion { session_id, range, page_size, page: 0 };
        Err(Error::Unsettled { server: self.transport.server.to_string(), call: name(&question), detail: last_detail })
    }

    /// See [`crate::Client::prove_signed_in`].
    pub(crate) async fn prove_signed_in(&self, witness: Option<(SessionId, UsageRange)>) -> Result<Proof> {
        let current = self.ticket(None).await?.generation;
        let known = self.proof.witness().filter(|known| Some(*known) != witness);
        for witness in witness.into_iter().chain(known) {
            if self.ask_witness(witness, None).await? == Some(current) {
                return Ok(Proof::SignedIn);
            }
        }
        // A sign-in that has not answered anything empty yet is as good as a new one.
        if self.proof.has_zeros(current) {
            self.ticket(Some(current)).await?;
        }
        Ok(Proof::AskAgain)
    }

    async fn read_report(&self, mut question: UsageQuestion, sink: &mut dyn UsageSink) -> Result<Reading> {
        let first = self.first_page(&mut question).await?;
        let mut report = Report::new(question, &first.page);
        if first.page.places == 0 {
            return Ok(match first.page.total {
                None | Some(0) => Reading::Empty(first),
                Some(total) => {
                    report.unsettled(format!("it is to hold {total} records but gives none"), Some(first.generation))
                }
            });
        }
        let mark = report.fingerprint(&first.page);
        report.add(mark, &first.page);
        self.deliver(&mut report, first, sink)?;
        let mut asked = FuturesOrdered::new();
        let mut next = 1;
        while report.wants_more() {
            let ahead = self.transport.options.usage_pages_ahead.max(1);
            while asked.is_empty() || (asked.len() < ahead && next < report.expected_pages()) {
                asked.push_back(self.page(UsageQuestion { page: next, ..question }));
                next += 1;
            }
            let Some(answered) = asked.next().await else { break };
            let (page_number, mut answered) = answered?;
            let Options { max_pages, max_records_untold, .. } = self.transport.options;
            if page_number >= max_pages || report.seen_records.len() > max_records_untold {
                return Err(Error::Changed {
                    server: self.transport.server.to_string(),
                    call: name(&question),
                    detail: format!("it does not end after {page_number} pages"),
                });
            }
            let mut mark = report.fingerprint(&answered.page);
            if report.is_repeated(mark, &answered.page) {
                // A proxy or a busy server may have mixed up one answer. The repeated call joins the others at the
                // front of the queue and does not run beside them: they hold slots that it may need, and return them
                // only while they are polled.
                asked.push_front(self.page(UsageQuestion { page: page_number, ..question }));
                let Some(again) = asked.next().await else { break };
                answered = again?.1;
                mark = report.fingerprint(&answered.page);
            }
            let (places, generation) = (answered.page.places, answered.generation);
            if let (Some(before), Some(now)) = (report.total, answered.page.total)
                && before != now
            {
                let signed_out = (places == 0).then_some(generation);
                return Ok(report.unsettled(format!("it held {before} records, then {now}"), signed_out));
            }
            if places == 0 || report.is_repeated(mark, &answered.page) {
                let Some(total) = report.total else { break };
                let detail = format!("it is to hold {total} records but ends after {}", report.places);
                return Ok(report.unsettled(detail, (places == 0).then_some(generation)));
            }
            report.add(mark, &answered.page);
            self.deliver(&mut report, answered, sink)?;
        }
        Ok(match report.total {
            Some(total) if report.places > total => {
                report.unsettled(format!("it is to hold {total} records but gives {}", report.places), None)
            }
            _ => Reading::Complete { records: report.records },
        })
    }

    /// The first page, in a size that the server accepts.
    async fn first_page(&self, question: &mut UsageQuestion) -> Result<AnsweredPage> {
        loop {
            let at_most = match self.usage_page(question).await? {
                UsageReply::Page(answered) => return Ok(answered),
                UsageReply::TooLarge(at_most) => at_most,
            };
            let size = question.page_size;
            let smaller = at_most.into_iter().chain(SMALLER_PAGES).find(|smaller| (1..size).contains(smaller));
            let Some(smaller) = smaller else { return Err(self.page_refused(question)) };
            question.page_size = smaller;
            self.usage_page_size.fetch_min(smaller, Ordering::Relaxed);
        }
    }

    async fn page(&self, question: UsageQuestion) -> Result<(u32, AnsweredPage)> {
        match self.usage_page(&question).await? {
            UsageReply::Page(answered) => Ok((question.page, answered)),
            UsageReply::TooLarge(_) => Err(self.page_refused(&question)),
        }
    }

    fn page_refused(&self, question: &UsageQuestion) -> Error {
        Error::Rejected {
            server: self.transport.server.to_string(),
            call: name(question),
            detail: format!("even pages of {} records are too large for it", question.page_size),
            passing: false,
        }
    }

    /// Gives the records of a page that are in the range to the sink. It is unknown whether the server includes the end
    /// of the range, so a record at exactly that time may come, and is dropped.
    fn deliver(&self, report: &mut Report, mut answered: AnsweredPage, sink: &mut dyn UsageSink) -> Result<()> {
        let UsageQuestion { session_id, range, .. } = report.question;
        self.proof.answered((session_id, range), answered.generation, answered.sent);
        answered.page.records.retain(|record| range.contains(record.recorded_at));
        report.records += answered.page.records.len() as u64;
        sink.records(&mut answered.page.records, report.total).map_err(|error| Error::Sink(Arc::from(error)))
    }
}

/// What is known about a report while it is read.
struct Report {
    question: UsageQuestion,
    /// How many entries the report has, according to the server.
    total: Option<u64>,
    /// Entries received.
    places: u64,
    /// Records given to the sink.
    records: u64,
    first_page_places: u64,
    /// Fingerprints of the pages received, 8 bytes a page.
    seen: HashSet<u64>,
    /// Fingerprints of the records received. Kept only while the server gives no total (not seen so far), because then
    /// nothing else distinguishes a page past the end from one before it.
    seen_records: HashSet<u64>,
    fingerprints: RandomState,
}

impl Report {
    fn new(question: UsageQuestion, first: &UsagePage) -> Self {
        Self {
            question,
            total: first.total,
            places: 0,
            records: 0,
            first_page_places: first.places,
            seen: HashSet::new(),
            seen_records: HashSet::new(),
            fingerprints: RandomState::new(),
        }
    }

    fn add(&mut self, mark: u64, page: &UsagePage) {
        self.seen.insert(mark);
        self.places += page.places;
        self.total = self.total.or(page.total);
        if self.total.is_none() {
            let fingerprints = &self.fingerprints;
            self.seen_records.extend(page.records.iter().map(|record| fingerprints.hash_one(parts(record))));
        }
    }

    fn wants_more(&self) -> bool {
        self.total.is_none_or(|total| self.places < total)
    }

    /// How many pages there will be if all are like the first. 0 if unknown; pages are then requested one at a time.
    fn expected_pages(&self) -> u32 {
        let pages = self.total.map_or(0, |total| total.div_ceil(self.first_page_places.max(1)));
        u32::try_from(pages).unwrap_or(u32::MAX)
    }

    /// Whether a page with this fingerprint adds nothing new.
    fn is_repeated(&self, mark: u64, page: &UsagePage) -> bool {
        let is_known = |record| self.seen_records.contains(&self.fingerprints.hash_one(parts(record)));
        page.places > 0 && (self.seen.contains(&mark) || (self.total.is_none() && page.records.iter().all(is_known)))
    }

    fn fingerprint(&self, page: &UsagePage) -> u64 {
        let mut hasher = self.fingerprints.build_hasher();
        page.places.hash(&mut hasher);
        page.records.iter().for_each(|record| parts(record).hash(&mut hasher));
        hasher.finish()
    }

    fn unsettled(&self, detail: String, perhaps_signed_out: Option<u64>) -> Reading {
        // A server that gives fewer entries than requested may number its pages by its own size or by ours. If we
        // request its own size, both are the same.
        let short =
            u32::try_from(self.first_page_places).ok().filter(|places| (1..self.question.page_size).contains(places));
        let short_page = short.filter(|places| self.total.is_some_and(|total| u64::from(*places) < total));
        Reading::Unsettled(Unsettled { detail, short_page, perhaps_signed_out })
    }
}

/// Everything that distinguishes the records of a video.
fn parts(record: &ViewingRecord) -> impl Hash {
    (
        record.user_id,
        record.recorded_at,
        record.start_secs.to_bits(),
        record.seconds_viewed.to_bits(),
        record.playback_speed.map(f64::to_bits),
        &record.start_reason,
        &record.stop_reason,
    )
}
