//! What an address on the server means. Paths are matched ignoring case, as ASP.NET does.

/// The endpoints, as the request log, fault plans and the rate limiter name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Route {
    /// `oauth2/connect/authorize`, the page and its form.
    Authorize,
    /// `oauth2/connect/token`.
    Token,
    /// `oauth2/connect/revocation`.
    Revocation,
    /// `oauth2/connect/userinfo`.
    UserInfo,
    /// `oauth2/.well-known/openid-configuration`.
    Discovery,
    /// `oauth2/.well-known/jwks`.
    Jwks,
    /// `auth/legacyLogin`: exchanges a token for a cookie.
    LegacyLogin,
    /// `folders/{id}`.
    Folder,
    /// `folders/{id}/children`.
    FolderChildren,
    /// `folders/{id}/sessions`.
    FolderSessions,
    /// `folders/{id}/sessions/search`.
    FolderSessionsSearch,
    /// `folders/search`.
    FolderSearch,
    /// `folders/creator`.
    FolderCreator,
    /// `sessions/{id}`.
    Session,
    /// `sessions/search`.
    SessionSearch,
    /// `sessions/{id}/viewers`.
    SessionViewers,
    /// `users/search`.
    UserSearch,
    /// `PublicAPI/4.x/Auth.svc`.
    SoapAuth,
    /// `PublicAPI/4.x/UsageReporting.svc`.
    SoapUsage,
    /// `PublicAPI/4.x/UserManagement.svc`.
    SoapUsers,
    /// `PublicAPI/4.x/AccessManagement.svc`.
    SoapAccess,
    /// `PublicAPI/4.x/SessionManagement.svc`.
    SoapSessions,
    /// Descriptions of the two SOAP services.
    Wsdl,
    /// `Pages/Transcription/GenerateSRT.ashx`: captions.
    Captions,
    /// `Pages/Viewer/DeliveryInfo.aspx`: what the player asks for.
    DeliveryInfo,
    /// Web pages for people: the folder list, the viewer, the sign-in page.
    Page,
    /// Anything else.
    Unknown,
}

/// A route, with the id in its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RouteTarget {
    pub(crate) route: Route,
    /// The text in place of `{id}`; empty if the route has none.
    pub(crate) id: String,
}

impl Route {
    /// Whether the route is a SOAP service.
    pub(crate) fn is_soap(self) -> bool {
        matches!(self, Self::SoapAuth | Self::SoapUsage | Self::SoapUsers | Self::SoapAccess | Self::SoapSessions)
    }
}

/// Finds the route of a path. `query` distinguishes a service's description from the service.
pub(crate) fn find(path: &str, query: &str) -> RouteTarget {
    let lower = path.trim_end_matches('/').to_ascii_lowercase();
    let parts: Vec<&str> = lower.split('/').skip(1).collect();
    let original: Vec<&str> = path.split('/').skip(1).collect();
    let route = |route| RouteTarget { route, id: String::new() };
    let with_id =
        |route, at: usize| RouteTarget { route, id: original.get(at).copied().unwrap_or_default().to_owned() };
    match parts.as_slice() {
        ["panopto", "oauth2", "connect", "authorize"] => route(Route::Authorize),
        ["panopto", "oauth2", "connect", "token"] => route(Route::Token),
        ["panopto", "oauth2", "connect", "revocation"] => route(Route::Revocation),
        ["panopto", "oauth2", "connect", "userinfo"] => route(Route::UserInfo),
        ["panopto", "oauth2", ".well-known", "openid-configuration"] => route(Route::Discovery),
        ["panopto", "oauth2", ".well-known", "jwks"] => route(Route::Jwks),
        ["panopto", "api", "v1", "auth", "legacylogin"] => route(Route::LegacyLogin),
        ["panopto", "api", "v1", "folders", "search"] => route(Route::FolderSearch),
        ["panopto", "api", "v1", "folders", "creator"] => route(Route::FolderCreator),
        ["panopto", "api", "v1", "folders", _] => with_id(Route::Folder, 4),
        ["panopto", "api", "v1", "folders", _, "children"] => with_id(Route::FolderChildren, 4),
        ["panopto", "api", "v1", "folders", _, "sessions"] => with_id(Route::FolderSessions, 4),
        ["panopto", "api", "v1", "folders", _, "sessions", "search"] => with_id(Route::FolderSessionsSearch, 4),
        ["panopto", "api", "v1", "sessions", "search"] => route(Route::SessionSearch),
        ["panopto", "api", "v1", "sessions", _] => with_id(Route::Session, 4),
        ["panopto", "api", "v1", "sessions", _, "viewers"] => with_id(Route::SessionViewers, 4),
        ["panopto", "api", "v1", "users", "search"] => route(Route::UserSearch),
        ["panopto", "publicapi", "4.0" | "4.2" | "4.6", service @ ("auth.svc" | "usagereporting.svc")] => {
            let asked = query.to_ascii_lowercase();
            let described = ["wsdl", "singlewsdl", "xsd="].iter().any(|start| asked.starts_with(start));
            match (described, *service) {
                (true, _) => RouteTarget { route: Route::Wsdl, id: (*service).to_owned() },
                (false, "auth.svc") => route(Route::SoapAuth),
                (false, _) => route(Route::SoapUsage),
            }
        }
        ["panopto", "publicapi", "4.0" | "4.2" | "4.6", "usermanagement.svc"] => route(Route::SoapUsers),
        ["panopto", "publicapi", "4.0" | "4.2" | "4.6", "accessmanagement.svc"] => route(Route::SoapAccess),
        ["panopto", "publicapi", "4.0" | "4.2" | "4.6", "sessionmanagement.svc"] => route(Route::SoapSessions),
        ["panopto", "pages", "transcription", "generatesrt.ashx"] => route(Route::Captions),
        ["panopto", "pages", "viewer", "deliveryinfo.aspx"] => route(Route::DeliveryInfo),
        ["panopto", "pages", ..] | ["panopto" | ""] | [] => route(Route::Page),
        _ => route(Route::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_without_regard_to_case() {
        for (path, query, expected, id) in [
            ("/Panopto/api/v1/auth/legacyLogin", "", Route::LegacyLogin, ""),
            ("/Panopto/api/v1/auth/legacylogin", "", Route::LegacyLogin, ""),
            ("/PANOPTO/API/v1/Folders/AbC/Children", "", Route::FolderChildren, "AbC"),
            ("/Panopto/api/v1/folders/search", "", Route::FolderSearch, ""),
            ("/Panopto/PublicAPI/4.2/UsageReporting.svc", "", Route::SoapUsage, ""),
            ("/Panopto/PublicAPI/4.2/UsageReporting.svc", "singleWsdl", Route::Wsdl, "usagereporting.svc"),
            ("/Panopto/PublicAPI/5.0/UsageReporting.svc", "", Route::Unknown, ""),
            ("/Panopto/api/v1/nonsense", "", Route::Unknown, ""),
            ("/Panopto/Pages/Transcription/GenerateSRT.ashx", "id=1", Route::Captions, ""),
            ("/", "", Route::Page, ""),
        ] {
            assert_eq!(find(path, query), RouteTarget { route: expected, id: id.to_owned() }, "{path}");
        }
    }
}
