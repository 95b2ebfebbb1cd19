//! Usage reports of many pages: every record exactly once, for every way of paging that is known or feared.

use std::sync::Arc;

use model::SessionId;
use panopto::{BoxError, Error, ErrorKind, Options, UsageRange, UsageSink};
use proptest::prelude::*;
use sim::{At, Config, EmptyList, EndRange, Fault, FaultPlan, PastEnd, Route, Stress, UsageLimit, World};

use crate::script::{Reply, fault_body, page_asked, signed_in, usage_body, usage_row};
use crate::support::*;

/// One video with many records, some of them equal in every value, some odd.
async fn watched(views: usize, config: Config) -> (sim::Handle, SessionId) {
    let spec = Stress { depth: 0, sessions_per_folder: 1, views_per_session: views, ..Stress::default() };
    let server = sim::start(World::stress(5, &spec), Config { now: Some(noon()), ..config }).await.unwrap();
    let session = sessions(&server)[0];
    (server, session)
}

fn usage_calls(server: &sim::Handle) -> usize {
    server.requests().iter().filter(|request| request.route == Route::SoapUsage).count()
}

#[tokio::test]
async fn every_record_once_duplicates_included() {
    let (server, session) = watched(2500, Config::default()).await;
    let expected = held(&server, session, always());
    assert!(expected.windows(2).any(|pair| pair[0] == pair[1]), "the world has exact duplicates");
    let client = client(&server.base_url(), by_password());
    let (records, sink) = fetched(&client, session, always()).await;
    assert_eq!(records, expected);
    assert_eq!(usage_calls(&server), expected.len().div_ceil(1000), "large pages, nothing asked twice");
    assert_eq!(client.counters().usage as usize, usage_calls(&server));
    assert!(sink.restarts == 0 && sink.largest_page <= 1000);
}

#[tokio::test]
async fn every_way_of_paging() {
    for usage_limit in [
        UsageLimit::Clamp(100),
        UsageLimit::Clamp(23),
        UsageLimit::Fault(1000),
        UsageLimit::Fault(250),
        UsageLimit::Unlimited,
    ] {
        for page_past_end in [PastEnd::Empty, PastEnd::RepeatLast, PastEnd::Phantom(3)] {
            for (short_pages, total_missing, empty_pages) in [
                (false, false, EmptyList::Empty),
                (true, false, EmptyList::Nil),
                (false, true, EmptyList::Missing),
                (true, true, EmptyList::Nil),
            ] {
                let config =
                    Config { usage_limit, page_past_end, short_pages, total_missing, empty_pages, ..Config::default() };
                let (server, session) = watched(400, config).await;
                let client = client(&server.base_url(), by_password());
                let (records, _) = fetched(&client, session, always()).await;
                let case =
                    format!("{usage_limit:?} {page_past_end:?} short {short_pages} without total {total_missing}");
                assert_eq!(records, held(&server, session, always()), "{case}");
            }
        }
    }
}

#[tokio::test]
async fn the_page_size_the_server_takes_is_learnt_once() {
    let (server, session) = watched(300, Config { usage_limit: UsageLimit::Fault(250), ..Config::default() }).await;
    let client = client(&server.base_url(), by_password());
    fetched(&client, session, always()).await;
    let first = usage_calls(&server);
    fetched(&client, session, always()).await;
    assert_eq!(usage_calls(&server) - first, 2, "the second time no call is refused");
}

#[tokio::test]
async fn a_bound_that_is_not_named_is_found_by_trying() {
    let session = SessionId::from_bytes([3; 16]);
    let server = signed_in(move |request, _| match page_asked(request) {
        (0, size) if size <= 100 => Reply::ok(usage_body(&usage_row(session, 1), Some(1))),
        _ => Reply { status: 500, ..Reply::ok(fault_body("Bad MaxNumberResults")) },
    })
    .await;
    let client = client(&server.base_url, by_password());
    assert_eq!(fetched(&client, session, always()).await.0.len(), 1);
    let sizes: Vec<_> =
        server.requests().iter().filter(|r| r.path.ends_with("UsageReporting.svc")).map(|r| page_asked(r).1).collect();
    assert_eq!(sizes, [1000, 500, 100]);
}

#[tokio::test]
async fn the_end_of_the_range_is_not_in_it() {
    for end_range in [EndRange::Inclusive, EndRange::Exclusive] {
        let (server, session) = watched(50, Config { end_range, ..Config::default() }).await;
        let mut times: Vec<_> = server.world().views.iter().map(|view| view.time).collect();
        times.sort();
        let whole = times[times.len() / 2];
        for view in &mut server.world().views {
            if view.time == whole {
                view.time = chrono::DateTime::from_timestamp(whole.timestamp(), 0).unwrap();
            }
        }
        let end = chrono::DateTime::from_timestamp(whole.timestamp(), 0).unwrap();
        let range = UsageRange { begin: always().begin, end };
        let client = client(&server.base_url(), by_password());
        assert_eq!(fetched(&client, session, range).await.0, held(&server, session, range), "{end_range:?}");
        let after = UsageRange { begin: end, end: always().end };
        assert_eq!(fetched(&client, session, after).await.0, held(&server, session, after), "{end_range:?}");
    }
}

#[tokio::test]
async fn an_empty_range_asks_nothing() {
    let (server, session) = watched(5, Config::default()).await;
    let range = UsageRange { begin: always().end, end: always().begin };
    let mut sink = Collected::default();
    let usage = client(&server.base_url(), by_password()).usage(session, range, &mut sink).await.unwrap();
    assert_eq!((usage.records, usage.emptiness, server.requests().len()), (0, None, 0));
}

#[tokio::test]
async fn records_that_arrive_while_paging_are_not_torn() {
    for nth in 2..=4 {
        let faults = FaultPlan::new([(At::Nth(Route::SoapUsage, nth), Fault::AddRowsWhilePaging)]);
        let (server, session) =
            watched(450, Config { usage_limit: UsageLimit::Clamp(100), faults, ..Config::default() }).await;
        let client = client(&server.base_url(), by_password());
        let (records, sink) = fetched(&client, session, always()).await;
        assert_eq!(server.struck_faults().len(), 1);
        assert_eq!(records, held(&server, session, always()), "added at call {nth}");
        assert_eq!(sink.restarts, 1, "read again from the start");
    }
}

#[tokio::test]
async fn faults_in_the_middle_of_a_report_lose_and_double_nothing() {
    for fault in [
        Fault::RepeatedPage,
        Fault::PhantomPage,
        Fault::CutBody,
        Fault::Reset,
        Fault::WrongContentType,
        Fault::Html(200),
        Fault::Html(503),
        Fault::SoapFault("System error.".to_owned()),
        Fault::Status { status: 500, retry_after: None },
        Fault::Status { status: 429, retry_after: Some(0) },
        Fault::Status { status: 503, retry_after: None },
        Fault::KillCookie,
    ] {
        for nth in 1..=6 {
            for total_missing in [false, true] {
                let faults = FaultPlan::new([(At::Nth(Route::SoapUsage, nth), fault.clone())]);
                let config = Config { usage_limit: UsageLimit::Clamp(100), faults, total_missing, ..Config::default() };
                let (server, session) = watched(450, config).await;
                let client = client(&server.base_url(), by_password());
                let expected = held(&server, session, always());
                let mut sink = Collected::default();
                let usage = client.usage(session, always(), &mut sink).await.unwrap();
                let mut records: Vec<_> = sink.records.iter().map(line).collect();
                records.sort();
                let case = format!("{fault:?} at {nth}, total missing: {total_missing}");
                match usage.emptiness {
                    // The cookie died before the first page: an empty answer, and it is not believed.
                    Some(zero) => {
                        assert!(records.is_empty() && fault == Fault::KillCookie && !client.is_proven(&zero), "{case}");
                    }
                    // Without a total, a list that ends early looks like a short one.
                    None if total_missing && fault == Fault::KillCookie => {
                        assert!(records.len() <= expected.len(), "{case}");
                    }
                    None => assert_eq!(records, expected, "{case}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_report_that_never_stands_still_is_an_error_that_says_so() {
    let session = SessionId::from_bytes([3; 16]);
    let server = signed_in(move |request, before| {
        let (page, _) = page_asked(request);
        Reply::ok(usage_body(&usage_row(session, page), Some(10 + before as u64)))
    })
    .await;
    let mut sink = Collected::default();
    let error = client(&server.base_url, by_password()).usage(session, always(), &mut sink).await.unwrap_err();
    assert!(matches!(error, Error::Unsettled { .. }), "{error}");
    assert!(error.to_string().contains(&session.to_string()), "{error}");
    assert_eq!(sink.restarts, 3);
}

#[tokio::test]
async fn a_report_that_ends_before_its_total_is_not_believed() {
    let session = SessionId::from_bytes([3; 16]);
    let server = signed_in(move |request, _| {
        let rows = if page_asked(request).0 == 0 { usage_row(session, 1) } else { String::new() };
        Reply::ok(usage_body(&rows, Some(2)))
    })
    .await;
    let mut sink = Collected::default();
    let error = client(&server.base_url, by_password()).usage(session, always(), &mut sink).await.unwrap_err();
    assert!(error.to_string().contains("it is to hold 2 records but ends after 1"), "{error}");
}

#[tokio::test]
async fn a_server_that_counts_pages_by_the_size_asked_is_followed() {
    // The server gives at most 100 on a page but skips as many as were requested; only pages of its own size hold
    // everything.
    let session = SessionId::from_bytes([3; 16]);
    let server = signed_in(move |request, _| {
        let (page, size) = page_asked(request);
        let first = page * size;
        let rows: String = (first..(first + size.min(100)).min(250)).map(|second| usage_row(session, second)).collect();
        Reply::ok(usage_body(&rows, Some(250)))
    })
    .await;
    let (records, sink) = fetched(&client(&server.base_url, by_password()), session, always()).await;
    assert_eq!(records.len(), 250);
    assert_eq!(sink.restarts, 1);
}

#[tokio::test]
async fn a_server_that_ignores_the_page_number_is_not_believed() {
    let session = SessionId::from_bytes([3; 16]);
    let server =
        signed_in(move |_, _| Reply::ok(usage_body(&(usage_row(session, 1) + &usage_row(session, 2)), Some(4)))).await;
    let error = client(&server.base_url, by_password()).usage(session, always(), &mut Collected::default()).await;
    assert!(matches!(error, Err(Error::Unsettled { .. })), "{error:?}");
}

#[tokio::test]
async fn a_report_without_total_and_end_is_given_up() {
    let session = SessionId::from_bytes([3; 16]);
    let server = signed_in(move |request, _| {
        let first = page_asked(request).0 * 10;
        let rows: String = (first..first + 10).map(|second| usage_row(session, second % 3600)).collect();
        Reply::ok(usage_body(&rows, None))
    })
    .await;
    let options = Options { max_records_untold: 200, ..hurried() };
    let client = client_with(&server.base_url, by_password(), Arc::new(Kept::default()), options);
    let error = client.usage(session, always(), &mut Collected::default()).await.unwrap_err();
    assert!(matches!(&error, Error::Changed { detail, .. } if detail.contains("does not end")), "{error}");
    assert!(server.count("UsageReporting.svc") < 30, "it is not read again from the start");
}

struct Full;

impl UsageSink for Full {
    fn restart(&mut self) {}

    fn records(&mut self, _: &mut Vec<model::ViewingRecord>, _: Option<u64>) -> Result<(), BoxError> {
        Err("the disk is full".into())
    }
}

#[tokio::test]
async fn an_error_of_the_sink_ends_the_call() {
    let (server, session) = watched(300, Config { usage_limit: UsageLimit::Clamp(100), ..Config::default() }).await;
    let error = client(&server.base_url(), by_password()).usage(session, always(), &mut Full).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Caller);
    assert_eq!(error.to_string(), "The viewing records could not be stored: the disk is full");
    assert_eq!(usage_calls(&server), 1);
}

#[tokio::test]
async fn pages_ahead_are_bounded() {
    let (server, session) = watched(900, Config { usage_limit: UsageLimit::Clamp(10), ..Config::default() }).await;
    for usage_pages_ahead in [0, 1, 16] {
        let options = Options { usage_pages_ahead, ..hurried() };
        let client = client_with(&server.base_url(), by_password(), Arc::new(Kept::default()), options);
        server.clear_requests();
        let (records, _) = fetched(&client, session, always()).await;
        assert_eq!(records, held(&server, session, always()));
        assert_eq!(usage_calls(&server), records.len().div_ceil(10), "nothing asked for that is not needed");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any report, in pages of any size: every record comes, and only once.
    #[test]
    fn any_partition_into_pages(sizes in proptest::collection::vec(1usize..40, 1..12), with_total in any::<bool>(), ahead in 0usize..6) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let session = SessionId::from_bytes([3; 16]);
            let total: usize = sizes.iter().sum();
            let pages = sizes.clone();
            let server = signed_in(move |request, _| {
                let page = page_asked(request).0 as usize;
                let first: usize = pages.iter().take(page).sum();
                let count = pages.get(page).copied().unwrap_or(0);
                let rows: String = (first..first + count).map(|second| usage_row(session, second as u32)).collect();
                Reply::ok(usage_body(&rows, with_total.then_some(total as u64)))
            })
            .await;
            let options = Options { usage_pages_ahead: ahead, ..hurried() };
            let client = client_with(&server.base_url, by_password(), Arc::new(Kept::default()), options);
            let mut sink = Collected::default();
            let usage = client.usage(session, always(), &mut sink).await.unwrap();
            let starts: Vec<_> = sink.records.iter().map(|record| record.start_secs as usize).collect();
            assert_eq!(starts, (0..total).collect::<Vec<_>>(), "in the server's order");
            assert_eq!((usage.records as usize, sink.restarts), (total, 0));
        });
    }
}
