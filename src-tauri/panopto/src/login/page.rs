//! The small page that the browser shows when it returns. It is plain text of our own: no script, and nothing is
//! loaded.

/// What the browser shows after a sign-in.
pub(super) fn signed_in() -> String {
    page("Signed in", "You are signed in. You can close this window and go back to the program.")
}

/// What the browser shows after a sign-in that failed.
pub(super) fn failed(reason: &str, hint: Option<&str>) -> String {
    let hint = hint.map(|hint| format!("</p><p>{}.", escaped(hint))).unwrap_or_default();
    page("Not signed in", &format!("{}.{hint}", escaped(reason)))
}

fn page(title: &str, text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui,sans-serif;max-width:32em;margin:20vh auto 0;padding:0 1em}}\
         h1{{font-size:1.4em}}</style>\
         <h1>{title}</h1><p>{text}</p></html>"
    )
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_the_server_said_is_shown_as_text() {
        let page = super::failed("refused: <script>alert(1)</script>", Some("a & b"));
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("a &amp; b"));
    }
}
