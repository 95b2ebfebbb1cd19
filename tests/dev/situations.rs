//! Each situation really holds, according to the shell.

use serde_json::{Value, json};

use crate::support::Server;

async fn state(situations: &[&str]) -> (Server, String, Value) {
    let server = Server::start().await;
    let (program, _) = server.program(situations).await;
    let state = server.get(&program, "app_state", json!({})).await;
    (server, program, state)
}

fn outcomes(state: &Value) -> Vec<&str> {
    state["courses"].as_array().unwrap().iter().filter_map(|course| course["lastSync"]["outcome"].as_str()).collect()
}

#[tokio::test]
async fn without_any_the_sample_is_fetched_and_somebody_is_signed_in() {
    let (_server, _, state) = state(&[]).await;
    assert_eq!((&state["signIn"]["name"], &state["signIn"]["sessionOnly"]), (&json!("Maya Okafor"), &json!(false)));
    assert_eq!(outcomes(&state), ["synced", "synced"]);
    assert_eq!(state["notices"], json!([]));
}

#[tokio::test]
async fn the_last_sync_failed_in_part_altogether_or_was_stopped() {
    for (situation, outcome) in [("syncedInPart", "partial"), ("syncFailed", "failed"), ("syncStopped", "cancelled")] {
        let (_server, _, state) = state(&[situation]).await;
        assert_eq!(outcomes(&state), [outcome, "synced"], "{situation}");
    }
}

#[tokio::test]
async fn server_sign_in_and_keychain_can_be_away() {
    let (_server, _, signed_out) = state(&["signedOut"]).await;
    assert_eq!(signed_out["signIn"]["state"], "signedOut");
    let (server, program, _) = state(&["offline"]).await;
    let refused = server.send("POST", &format!("{program}/command/who_am_i"), &json!({})).await.lines();
    assert_eq!(refused[0]["error"]["code"], "network");
    let (_server, _, no_keychain) = state(&["noKeychain"]).await;
    assert_eq!(no_keychain["signIn"]["sessionOnly"], true);
}

#[tokio::test]
async fn the_data_folder_can_be_full_in_use_or_damaged() {
    for (situation, code) in [("fullDisk", "disk"), ("busy", "busy")] {
        let (server, program, state) = state(&[situation]).await;
        let remove = json!({ "courseId": state["courses"][0]["id"], "deleteData": false });
        let refused = server.send("POST", &format!("{program}/command/course_remove"), &remove).await.lines();
        assert_eq!(refused[0]["error"]["code"], code, "{situation}: {refused:?}");
    }
    let (_server, _, damaged) = state(&["damagedList"]).await;
    assert!(damaged["notices"][0]["message"].as_str().unwrap().contains("courses.csv"), "{damaged}");
    let (_server, _, damaged) = state(&["damagedData"]).await;
    assert_eq!(damaged["courses"][0]["lastSync"]["error"]["code"], "data-file-invalid", "{damaged}");
}

#[tokio::test]
async fn a_sync_that_stalls_goes_on_when_the_server_answers_again() {
    for situations in [&["stallsWhileFetching"][..], &["neverSynced", "stallsAtTheEnd"]] {
        let (server, program, state) = state(situations).await;
        let course = state["courses"][0]["id"].clone();
        let server = std::sync::Arc::new(server);
        let sync = tokio::spawn({
            let (server, program) = (std::sync::Arc::clone(&server), program.clone());
            async move { server.get(&program, "sync_start", json!({ "courseIds": [course], "jobId": "one" })).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        assert!(!sync.is_finished(), "{situations:?} does not stall");
        server.send("POST", &format!("{program}/command/job_cancel"), &json!({ "jobId": "one" })).await;
        assert_eq!(sync.await.unwrap()["cancelled"], true);
        server.send("POST", &format!("{program}/test/serverAnswers"), &json!(null)).await;
        let report = server.get(&program, "sync_start", json!({ "courseIds": null, "jobId": "two" })).await;
        assert_eq!(report["cancelled"], false, "{report}");
    }
}

#[tokio::test]
async fn the_same_situation_is_the_same_program_to_the_last_figure() {
    let overview = async || {
        let (server, program, state) = state(&[]).await;
        let request = json!({ "courseId": state["courses"][0]["id"], "range": null, "theme": "light",
            "mapMeasure": "reached", "heatMeasure": "viewers", "timeFrame": { "width": 900, "height": 112 } });
        server.get(&program, "course_overview", json!({ "request": request })).await
    };
    assert_eq!(overview().await, overview().await);
}
