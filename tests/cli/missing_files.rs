//! Files of the data folder that were deleted or cut off: exit codes, and that zeros do not replace good output.

use crate::support::{Sandbox, Server, password_variables};

#[test]
fn a_file_that_is_gone_or_cut_is_an_error_and_the_output_stays() {
    let server = Server::tiny();
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["sync"]).exits_with(0);
    sandbox.run(&["chunk", "--timezone", "UTC"]).exits_with(0);
    let target = sandbox.path("out").display().to_string();
    sandbox.run(&["export", &target, "--timezone", "UTC"]).exits_with(0);
    let outputs = || {
        let files = sandbox.files("data").into_iter().filter(|(name, _)| name.starts_with("output"));
        (files.collect::<Vec<_>>(), sandbox.files("out"))
    };
    let before = outputs();
    assert!(!before.0.is_empty() && !before.1.is_empty());
    let stored = |end: &str| {
        let (name, bytes) = sandbox
            .files("data")
            .into_iter()
            .find(|(name, _)| name.starts_with("database") && name.ends_with(end))
            .expect("it was synced");
        (sandbox.data().join(name), String::from_utf8(bytes).expect("it is text"))
    };
    let (activity, records) = stored("viewing_activity.csv");
    let (overview, videos) = stored("sessions_overview.csv");
    let tells = |file: &str| {
        for arguments in [&["chunk", "--timezone", "UTC"][..], &["export", &target, "--timezone", "UTC"], &["status"]] {
            let ran = sandbox.run(arguments).exits_with(1);
            assert!(ran.stderr.contains(file), "{}", ran.stderr);
            assert!(
                ran.stderr.contains("hint: Fetch what is missing again with `panopto-analytics sync`"),
                "{}",
                ran.stderr
            );
        }
        assert!(outputs() == before);
    };
    let cut: String = records.split_inclusive('\n').take(records.lines().count() - 1).collect();
    std::fs::write(&activity, cut).expect("it is ours");
    tells("viewing_activity.csv");
    std::fs::remove_file(&activity).expect("it is ours");
    tells("viewing_activity.csv");
    std::fs::write(&activity, records).expect("it is ours");
    std::fs::remove_file(&overview).expect("it is ours");
    tells("sessions_overview.csv");
    std::fs::write(&overview, videos).expect("it is ours");
    sandbox.run(&["status"]).exits_with(0);
    sandbox.run(&["chunk", "--timezone", "UTC"]).exits_with(0);
    assert!(outputs() == before);
}
