//! What people type and paste: servers and links to folders.

use model::{FolderId, SessionId};
use panopto::{LinkError, Server, ServerError, folder_link, link_server, session_link, viewer_url};
use proptest::prelude::*;

use crate::damage::cases;

const ID: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

/// Whether an error is the expected one.
type Check<E> = fn(&E) -> bool;

fn server() -> Server {
    Server::parse("uni.hosted.panopto.com").unwrap()
}

#[test]
fn servers_that_are_taken() {
    for (text, shown) in [
        ("uni.hosted.panopto.com", "uni.hosted.panopto.com"),
        ("  Uni.Hosted.Panopto.COM\n", "uni.hosted.panopto.com"),
        ("https://uni.hosted.panopto.com", "uni.hosted.panopto.com"),
        ("https://uni.hosted.panopto.com/", "uni.hosted.panopto.com"),
        ("https://uni.hosted.panopto.com/Panopto", "uni.hosted.panopto.com"),
        ("uni.hosted.panopto.com/panopto/", "uni.hosted.panopto.com"),
        ("https://uni.hosted.panopto.com:443", "uni.hosted.panopto.com"),
        ("uni.hosted.panopto.com:8443", "https://uni.hosted.panopto.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://localhost:1", "http://localhost:1"),
        ("https://localhost", "localhost"),
    ] {
        assert_eq!(Server::parse(text).map(|server| server.to_string()).as_deref(), Ok(shown), "{text}");
    }
    assert_eq!(server().url("/Panopto/api/v1/x").as_str(), "https://uni.hosted.panopto.com/Panopto/api/v1/x");
    assert_eq!(Server::parse("http://127.0.0.1:8080").unwrap().host(), "127.0.0.1");
}

#[test]
fn servers_that_are_refused() {
    let cases: [(&str, Check<ServerError>); 16] = [
        ("", |e| matches!(e, ServerError::Empty)),
        ("   ", |e| matches!(e, ServerError::Empty)),
        ("http://uni.hosted.panopto.com", |e| matches!(e, ServerError::PlainHttp { .. })),
        ("http://10.0.0.1", |e| matches!(e, ServerError::PlainHttp { .. })),
        ("http://127.0.0.1.evil.example", |e| matches!(e, ServerError::PlainHttp { .. })),
        ("http://localhost.evil.example", |e| matches!(e, ServerError::PlainHttp { .. })),
        ("http://2130706433.example", |e| matches!(e, ServerError::PlainHttp { .. })),
        ("ftp://uni.hosted.panopto.com", |e| matches!(e, ServerError::Scheme { .. })),
        ("javascript://uni", |e| matches!(e, ServerError::Scheme { .. })),
        ("https://user:pw@uni.hosted.panopto.com", |e| matches!(e, ServerError::UserInfo)),
        ("user@uni.hosted.panopto.com", |e| matches!(e, ServerError::UserInfo)),
        ("https://uni.hosted.panopto.com/Panopto/Pages/Home.aspx", |e| matches!(e, ServerError::Path { .. })),
        ("uni.hosted.panopto.com?x=1", |e| matches!(e, ServerError::Path { .. })),
        ("uni.hosted.panopto.com#x", |e| matches!(e, ServerError::Path { .. })),
        ("not a server", |e| matches!(e, ServerError::NotAnAddress { .. })),
        ("https://", |e| matches!(e, ServerError::NotAnAddress { .. })),
    ];
    for (text, is_right) in cases {
        match Server::parse(text) {
            Err(error) if is_right(&error) => {
                let sentence = error.to_string();
                assert!(!sentence.contains("pw"), "shows the password: {sentence}");
                assert!(!sentence.ends_with('.'), "{sentence}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn links_that_name_a_folder() {
    let upper = ID.to_uppercase();
    let links = [
        ID.to_owned(),
        upper.clone(),
        format!("{{{ID}}}"),
        format!("  {ID}\n"),
        ID.replace('-', ""),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%22{ID}%22"),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=\"{ID}\""),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID='{ID}'"),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID={ID}"),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%2522{ID}%2522"),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID%3D%22{ID}%22"),
        format!(
            "https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%22{ID}%22&view=2&maxResults=50"
        ),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#view=2&folderID=%22{upper}%22"),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx?folderID={ID}"),
        format!(
            "https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx?embedded=1&folderid=%7B{ID}%7D#isFromTeams=true"
        ),
        format!(
            "https://uni.hosted.panopto.com/Panopto/Pages/Sessions/EmbeddedList.aspx?embedded=1#folderID=%22{ID}%22"
        ),
        format!("https://uni.hosted.panopto.com/Panopto/Podcast/Podcast.ashx?courseid={ID}&type=mp4"),
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Folders/Details.aspx?id={ID}"),
        format!("https://uni.hosted.panopto.com/Panopto/api/v1/folders/{ID}"),
        format!("https://uni.hosted.panopto.com/Panopto/api/v1/folders/{ID}/sessions?pageNumber=1"),
        format!("http://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%22{ID}%22"),
        format!("uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%22{ID}%22"),
        format!("<https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%22{ID}%22>"),
        // Copied out of a page's source.
        format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=&quot;{ID}&quot;"),
        format!(
            "https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx?a=1&amp;folderID=&#34;{ID}&#34;&amp;b=2"
        ),
        format!("&quot;https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID={ID}&quot;"),
        format!("&lt;{ID}&gt;"),
        // Rewritten by mail filters and a search page.
        format!(
            "https://nam12.safelinks.protection.outlook.com/?url=https%3A%2F%2Funi.hosted.panopto.com%2FPanopto%2FPages%2FSessions%2FList.aspx%23folderID%3D%2522{ID}%2522&data=05%7C02%7Cx%40uni.example%7C0&sdata=abc%3D&reserved=0"
        ),
        format!(
            "https://eur03.safelinks.protection.outlook.com/ap/t-59584e83/?url=https%3A%2F%2Fnam12.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Funi.hosted.panopto.com%252FPanopto%252FPages%252FSessions%252FList.aspx%2523folderID%253D%252522{ID}%252522&reserved=0"
        ),
        format!(
            "https://nam12.safelinks.protection.outlook.com/?url=https%3A%2F%2Funi.hosted.panopto.com%2FPanopto%2FPages%2FSessions%2FList.aspx%3FfolderID%3D{ID}&amp;reserved=0"
        ),
        format!(
            "https://urldefense.com/v3/__https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx*folderID=*22{ID}*22__;IyUl!!Abc-12!xyz$"
        ),
        format!(
            "https://www.google.com/url?q=https%3A%2F%2Funi.hosted.panopto.com%2FPanopto%2FPages%2FSessions%2FList.aspx%23folderID%3D{ID}&sa=D"
        ),
    ];
    for link in links {
        assert_eq!(folder_link(&link, Some(&server())), Ok(FolderId::parse(ID).unwrap()), "{link}");
    }
}

#[test]
fn a_link_names_its_server() {
    let path = "/Panopto/Pages/Sessions/List.aspx#folderID=1";
    for (site, server) in [
        ("https://Uni.hosted.panopto.com", "uni.hosted.panopto.com"),
        ("uni.hosted.panopto.com", "uni.hosted.panopto.com"),
        ("<http://uni.hosted.panopto.com", "uni.hosted.panopto.com"),
        ("https://somebody:pw@uni.hosted.panopto.com", "uni.hosted.panopto.com"),
        ("https://uni.hosted.panopto.com:8443", "https://uni.hosted.panopto.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ] {
        let link = format!("{site}{path}");
        assert_eq!(link_server(&link).map(|server| server.to_string()).as_deref(), Some(server), "{link}");
    }
    for text in [ID, "", "COMM 290", "ftp://uni.hosted.panopto.com/x"] {
        assert_eq!(link_server(text), None, "{text}");
    }
}

#[test]
fn a_link_to_a_page_names_its_video() {
    let page = viewer_url(&server(), SessionId::parse(ID).unwrap(), None).to_string();
    let embedded =
        format!("uni.hosted.panopto.com/Panopto/Pages/Embed.aspx?autoplay=false&ID=%22{}%22", ID.to_uppercase());
    for link in [page.as_str(), &embedded, &format!("{page}&start=12.5")] {
        assert_eq!(session_link(link), SessionId::parse(ID).ok(), "{link}");
    }
    let wrapped = format!(
        "https://nam12.safelinks.protection.outlook.com/?url=https%3A%2F%2Funi.hosted.panopto.com%2FPanopto%2FPages%2FViewer.aspx%3Fid%3D{ID}&reserved=0"
    );
    assert_eq!(session_link(&wrapped), SessionId::parse(ID).ok());
    assert_eq!(link_server(&wrapped).map(|server| server.to_string()).as_deref(), Some("uni.hosted.panopto.com"));
    let folder = format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID={ID}&id={ID}");
    for text in [ID, "", "x", &folder, "https://uni.hosted.panopto.com/Panopto/Pages/Viewer.aspx?id=x"] {
        assert_eq!(session_link(text), None, "{text}");
    }
}

#[test]
fn a_long_text_is_cut_visibly() {
    let error = folder_link(&"x/".repeat(100), None).unwrap_err().to_string();
    assert!(error.starts_with("`x/x/") && error.contains("x…` is neither"), "{error}");
    let error = Server::parse(&format!("uni.hosted.panopto.com/{}", "x".repeat(200))).unwrap_err().to_string();
    assert!(error.ends_with("x…`"), "{error}");
    assert!(FolderId::parse(&"é".repeat(81)).unwrap_err().text.ends_with('…'));
    assert_eq!(FolderId::parse(&"é".repeat(80)).unwrap_err().text, "é".repeat(80));
}

#[test]
fn links_that_do_not() {
    let site = "https://uni.hosted.panopto.com/Panopto";
    let other = format!("https://other.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=%22{ID}%22");
    assert_eq!(folder_link(&other, None), Ok(FolderId::parse(ID).unwrap()), "any site before a server is set");
    let cases: [(String, Check<LinkError>); 23] = [
        (String::new(), |e| matches!(e, LinkError::Empty)),
        ("\"\"".to_owned(), |e| matches!(e, LinkError::Empty)),
        ("COMM 290".to_owned(), |e| matches!(e, LinkError::NotALink { .. })),
        (ID[..35].to_owned(), |e| matches!(e, LinkError::NotALink { .. })),
        (format!("javascript:alert('{ID}')"), |e| matches!(e, LinkError::NotALink { .. })),
        (format!("file:///Panopto/Folders/?id={ID}"), |e| matches!(e, LinkError::NotALink { .. })),
        (other, |e| matches!(e, LinkError::OtherSite { host, .. } if host == "other.hosted.panopto.com")),
        (format!("https://uni.hosted.panopto.com.evil.example/Panopto/#folderID={ID}"), |e| {
            matches!(e, LinkError::OtherSite { .. })
        }),
        (format!("https://evil.example/uni.hosted.panopto.com/#folderID={ID}"), |e| {
            matches!(e, LinkError::OtherSite { .. })
        }),
        // A wrapper hides nothing: the address inside counts, and only what real mail filters produce counts as a
        // wrapper.
        (
            format!(
                "https://nam12.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example%2F%23folderID%3D{ID}"
            ),
            |e| matches!(e, LinkError::OtherSite { host, .. } if host == "evil.example"),
        ),
        (
            format!("https://evil.example/?url=https%3A%2F%2Funi.hosted.panopto.com%2F%23folderID%3D{ID}"),
            |e| matches!(e, LinkError::OtherSite { host, .. } if host == "evil.example"),
        ),
        (format!("https://nam12.safelinks.protection.outlook.com/?url=javascript%3Aalert({ID})"), |e| {
            matches!(e, LinkError::OtherSite { .. })
        }),
        (format!("https://urldefense.com/v3/__https://uni.hosted.panopto.com/*folderID={ID}__;!!A!x$"), |e| {
            matches!(e, LinkError::OtherSite { .. })
        }),
        ("https://urldefense.com/v3/__https://uni.hosted.panopto.com/__;=!!".to_owned(), |e| {
            matches!(e, LinkError::NoFolder { .. })
        }),
        (format!("{site}/Pages/Viewer.aspx?id={ID}"), |e| matches!(e, LinkError::Video)),
        (format!("{site}/Pages/Viewer.aspx?id={ID}&folderID={ID}"), |e| matches!(e, LinkError::Video)),
        (format!("{site}/Podcast/Download/{ID}.mp4?mediaTargetType=videoPodcast"), |e| matches!(e, LinkError::Video)),
        (format!("{site}/Pages/Embed.aspx?id={ID}&v=1"), |e| matches!(e, LinkError::Video)),
        (format!("{site}/Pages/Viewer.aspx?pid={ID}"), |e| matches!(e, LinkError::Playlist)),
        (format!("{site}/Pages/Home.aspx"), |e| matches!(e, LinkError::NoFolder { .. })),
        (format!("{site}/Pages/Sessions/List.aspx#folderID=null"), |e| matches!(e, LinkError::NoFolder { .. })),
        (format!("{site}/Pages/Sessions/List.aspx#folderID=%22{}%22", &ID[..30]), |e| {
            matches!(e, LinkError::DamagedId { .. })
        }),
        (format!("{site}/Pages/Sessions/List.aspx#folderID=%22..%2F..%22"), |e| {
            matches!(e, LinkError::DamagedId { .. })
        }),
    ];
    for (text, is_right) in cases {
        match folder_link(&text, Some(&server())) {
            Err(error) if is_right(&error) => assert!(!error.to_string().ends_with('.') && !error.hint().is_empty()),
            found => panic!("{text}: {found:?}"),
        }
    }
}

#[test]
fn a_video_is_watched_on_its_page() {
    let url = viewer_url(&server(), SessionId::parse(ID).unwrap(), None);
    assert_eq!(url.as_str(), format!("https://uni.hosted.panopto.com/Panopto/Pages/Viewer.aspx?id={ID}"));
    assert_eq!(folder_link(url.as_str(), None), Err(LinkError::Video));
    let there = viewer_url(&server(), SessionId::parse(ID).unwrap(), Some(2020));
    assert_eq!(there.as_str(), format!("{url}&start=2020"));
    assert_eq!(session_link(there.as_str()), SessionId::parse(ID).ok());
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        let _ = folder_link(&text, Some(&server()));
        let _ = Server::parse(&text);
    }

    #[test]
    fn any_tail_after_the_site_is_read_without_panic(tail in "[ -~]{0,80}") {
        let _ = folder_link(&format!("https://uni.hosted.panopto.com/{tail}"), Some(&server()));
    }

    #[test]
    fn the_folder_of_a_link_is_found_again(bytes in any::<[u8; 16]>(), before in "[a-z]{1,8}=[0-9]{1,3}", quoted in any::<bool>()) {
        let id = FolderId::from_bytes(bytes);
        let quote = if quoted { "%22" } else { "" };
        let link = format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#{before}&folderID={quote}{id}{quote}&view=1");
        prop_assert_eq!(folder_link(&link, Some(&server())), Ok(id));
    }

    #[test]
    fn a_server_is_what_its_own_display_says(host in "[a-z][a-z0-9]{0,10}(\\.[a-z][a-z0-9]{1,8}){1,3}", port in proptest::option::of(1u16..)) {
        let text = port.map_or(host.clone(), |port| format!("{host}:{port}"));
        let server = Server::parse(&text).unwrap();
        prop_assert_eq!(Server::parse(&server.to_string()).unwrap(), server);
    }
}
