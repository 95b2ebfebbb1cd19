//! The engine's hints in the words of the command line: which command to type.
//!
//! The engine does not know whether the window or the command line calls it, so its hints only say what to do. The
//! window has a button for that; here it is a command. A test checks that the engine still uses the sentences that are
//! replaced here.

/// What the engine says, and what the command line says instead.
const OURS: [(&str, &str); 26] = [
    (
        "Export once, or say where the dataset is to be saved",
        "Say where the dataset is to be saved: `panopto-analytics nightly install --to DIR`",
    ),
    ("Switch it on again to mend it", "Mend it with `panopto-analytics nightly install`"),
    ("Switch it on again", "Mend it with `panopto-analytics nightly install`"),
    (
        "Remove it, or switch it on again",
        "Remove it with `panopto-analytics nightly remove`, or switch it on again with `panopto-analytics nightly install`",
    ),
    (
        "Set the server and its API client first",
        "Set the server and its API client with `panopto-analytics credentials set`; jobs: in PANOPTO_SERVER and the other \
         variables, see --help",
    ),
    (
        "Ask a Panopto administrator for an API client (System > API Clients), then set its ID and secret",
        "Ask a Panopto administrator for an API client (System > API Clients), then set its ID and secret with \
         `panopto-analytics credentials set`",
    ),
    (
        "Sign in with the browser, or give user name and password",
        "Sign in with `panopto-analytics login`, or give user name and password: `panopto-analytics credentials set username \
         password`; jobs: PANOPTO_USERNAME and PANOPTO_PASSWORD",
    ),
    (
        "Give user name and password, or switch that setting off",
        "Give user name and password, or switch that setting off: `panopto-analytics settings set --password-in-each-call off`",
    ),
    ("Sign in again", "Sign in again with `panopto-analytics login`"),
    (
        "Switch PKCE off and sign in again: some Panopto sites refuse it",
        "Some Panopto sites refuse PKCE: `panopto-analytics settings set --pkce off`, then sign in again",
    ),
    (
        "Switch PKCE on and sign in again: some Panopto sites demand it",
        "Some Panopto sites demand PKCE: `panopto-analytics settings set --pkce on`, then sign in again",
    ),
    (
        "Close that program and try again, or sign in with user name and password instead",
        "Close that program, or register another redirect address in Panopto and set it with `panopto-analytics settings set \
         --redirect URL`",
    ),
    (
        "Copy the link on the server this program is connected to, or connect to that server",
        "Copy the link on the server that is set, or set the other one: `panopto-analytics settings set --server HOST`",
    ),
    (
        "Start a keyring (GNOME Keyring, KWallet) and then this program again; or keep the sign-in for this session only, \
         or use the environment variables",
        "Start a keyring (GNOME Keyring, KWallet) and try again; or use the environment variables, see --help",
    ),
    (
        "Keep the sign-in for this session only, or use the environment variables",
        "Use the environment variables, see --help",
    ),
    ("Sync this course: what is missing is fetched again", "Fetch what is missing again with `panopto-analytics sync`"),
    (
        "Choose the reporting time zone again; if a newer version chose it, update this program instead",
        "Choose it again with `panopto-analytics settings set --timezone IANA`; if a newer version chose it, update this \
         program instead",
    ),
    (
        "Choose the reporting time zone of this data folder, for example Europe/Zurich",
        "Give it with --timezone, or choose it with `panopto-analytics settings set --timezone IANA`",
    ),
    (
        "Set TZ to a name such as Europe/Zurich, or choose the reporting time zone of this data folder",
        "Set TZ to a name such as Europe/Zurich, or choose the reporting time zone with `panopto-analytics settings set \
         --timezone IANA`",
    ),
    ("Sync the course", "Fetch it with `panopto-analytics sync`"),
    ("Sync first, then export", "Run `panopto-analytics sync` first, then export again"),
    (
        "Correct that line, or restore the settings as this program last kept them",
        "Correct that line, or restore the settings as this program last kept them: `panopto-analytics settings restore`",
    ),
    (
        "Correct that line, or start again with the default settings",
        "Correct that line, or start again with the default settings: `panopto-analytics settings restore --defaults`",
    ),
    (
        "Correct the settings file, or start again with the default settings",
        "Correct the settings file, or start again with the default settings: `panopto-analytics settings restore --defaults`",
    ),
    (
        "Put it back from a backup, or make it anew from what is stored",
        "Put it back from a backup, or make it anew from what is stored: `panopto-analytics courses repair`",
    ),
    ("Correct the server in the settings", "Correct it: `panopto-analytics settings set --server HOST`"),
];

/// The hint in the words of the command line.
pub(crate) fn ours(hint: &str) -> &str {
    OURS.iter().find(|(theirs, _)| *theirs == hint).map_or(hint, |(_, ours)| ours)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn sources(directory: &Path, text: &mut String) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, text);
            } else {
                text.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn the_engine_still_says_what_is_replaced() {
        let mut text = String::new();
        for part in ["engine", "panopto", "store"] {
            sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(part).join("src"), &mut text);
        }
        // In the sources, long texts span several lines.
        let text = text.split("\\\n").map(str::trim_start).collect::<String>();
        for (theirs, ours) in OURS {
            // The sources build this sentence from parts.
            let said = theirs.replace(" in the settings", " {place}");
            assert!(text.contains(&format!("\"{said}\"")), "{theirs}");
            assert!(!ours.ends_with('.') && !ours.contains("  "), "{ours}");
        }
    }
}
