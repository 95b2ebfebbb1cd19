//! A client without opinions: it sends what a test says and shows what comes back.

use chrono::{DateTime, Utc};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use sim::{Config, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PASSWORD, DEMO_USER, Handle, World};
use std::sync::LazyLock;

/// The time at which most tests begin.
pub(crate) fn noon() -> DateTime<Utc> {
    "2024-03-15T12:00:00Z".parse().unwrap()
}

/// The default configuration, with the time standing still at [`noon`].
pub(crate) fn fixed() -> Config {
    Config { now: Some(noon()), ..Config::default() }
}

/// A server with the tiny world.
pub(crate) async fn tiny() -> Handle {
    tiny_with(fixed()).await
}

pub(crate) async fn tiny_with(config: Config) -> Handle {
    sim::start(World::tiny(noon()), config).await.unwrap()
}

/// One client for all tests, because creating one reads the system's certificates. It keeps no connection, which would
/// belong to the runtime of one test.
pub(crate) fn client() -> reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        builder.pool_max_idle_per_host(0).build().unwrap()
    });
    CLIENT.clone()
}

/// Posts a form to the token endpoint with the client's Basic credentials.
pub(crate) async fn post_token(server: &Handle, form: &[(&str, &str)]) -> (StatusCode, Value) {
    let reply = client()
        .post(format!("{}/Panopto/oauth2/connect/token", server.base_url()))
        .basic_auth(DEMO_CLIENT_ID, Some(DEMO_CLIENT_SECRET))
        .form(form)
        .send()
        .await
        .unwrap();
    (reply.status(), reply.json().await.unwrap())
}

/// The answer to the password grant.
pub(crate) async fn tokens(server: &Handle, scope: &str) -> Value {
    let form = [("grant_type", "password"), ("username", DEMO_USER), ("password", DEMO_PASSWORD), ("scope", scope)];
    let (status, body) = post_token(server, &form).await;
    assert_eq!(status, 200);
    body
}

/// An access token.
pub(crate) async fn token(server: &Handle) -> String {
    tokens(server, "api").await["access_token"].as_str().unwrap().to_owned()
}

pub(crate) async fn get(server: &Handle, token: &str, path: &str) -> Response {
    try_get(server, token, path).await.unwrap()
}

pub(crate) async fn try_get(server: &Handle, token: &str, path: &str) -> reqwest::Result<Response> {
    client().get(format!("{}/Panopto/api/v1/{path}", server.base_url())).bearer_auth(token).send().await
}

/// The names on one page of a list.
pub(crate) async fn names(server: &Handle, token: &str, path: &str) -> Vec<String> {
    let reply = get(server, token, path).await;
    assert_eq!(reply.status(), 200, "{path}");
    let body: Value = reply.json().await.unwrap();
    let results = body["Results"].as_array().unwrap();
    results.iter().map(|one| one["Name"].as_str().unwrap().to_owned()).collect()
}

/// A SOAP cookie from a token.
pub(crate) async fn cookie(server: &Handle, token: &str) -> String {
    let reply = get(server, token, "auth/legacyLogin").await;
    assert_eq!(reply.status(), 200);
    cookie_of(&reply).unwrap()
}

/// The `.ASPXAUTH=value` that a reply sets.
pub(crate) fn cookie_of(reply: &Response) -> Option<String> {
    let set = reply.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    set.filter(|line| line.starts_with(".ASPXAUTH=")).map(|line| line.split(';').next().unwrap().to_owned()).next()
}

/// A usage call in parts, which are sent as they are.
#[derive(Clone)]
pub(crate) struct Usage {
    pub(crate) operation: &'static str,
    pub(crate) cookie: Option<String>,
    pub(crate) auth: String,
    pub(crate) session: String,
    pub(crate) size: usize,
    pub(crate) page: usize,
    pub(crate) begin: &'static str,
    pub(crate) end: &'static str,
}

impl Usage {
    pub(crate) fn of(session: uuid::Uuid, cookie: &str) -> Self {
        Self {
            operation: "GetSessionExtendedDetailedUsage",
            cookie: Some(cookie.to_owned()),
            auth: String::new(),
            session: session.to_string(),
            size: 100,
            page: 0,
            begin: "2010-01-01T00:00:00Z",
            end: "2100-01-01T00:00:00Z",
        }
    }

    pub(crate) fn body(&self) -> String {
        let Self { operation, auth, session, size, page, begin, end, .. } = self;
        format!(
            r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><t:{operation} xmlns:t="http://tempuri.org/" xmlns:p="http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40">{auth}<t:sessionId>{session}</t:sessionId><t:pagination><p:MaxNumberResults>{size}</p:MaxNumberResults><p:PageNumber>{page}</p:PageNumber></t:pagination><t:beginRange>{begin}</t:beginRange><t:endRange>{end}</t:endRange></t:{operation}></s:Body></s:Envelope>"#
        )
    }

    pub(crate) async fn send(&self, server: &Handle) -> (StatusCode, String) {
        self.try_send(server).await.unwrap()
    }

    pub(crate) async fn try_send(&self, server: &Handle) -> reqwest::Result<(StatusCode, String)> {
        let action = format!("IUsageReporting/{}", self.operation);
        let reply = post_soap(server, "4.0/UsageReporting.svc", &action, self.cookie.as_deref(), self.body()).await?;
        Ok((reply.status(), reply.text().await?))
    }
}

pub(crate) async fn post_soap(
    server: &Handle,
    service: &str,
    action: &str,
    cookie: Option<&str>,
    body: String,
) -> reqwest::Result<Response> {
    let mut request = client()
        .post(format!("{}/Panopto/PublicAPI/{service}", server.base_url()))
        .header("content-type", "text/xml; charset=utf-8")
        .header("soapaction", format!("\"http://tempuri.org/{action}\""))
        .body(body);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    request.send().await
}

/// The texts of all elements `a:{name}` in a reply.
pub(crate) fn values<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<a:{name}>"), format!("</a:{name}>"));
    xml.split(&open).skip(1).map(|rest| rest.split(&close).next().unwrap()).collect()
}

/// Rows of a usage reply as (user, time, start, seconds), with the texts as sent.
pub(crate) fn rows(xml: &str) -> Vec<(String, String, String, String)> {
    let column = |name| values(xml, name).into_iter().map(str::to_owned);
    column("UserId")
        .zip(column("Time"))
        .zip(column("StartPosition"))
        .zip(column("SecondsViewed"))
        .map(|(((user, time), start), seconds)| (user, time, start, seconds))
        .collect()
}

/// `TotalNumberResponses` of a reply.
pub(crate) fn total(xml: &str) -> usize {
    values(xml, "TotalNumberResponses")[0].parse().unwrap()
}
