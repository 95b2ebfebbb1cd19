//! Seeded plans of faults during a small journey: whatever goes wrong, what the client believes is what the server
//! holds.
//!
//! 60 plans by default; `PANOPTO_SWEEP=1000` runs more. A failure names its seed.

use std::collections::HashMap;
use std::time::Duration;

use model::{FolderId, SessionId};
use panopto::{Client, ErrorKind, Options, PROOF_ROUNDS, SessionAnswer};
use sim::{Anonymous, Config, DeadCookie, Fault, FaultPlan, Handle, Stress, UsageLimit, World};

use crate::support::*;

type Fetched = HashMap<SessionId, Vec<String>>;

/// Every folder and video below the course.
async fn listed(client: &Client, course: FolderId) -> panopto::Result<Vec<SessionId>> {
    let (mut videos, mut seen, mut open) = (Vec::new(), vec![course], vec![course]);
    while let Some(folder) = open.pop() {
        for child in client.child_folders(folder).await? {
            // Breaking a cycle of folders is the caller's task.
            if !seen.contains(&child.id) {
                seen.push(child.id);
                open.push(child.id);
            }
        }
        videos.extend(client.sessions_by_page(folder, |_| ()).await?.into_iter().map(|session| session.id));
    }
    Ok(videos)
}

/// Fetches all videos as the documentation of `UnprovenZero` says. Videos that fail are left out.
async fn fetched_all(client: &Client, videos: Vec<SessionId>) -> panopto::Result<Fetched> {
    let (mut believed, mut zeros, mut asking) = (Fetched::new(), Vec::new(), videos);
    for _ in 0..=PROOF_ROUNDS {
        for video in std::mem::take(&mut asking) {
            let mut sink = Collected::default();
            match client.usage(video, always(), &mut sink).await {
                Ok(usage) => match usage.emptiness {
                    Some(zero) => zeros.push((video, zero)),
                    None => _ = believed.insert(video, sorted(&sink)),
                },
                Err(error) if matches!(error.kind(), ErrorKind::NotConfigured | ErrorKind::BadCredentials) => {
                    return Err(error);
                }
                Err(error) => assert_ne!(error.kind(), ErrorKind::Caller, "{error}"),
            }
        }
        settle(client, &mut zeros, &mut believed);
        if zeros.is_empty() {
            break;
        }
        client.prove_signed_in(None).await?;
        settle(client, &mut zeros, &mut believed);
        asking.extend(zeros.drain(..).map(|(video, _)| video));
    }
    Ok(believed)
}

fn settle(client: &Client, zeros: &mut Vec<(SessionId, panopto::UnprovenZero)>, believed: &mut Fetched) {
    believed.extend(zeros.iter().filter(|(_, zero)| client.is_proven(zero)).map(|(video, _)| (*video, Vec::new())));
    zeros.retain(|(_, zero)| !client.is_proven(zero));
}

fn sorted(sink: &Collected) -> Vec<String> {
    let mut lines: Vec<_> = sink.records.iter().map(line).collect();
    lines.sort();
    lines
}

/// Whether `whole` contains every line of `part`, at least as often.
fn is_within(part: &[String], whole: &[String]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|line| rest.any(|other| other == line))
}

async fn journey(seed: u64) -> (usize, bool) {
    let spec = Stress {
        depth: 1,
        folders_per_level: 4,
        sessions_per_folder: 2,
        views_per_session: 130,
        viewers: 8,
        until: "2024-03-01T00:00:00Z".parse().unwrap(),
        ..Stress::default()
    };
    let mut world = World::stress(seed, &spec);
    // Nobody has watched some of the videos, so some zeros are true.
    let unwatched: Vec<_> = world.sessions.iter().step_by(3).map(|session| session.id).collect();
    world.views.retain(|view| !unwatched.contains(&view.session));
    let config = Config {
        now: Some(noon()),
        faults: FaultPlan::seeded(seed),
        usage_limit: UsageLimit::Clamp(50),
        page_size_rest: 3,
        dead_cookie: DeadCookie::Empty,
        anonymous_usage: Anonymous::Empty,
        ..Config::default()
    };
    let server = sim::start(world, config).await.unwrap();
    let sign_in = if seed.is_multiple_of(3) { auth_in_call() } else { by_password() };
    let options = Options { max_retry_after: Duration::ZERO, silence_timeout: Duration::from_secs(2), ..hurried() };
    let client = client_with(&server.base_url(), sign_in, std::sync::Arc::new(Kept::default()), options);
    let course = course(&server);
    let outcome = async { fetched_all(&client, listed(&client, course).await?).await }.await;
    let Ok(believed) = outcome else { return (0, false) };
    check(seed, &server, &believed);
    (believed.len(), believed.len() == sessions(&server).len())
}

fn check(seed: u64, server: &Handle, believed: &Fetched) {
    let struck = server.struck_faults();
    let rows_came = struck.contains(&Fault::AddRowsWhilePaging);
    for (video, lines) in believed {
        let held = held(server, *video, always());
        let case = || format!("seed {seed}, {struck:?}: video {video} has {} records, not {}", held.len(), lines.len());
        if rows_came {
            // Rows may have been added after the video was read.
            assert!(is_within(lines, &held), "{}", case());
        } else {
            assert_eq!(*lines, held, "{}", case());
        }
    }
}

#[tokio::test]
async fn what_is_believed_is_what_the_server_holds() {
    let plans = std::env::var("PANOPTO_SWEEP").ok().and_then(|plans| plans.parse().ok()).unwrap_or(60);
    let (mut videos, mut whole) = (0, 0);
    for seed in 0..plans {
        let (believed, complete) = journey(seed).await;
        videos += believed;
        whole += u64::from(complete);
    }
    println!("{plans} plans: {whole} journeys complete, {videos} videos believed");
    assert!(whole * 10 >= plans * 6, "only {whole} of {plans} journeys were complete");
}

/// Compares where the client says a video is with the server's truth at that moment.
async fn ask_each(seed: u64) -> [usize; 3] {
    let spec =
        Stress { depth: 2, folders_per_level: 3, sessions_per_folder: 3, views_per_session: 0, ..Stress::default() };
    let faults = FaultPlan::seeded_lies(seed);
    let config = Config { now: Some(noon()), faults, page_size_rest: 2, ..Config::default() };
    let server = sim::start(World::stress(seed, &spec), config).await.unwrap();
    let options = Options { max_retry_after: Duration::ZERO, silence_timeout: Duration::from_secs(2), ..hurried() };
    let client = client_with(&server.base_url(), by_password(), std::sync::Arc::new(Kept::default()), options);
    let (known, course) = (sessions(&server), course(&server));
    // The lists of a sync, during which the plan strikes. Done twice, because a lie may have no effect the first time.
    let mut missing = known.clone();
    for _ in 0..2 {
        let Ok(shown) = listed(&client, course).await else { continue };
        missing = known.iter().copied().filter(|video| !shown.contains(video)).collect();
    }
    let mut answers = [0; 3];
    for video in missing {
        let Ok(answer) = client.session(video).await else { continue };
        let id = uuid::Uuid::from_bytes(*video.as_bytes());
        let really = server.world().session(id).map(|session| FolderId::from_bytes(*session.folder.as_bytes()));
        let struck = server.struck_faults();
        // A refusal may come from the plan and then says nothing about the video, which stays until more is known.
        let was_refused = struck.iter().any(|fault| matches!(fault, Fault::Status { status: 403 | 404, .. }));
        let case = format!("seed {seed}, {struck:?}: {video}");
        match &answer {
            SessionAnswer::Found(found) => assert_eq!(Some(found.folder_id), really, "{case} is elsewhere"),
            SessionAnswer::Gone => assert_eq!(really, None, "{case} is still there"),
            SessionAnswer::Refused => assert!(really.is_some() || was_refused, "{case} is gone"),
        }
        answers[match &answer {
            SessionAnswer::Found(_) => 0,
            SessionAnswer::Gone => 1,
            SessionAnswer::Refused => 2,
        }] += 1;
    }
    answers
}

#[tokio::test]
async fn no_lying_list_makes_a_video_gone() {
    let plans = std::env::var("PANOPTO_SWEEP").ok().and_then(|plans| plans.parse().ok()).unwrap_or(60);
    let mut all = [0; 3];
    for seed in 0..plans {
        let answers = ask_each(seed).await;
        all.iter_mut().zip(answers).for_each(|(sum, one)| *sum += one);
    }
    println!("{plans} plans: {all:?} videos found, gone, refused");
    assert!(all.iter().all(|count| *count > 0), "the plans make every answer: {all:?}");
}
