//! Web pages: what a person sees, or a client that was led astray.

use crate::shared::Call;
use crate::text::escaped;
use crate::wire::Reply;

/// A small page. `body` is markup; any foreign text in it must already be escaped.
pub(crate) fn page(status: u16, title: &str, body: &str) -> Reply {
    let html = format!(
        r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - simulated Panopto</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem;color:#1d2433}}
label{{display:block;margin:.8rem 0}}input{{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}}
button{{font:inherit;padding:.4rem 1.2rem}}.problem{{color:#a11}}</style></head>
<body><h1>{title}</h1>{body}<p><small>This is the simulator, not a real Panopto server.</small></p></body></html>"#,
        title = escaped(title),
    );
    Reply::html(status, html)
        .with(
            http::header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        )
        .with(http::header::CACHE_CONTROL, "no-store")
}

/// The page shown instead of a redirect when the redirect address cannot be trusted.
pub(crate) fn oauth_error(error: &str, description: &str) -> Reply {
    let body = format!(r#"<p class="problem">{}</p><p>{}</p>"#, escaped(error), escaped(description));
    page(400, "Sign-in is not possible", &body)
}

/// What a proxy in front of the server says.
pub(crate) fn proxy_error(status: u16) -> Reply {
    let body = format!("<p>The server is temporarily unable to service your request ({status}).</p>");
    page(status, "Service Unavailable", &body)
}

/// Pages for people. Each only says what it would be on a real server.
pub(crate) fn answer(call: &Call<'_>) -> Reply {
    let path = call.request.path.to_ascii_lowercase();
    if path == "/" || path.is_empty() {
        return Reply::redirect("/Panopto/Pages/Home.aspx");
    }
    let title = if path.contains("auth/login") { "Sign in" } else { "Panopto" };
    page(200, title, "<p>Folders and videos have no pages here; the programming interfaces are what is simulated.</p>")
}
