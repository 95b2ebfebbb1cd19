//! `captions`: fetched by a sync or by themselves, found with how they were watched, and never a reason to fail.

use serde_json::Value;
use sim::{At, CaptionTrack, Config, Fault, FaultPlan, Route, World};

use crate::support::{Sandbox, Server, password_variables, past};

const SRT: &str = "1\r\n00:00:05,000 --> 00:00:08,000\r\n[Auto-generated transcript.]\r\nHeat is not temperature.\r\n\r\n2\r\n00:00:55,000 --> 00:00:58,000\r\nThe second\r\n\r\n3\r\n00:00:58,000 --> 00:01:00,000\r\nlaw of heat\r\n\r\n";

fn spoken() -> Server {
    let mut world = World::tiny(past());
    let (first, third) = (world.sessions[0].id, world.sessions[2].id);
    world.captions = vec![CaptionTrack::new(first, SRT), CaptionTrack::new(third, "")];
    Server::start(world, Config::default())
}

fn sandbox(server: &Server) -> Sandbox {
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox
}

fn places(sandbox: &Sandbox, words: &[&str]) -> Vec<Value> {
    let arguments = [&["captions", "find", "tiny"], words, &["--timezone", "UTC", "--json"]].concat();
    let told = sandbox.run(&arguments).exits_with(0).json();
    told["result"]["places"].as_array().expect("places").clone()
}

#[test]
fn a_sync_brings_captions_and_words_are_found_in_them() {
    let server = spoken();
    let sandbox = sandbox(&server);
    let told = sandbox.run(&["captions", "find", "tiny", "heat"]).exits_with(1);
    assert!(told.stderr.contains("panopto-analytics sync"), "{}", told.stderr);
    let synced = sandbox.run(&["sync", "--json"]).exits_with(0).json();
    let captions = &synced["result"]["captions"]["courses"][0];
    assert_eq!(
        (&captions["kept"], &captions["noCaptions"], &captions["emptyCaptions"]),
        (&1.into(), &1.into(), &1.into())
    );
    let id = server.sim().world().sessions[0].id.to_string();
    assert_eq!(
        places(&sandbox, &["HEAT", "temp"]),
        [serde_json::json!({
            "sessionId": id, "startSecs": 5.0, "endSecs": 8.0, "words": "Heat is not temperature.", "viewers": 2, "replays": 0,
        })]
    );
    let phrase = places(&sandbox, &["second law"]);
    assert_eq!(
        (&phrase[0]["startSecs"], &phrase[0]["endSecs"], &phrase[0]["words"]),
        (&55.0.into(), &60.0.into(), &"The second law of heat".into())
    );
    assert_eq!((places(&sandbox, &["law second"]).len(), places(&sandbox, &["law", "second"]).len()), (0, 1));
    let text = sandbox.run(&["captions", "find", "tiny", "heat", "--timezone", "UTC"]).exits_with(0).stdout;
    assert_eq!(
        text,
        "First\n  0:00:05  2 viewers\n    Heat is not temperature.\n  0:00:58  1 viewer\n    The second law of heat\n\n2 places in the captions of 1 of 3 videos, all dates\n"
    );
    sandbox.run(&["captions", "find", "tiny"]).exits_with(2);
    for nothing in ["", " ", "\"", "*", "\"…\""] {
        let told = sandbox.run(&["captions", "find", "tiny", nothing]).exits_with(2);
        assert!(told.stderr.contains("There is no word to look for"), "{nothing:?}: {}", told.stderr);
    }
}

#[test]
fn fetching_alone_asks_for_what_is_missing() {
    let server = spoken();
    let sandbox = sandbox(&server);
    sandbox.run(&["settings", "set", "--captions", "off"]).exits_with(0);
    let synced = sandbox.run(&["sync", "--json"]).exits_with(0).json();
    assert!(synced["result"].get("captions").is_none(), "{synced}");
    let told = sandbox.run(&["captions", "find", "tiny", "heat", "--timezone", "UTC"]).exits_with(0).stdout;
    assert!(told.contains("of 3 videos they are not fetched yet: `panopto-analytics captions fetch`"), "{told}");
    let text = sandbox.run(&["captions", "fetch", "tiny"]).exits_with(0).stdout;
    assert!(text.contains("1 without captions, 1 with empty ones"), "{text}");
    server.sim().clear_requests();
    let again = sandbox.run(&["captions", "fetch", "--json"]).exits_with(0).json();
    let course = &again["result"]["courses"][0];
    assert_eq!((&course["kept"], &course["fetched"], &course["videos"]), (&1.into(), &0.into(), &3.into()));
    let asked = server.sim().requests().iter().filter(|request| request.route == Route::Session).count();
    assert_eq!(asked, 2, "those without captions are asked about again, the others are not");
    sandbox.run(&["captions", "fetch", "Biology"]).exits_with(1);
}

#[test]
fn whatever_becomes_of_captions_a_sync_is_a_sync() {
    for fault in [
        Fault::Html(200),
        Fault::Status { status: 403, retry_after: None },
        Fault::Status { status: 410, retry_after: None },
    ] {
        let server = spoken();
        let sandbox = sandbox(&server);
        server.sim().set_faults(FaultPlan::new([(At::From(Route::Captions, 1), fault.clone())]));
        let synced = sandbox.run(&["sync", "--json"]).exits_with(0).json();
        assert_eq!(
            (&synced["result"]["isComplete"], &synced["result"]["newRecords"]),
            (&true.into(), &8.into()),
            "{fault:?}"
        );
        let quiet = sandbox.run(&["-q", "sync"]).exits_with(0);
        assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""), "{fault:?}");
    }
    let server = spoken();
    let sandbox = sandbox(&server);
    sandbox.run(&["-q", "sync"]).exits_with(0);
    server.sim().world().captions.clear();
    let first = server.sim().world().sessions[2].id;
    server.sim().world().captions = vec![CaptionTrack::new(first, SRT)];
    server.sim().set_faults(FaultPlan::new([(At::From(Route::Captions, 1), Fault::Html(200))]));
    let closed = sandbox.run(&["captions", "fetch"]).exits_with(3);
    assert!(closed.stderr.contains("Panopto gives no captions to this sign-in"), "{}", closed.stderr);
}

#[test]
fn the_sample_lectures_have_words_and_so_have_its_moments() {
    let sandbox = Sandbox::with_sample();
    let found = sandbox
        .run(&["--data", "sample", "captions", "find", sim::DEMO_COURSES[0].folder_id, "albedo", "--json"])
        .exits_with(0)
        .json();
    let places = found["result"]["places"].as_array().expect("places");
    assert!(places.len() > 100 && found["result"]["videos"]["withCaptions"] == 37, "{}", found["result"]["videos"]);
    assert!(
        places.iter().all(|place| place["words"].as_str().is_some_and(|words| words.to_lowercase().contains("albedo")))
    );
    let moments =
        sandbox.run(&["--data", "sample", "moments", sim::DEMO_COURSES[0].folder_id, "--json"]).exits_with(0).json();
    let moments = moments["result"]["videos"]
        .as_array()
        .expect("videos")
        .iter()
        .flat_map(|video| video["moments"].as_array().expect("moments"));
    let (with, all) =
        moments.fold((0, 0), |(with, all), moment| (with + usize::from(moment["words"].is_string()), all + 1));
    assert!(all > 0 && with * 10 >= all * 8, "{with} of {all}");
}
