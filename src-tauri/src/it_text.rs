//! The text a teacher sends to the IT department: which API client is needed, and why.

/// The text. `server` is what has been typed so far, and may be empty.
pub(crate) fn it_text(server: &str, redirect_url: &str, pkce: bool) -> String {
    let server = match server.trim() {
        "" => "our Panopto server",
        named => named,
    };
    let origin = redirect_url.split('/').take(3).collect::<Vec<_>>().join("/");
    let (kind, name_of_kind) = if pkce {
        ("Mobile or Desktop Application", "a program on a computer, which signs in with PKCE")
    } else {
        (
            "Server-side Web Application",
            "the type that the program's sign-in uses; it listens on the user's own computer",
        )
    };
    format!(
        "Hello,

I would like to use Panopto Video Analytics, a desktop program that shows me how the videos of my courses are watched. \
It reads viewing data through Panopto's own interfaces with my rights, and changes nothing in Panopto. For signing in it \
needs an API client on {server}. Could you please create one?

In Panopto: System > API Clients > New (or, for a single user: User Settings > API Clients)
  Client name:             Panopto Video Analytics
  Client type:             {kind}
                           ({name_of_kind})
  CORS origin URL:         {origin}
  Redirect URL:            {redirect_url}
  Allow offline access:    yes (so that I need not sign in every day)

The redirect URL leads to my own computer: after the sign-in in the browser, Panopto hands the answer to the program \
there. It listens only while I sign in, and only to this computer.

Please send me the client ID and the client secret over a safe way. The program keeps them in the keychain of my \
operating system.

Where people cannot sign in with the browser (or get no viewing data that way), a second kind of client works instead:
  Client type:             User Based Server Application
                           (it takes the user name and password of a Panopto user of its own, not of single sign-on; \
the other lines stay)
I then need that user's name and password as well.

To see viewing data of a folder I need the role Creator or Administrator for that folder.

Thank you
"
    )
}

#[cfg(test)]
mod tests {
    use super::it_text;

    #[test]
    fn it_names_what_the_department_must_type() {
        let text = it_text(" uni.hosted.panopto.com ", "http://localhost:9127/redirect", false);
        for needed in [
            "uni.hosted.panopto.com",
            "Redirect URL:            http://localhost:9127/redirect\n",
            "CORS origin URL:         http://localhost:9127\n",
            "Client type:             Server-side Web Application\n",
            "Client type:             User Based Server Application\n",
        ] {
            assert!(text.contains(needed), "{needed}");
        }
        assert!(it_text("", "http://localhost:1/r", true).contains("Mobile or Desktop Application"));
    }
}
