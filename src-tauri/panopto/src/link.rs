//! Finds the folder or video that a pasted link refers to, and the address of a video's page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::line::quotable;
use model::{FolderId, SessionId};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::Server;

/// How many wrappers of mail filters are removed from one address.
const MOST_WRAPPINGS: usize = 3;

/// Why a text does not name a folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The text is empty.
    #[error("A folder ID or a link to a Panopto folder is expected")]
    Empty,
    /// Neither an ID nor a link.
    #[error("`{text}` is neither a folder ID nor a link to a Panopto folder")]
    NotALink {
        /// The text; a long one is cut and ends in `…`.
        text: String,
    },
    /// A link to a server other than the one in use.
    #[error("This link leads to {host}, not to {expected}")]
    OtherSite {
        /// The host that the link points to.
        host: String,
        /// The server in use.
        expected: String,
    },
    /// A link to one video.
    #[error("This link leads to a video, not to a folder")]
    Video,
    /// A link to a playlist.
    #[error("This link leads to a playlist, not to a folder")]
    Playlist,
    /// A Panopto link that names no folder (the home page, a search).
    #[error("This link leads to {host}, but to no folder there")]
    NoFolder {
        /// The host that the link points to.
        host: String,
    },
    /// The link holds a folder ID, but a damaged one.
    #[error(
        "The folder ID `{text}` in this link is damaged: 32 hexadecimal digits in groups of 8-4-4-4-12 are expected"
    )]
    DamagedId {
        /// The ID; a long one is cut and ends in `…`.
        text: String,
    },
}

impl LinkError {
    /// What to do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::OtherSite { .. } => {
                "Copy the link on the server this program is connected to, or connect to that server"
            }
            Self::Video | Self::Playlist => "Open the folder that holds it in Panopto and copy the address from there",
            Self::Empty | Self::NotALink { .. } | Self::NoFolder { .. } | Self::DamagedId { .. } => {
                "Open the folder in Panopto and copy the address from the browser's address bar"
            }
        }
    }
}

/// The folder that a person means: a folder ID in any spelling, or a link to a folder in any form that browsers,
/// e-mails and learning platforms produce. If `server` is given, a link to another site is refused.
pub fn folder_link(text: &str, server: Option<&Server>) -> Result<FolderId, LinkError> {
    let text = &bare(text);
    if text.is_empty() {
        return Err(LinkError::Empty);
    }
    if let Ok(id) = FolderId::parse(text) {
        return Ok(id);
    }
    let not_a_link = || LinkError::NotALink { text: quotable(text) };
    let url = parse_url(text).ok_or_else(not_a_link)?;
    let host = url.host_str().ok_or_else(not_a_link)?.to_owned();
    if let Some(server) = server
        && !server.serves(&url)
    {
        return Err(LinkError::OtherSite { host, expected: server.to_string() });
    }
    let path = url.path().to_ascii_lowercase();
    // The address of a folder's feed dates from the time when folders were called courses. Other podcast links are
    // videos.
    if path.contains("/podcast/")
        && let Some(id) = parameter(&url, "courseid")
    {
        return FolderId::parse(&id).map_err(|_| LinkError::DamagedId { text: quotable(&id) });
    }
    // The viewer and embed pages name a video, even if the link also names the folder from which it was opened.
    if ["/viewer.aspx", "/embed.aspx", "/podcast/"].iter().any(|page| path.contains(page)) {
        return Err(if parameter(&url, "pid").is_some() { LinkError::Playlist } else { LinkError::Video });
    }
    if let Some(id) = parameter(&url, "folderID") {
        return FolderId::parse(&id).map_err(|_| LinkError::DamagedId { text: quotable(&id) });
    }
    if let Some(id) = folder_in_path(&url) {
        return FolderId::parse(&id).map_err(|_| LinkError::DamagedId { text: quotable(&id) });
    }
    if parameter(&url, "pid").is_some() {
        return Err(LinkError::Playlist);
    }
    Err(LinkError::NoFolder { host })
}

/// The server that a link points to; `None` if the text is not a link. A plain http link to another computer means the
/// same server, which is reached over https.
pub fn link_server(text: &str) -> Option<Server> {
    let url = parse_url(&bare(text))?;
    let origin = &url[..url::Position::BeforePath];
    Server::parse(origin).or_else(|_| Server::parse(url.host_str().unwrap_or_default())).ok()
}

/// The video of a link to its page, or to a page that embeds it; `None` if the text is not such a link.
pub fn session_link(text: &str) -> Option<SessionId> {
    let url = parse_url(&bare(text))?;
    let path = url.path().to_ascii_lowercase();
    let is_page = ["/viewer.aspx", "/embed.aspx"].iter().any(|page| path.contains(page));
    SessionId::parse(&parameter(&url, "id").filter(|_| is_page)?).ok()
}

/// The address of the page on which a video is watched, from a whole second on where one is given.
pub fn viewer_url(server: &Server, session_id: SessionId, start_secs: Option<u32>) -> Url {
    let mut url = server.url("/Panopto/Pages/Viewer.aspx");
    let start = start_secs.map_or_else(String::new, |secs| format!("&start={secs}"));
    url.set_query(Some(&format!("id={session_id}{start}")));
    url
}

/// The text without anything that mail programs, shells and web pages put around a link, and with their escapes
/// resolved.
fn bare(text: &str) -> String {
    // A quote written as HTML would end a parameter at its `&` or `;`.
    let mut text = text.to_owned();
    for (written, meant) in [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x22;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ] {
        text = text.replace(written, meant);
    }
    text.trim().trim_matches(['<', '>', '"', '\'']).trim().to_owned()
}

/// Reads a web address, with or without its scheme (`uni.hosted.panopto.com/Panopto/Pages/...`), and unwraps an address
/// that a mail filter has rewritten.
fn parse_url(text: &str) -> Option<Url> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else if text.contains('/') && text.split('/').next().is_some_and(|host| host.contains('.') || host.contains(':'))
    {
        format!("https://{text}")
    } else {
        return None;
    };
    let mut url = web_address(&with_scheme)?;
    // Each forwarding of a mail may have wrapped the address again.
    for _ in 0..MOST_WRAPPINGS {
        let Some(inner) = wrapped(&url) else { break };
        url = inner;
    }
    Some(url)
}

fn web_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The address inside one that a mail filter or a search page has rewritten: Microsoft's Safe Links, Google's redirect,
/// and Proofpoint's URL Defense (version 3).
fn wrapped(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    let parameter = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    if host.ends_with(".safelinks.protection.outlook.com") {
        return web_address(&parameter("url")?);
    }
    if host == "www.google.com" && url.path() == "/url" {
        return web_address(&parameter("q").or_else(|| parameter("url"))?);
    }
    if host == "urldefense.com" {
        return web_address(&undefended(url.as_str())?);
    }
    None
}

/// `…/v3/__ADDRESS__;REPLACED!…`: each `*` in the address stands for the next character of `REPLACED`, which is base64.
fn undefended(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/v3/__")?;
    let (address, rest) = rest.split_once("__;")?;
    let replaced = URL_SAFE_NO_PAD.decode(rest.split('!').next()?.trim_end_matches('=')).ok()?;
    let mut replaced = std::str::from_utf8(&replaced).ok()?.chars();
    address.chars().map(|character| if character == '*' { replaced.next() } else { Some(character) }).collect()
}

/// A parameter of the link. Panopto's list page puts them after the `#`; older links and embeds put them after the `?`.
/// Panopto's own pages quote the values, and mail programs encode them once more.
fn parameter(url: &Url, name: &str) -> Option<String> {
    [url.fragment(), url.query()].into_iter().flatten().find_map(|parameters| {
        let once = decoded(parameters);
        parameters.split(['&', ';', '?', '/', '#']).find_map(|pair| value_of(pair, name)).or_else(|| {
            // The whole fragment may have been encoded, including its `=` and `&`.
            once.split(['&', ';', '?', '/', '#']).find_map(|pair| value_of(pair, name))
        })
    })
}

fn value_of(pair: &str, name: &str) -> Option<String> {
    let (key, value) = pair.split_once('=')?;
    if !key.trim().eq_ignore_ascii_case(name) {
        return None;
    }
    let value = decoded(&decoded(value)).replace('+', " ");
    let value = value.trim().trim_matches(['"', '\'', '\u{201c}', '\u{201d}']).trim();
    // `folderID=` without a value, or with the "null" of a filter that is not set, names no folder.
    (!value.is_empty() && !value.eq_ignore_ascii_case("null")).then(|| value.to_owned())
}

/// Finds the folder in `…/Folders/Details.aspx?id=<ID>`, `…/Folders/<ID>` and the REST address `…/api/v1/folders/<ID>`.
fn folder_in_path(url: &Url) -> Option<String> {
    let mut segments = url.path_segments()?.skip_while(|segment| !segment.eq_ignore_ascii_case("folders"));
    segments.next()?;
    let from_path = segments.next().map(decoded).filter(|segment| FolderId::parse(segment).is_ok());
    from_path.or_else(|| parameter(url, "id"))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
