//! The REST routes in use. The server counts calls by route, so each route has a pace of its own.

use model::{FolderId, SessionId};
use url::Url;

use crate::Server;

/// A route, without the values in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Route {
    Folder,
    FolderChildren,
    FolderSessions,
    Session,
    SessionViewers,
    FolderSearch,
    FoldersCreator,
    UserInfo,
    LegacyLogin,
    /// No route of the API, and without published limits: it is spared as if it had them.
    Captions,
    /// Likewise.
    DeliveryInfo,
}

impl Route {
    pub(crate) const ALL: [Self; 11] = [
        Self::Folder,
        Self::FolderChildren,
        Self::FolderSessions,
        Self::Session,
        Self::SessionViewers,
        Self::FolderSearch,
        Self::FoldersCreator,
        Self::UserInfo,
        Self::LegacyLogin,
        Self::Captions,
        Self::DeliveryInfo,
    ];
}

/// A call: its address, and its name in errors.
#[derive(Debug, Clone)]
pub(crate) struct RestCall {
    pub(crate) route: Route,
    pub(crate) url: Url,
    /// The name in errors: the path below `/Panopto/`, never the query.
    pub(crate) name: String,
}

impl RestCall {
    fn new(server: &Server, route: Route, path: &str) -> Self {
        let (url, name) = (server.url(&format!("/Panopto/{path}")), path.trim_start_matches("api/v1/").to_owned());
        Self { route, url, name }
    }

    pub(crate) fn folder(server: &Server, id: FolderId) -> Self {
        Self::new(server, Route::Folder, &format!("api/v1/folders/{id}"))
    }

    /// Uses the server's default order, by name. An entry inserted while paging then repeats another entry, which is
    /// noticed, but never hides one.
    pub(crate) fn children(server: &Server, parent: FolderId) -> Self {
        Self::new(server, Route::FolderChildren, &format!("api/v1/folders/{parent}/children"))
    }

    /// Uses the server's default order, by name, like the overview of the original tool.
    pub(crate) fn sessions(server: &Server, folder: FolderId) -> Self {
        Self::new(server, Route::FolderSessions, &format!("api/v1/folders/{folder}/sessions"))
    }

    pub(crate) fn session(server: &Server, id: SessionId) -> Self {
        Self::new(server, Route::Session, &format!("api/v1/sessions/{id}"))
    }

    /// Those who watched a video.
    pub(crate) fn viewers(server: &Server, id: SessionId) -> Self {
        Self::new(server, Route::SessionViewers, &format!("api/v1/sessions/{id}/viewers"))
    }

    /// The server refuses an empty query; `*` lists everything.
    pub(crate) fn search(server: &Server, query: &str) -> Self {
        let query = Some(query.trim()).filter(|query| !query.is_empty()).unwrap_or("*");
        let mut call = Self::new(server, Route::FolderSearch, "api/v1/folders/search");
        call.url.query_pairs_mut().append_pair("searchQuery", query);
        call
    }

    pub(crate) fn creator_folders(server: &Server) -> Self {
        Self::new(server, Route::FoldersCreator, "api/v1/folders/creator")
    }

    pub(crate) fn user_info(server: &Server) -> Self {
        Self::new(server, Route::UserInfo, "oauth2/connect/userinfo")
    }

    pub(crate) fn legacy_login(server: &Server) -> Self {
        Self::new(server, Route::LegacyLogin, "api/v1/auth/legacyLogin")
    }

    /// The same call for a page of the list, counted from 0.
    pub(crate) fn page(&self, page: u32) -> Self {
        let mut call = self.clone();
        if page > 0 {
            call.url.query_pairs_mut().append_pair("pageNumber", &page.to_string());
        }
        call
    }
}
