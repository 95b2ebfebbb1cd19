//! Requests and replies as whole values, and how a reply can be damaged in transit.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Sleep;

/// A request that has been read to its end.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) peer: IpAddr,
    /// The scheme and authority by which the client knows the server, such as `http://127.0.0.1:8080`.
    pub(crate) origin: String,
}

impl Request {
    pub(crate) fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a query parameter, whose name is compared ignoring case.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.into_owned())
    }

    /// The token of `Authorization: Bearer`.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let value = self.header(&header::AUTHORIZATION);
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// The authentication cookie, wherever it is in the `Cookie` headers: some clients send whole `Set-Cookie` lines.
    pub(crate) fn auth_cookie(&self) -> Option<&str> {
        self.headers.get_all(header::COOKIE).iter().find_map(|value| {
            let (_, rest) = value.to_str().ok()?.split_once(".ASPXAUTH=")?;
            Some(rest.split([';', ',']).next().unwrap_or_default().trim())
        })
    }

    pub(crate) fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

/// A reply before it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self { status, headers: HeaderMap::new(), body: body.into() };
        reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        reply
    }

    pub(crate) fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", value.to_string())
    }

    pub(crate) fn html(status: u16, body: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }

    pub(crate) fn xml(status: u16, body: String) -> Self {
        Self::new(status, "text/xml; charset=utf-8", body)
    }

    pub(crate) fn redirect(location: &str) -> Self {
        Self::empty(302).with(header::LOCATION, location)
    }

    /// Adds a header; a value that no header can hold is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    pub(crate) fn into_http(self, spoiling: Spoiling) -> http::Response<Body> {
        let length = self.body.len();
        let half = length / 2;
        let body = match spoiling {
            Spoiling::None => Body::Whole(Some(self.body)),
            Spoiling::Cut => Body::Cut { first: Some(self.body.slice(..half)), length: length as u64, waited: false },
            Spoiling::Stalled(pause) => Body::Stalled {
                first: Some(self.body.slice(..half)),
                pause: Box::pin(tokio::time::sleep(pause)),
                rest: Some(self.body.slice(half..)),
            },
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }
}

/// A reply, or a reply that refuses.
pub(crate) type Answer = Result<Reply, Box<Reply>>;

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        answer.unwrap_or_else(|refusal| *refusal)
    }
}

/// What happens to a reply's body in transit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoiling {
    None,
    /// The connection closes after half of it.
    Cut,
    /// Nothing comes for a while after half of it.
    Stalled(Duration),
}

/// A body in transit.
#[derive(Debug)]
pub(crate) enum Body {
    Whole(Option<Bytes>),
    Cut { first: Option<Bytes>, length: u64, waited: bool },
    Stalled { first: Option<Bytes>, pause: Pin<Box<Sleep>>, rest: Option<Bytes> },
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let frame = |data: Option<Bytes>| Poll::Ready(data.map(|data| Ok(Frame::data(data))));
        match self.get_mut() {
            Self::Whole(data) => frame(data.take()),
            Self::Cut { first, waited, .. } => match first.take().filter(|data| !data.is_empty()) {
                Some(data) => frame(Some(data)),
                None if *waited => Poll::Ready(Some(Err(std::io::Error::other("cut off on purpose")))),
                None => {
                    // If the error came at once, hyper would discard what it has not sent yet.
                    *waited = true;
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
            },
            Self::Stalled { first, pause, rest } => match first.take() {
                Some(data) => frame(Some(data)),
                None if rest.is_none() => frame(None),
                None => match pause.as_mut().poll(cx) {
                    Poll::Ready(()) => frame(rest.take()),
                    Poll::Pending => Poll::Pending,
                },
            },
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(data) => SizeHint::with_exact(data.as_ref().map_or(0, Bytes::len) as u64),
            Self::Cut { length, .. } => SizeHint::with_exact((*length).max(1)),
            Self::Stalled { first, rest, .. } => {
                let left = |data: &Option<Bytes>| data.as_ref().map_or(0, Bytes::len) as u64;
                SizeHint::with_exact(left(first) + left(rest))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(data) => data.is_none(),
            Self::Cut { .. } => false,
            Self::Stalled { rest, .. } => rest.is_none(),
        }
    }
}
