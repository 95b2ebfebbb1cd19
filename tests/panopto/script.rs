//! A server that answers byte for byte as a test says, for everything that the simulated server is too well behaved to
//! do.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// The whole head, names as sent.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// The answer to send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Close the connection after this many bytes of the body.
    pub(crate) cut_after: Option<usize>,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), ..Self::default() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// A running scripted server; stops when dropped.
pub(crate) struct Script {
    pub(crate) base_url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Script {
    /// Answers each request with `answer`, which also receives how many requests to the same path came before.
    pub(crate) async fn start(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::<Request>::new()));
        let (log, answer) = (requests.clone(), Arc::new(answer));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (log, answer) = (log.clone(), answer.clone());
                tokio::spawn(async move {
                    let decide = move |request: Request| {
                        let mut log = log.lock().unwrap();
                        let before = log.iter().filter(|earlier| earlier.path == request.path).count();
                        log.push(request.clone());
                        drop(log);
                        answer(&request, before)
                    };
                    let _ = serve(stream, decide).await;
                });
            }
        });
        Self { base_url, requests, task }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How many requests went to paths with this ending.
    pub(crate) fn count(&self, ending: &str) -> usize {
        self.requests().iter().filter(|request| request.path.ends_with(ending)).count()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request per connection.
async fn serve(mut stream: TcpStream, answer: impl Fn(Request) -> Reply) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok())
        .unwrap_or(0);
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    }
    let body = String::from_utf8_lossy(&bytes[head_end + 4..]).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let reply = answer(Request { path: path.to_owned(), head, body });
    let mut head = format!("HTTP/1.1 {} Scripted\r\nconnection: close\r\n", reply.status);
    if !reply.headers.iter().any(|(name, _)| *name == "content-length") {
        head += &format!("content-length: {}\r\n", reply.body.len());
    }
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).await?;
    stream.write_all(&reply.body[..reply.cut_after.unwrap_or(reply.body.len())]).await?;
    stream.shutdown().await
}

/// The token endpoint of a server that grants everything.
pub(crate) fn token() -> Reply {
    Reply::ok(r#"{"access_token":"token","token_type":"Bearer","expires_in":3600}"#)
}

/// A scripted server that signs everybody in. `answer` handles usage and REST.
pub(crate) async fn signed_in(answer: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Script {
    Script::start(move |request, before| match request.path.as_str() {
        "/Panopto/oauth2/connect/token" => token(),
        "/Panopto/api/v1/auth/legacyLogin" => {
            Reply::ok("").with("set-cookie", format!(".ASPXAUTH=cookie{before}; path=/; HttpOnly"))
        }
        _ => answer(request, before),
    })
    .await
}

/// The body of a usage reply. `rows` is XML.
pub(crate) fn usage_body(rows: &str, total: Option<u64>) -> String {
    let total =
        total.map(|total| format!("<a:TotalNumberResponses>{total}</a:TotalNumberResponses>")).unwrap_or_default();
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetSessionExtendedDetailedUsageResponse xmlns="http://tempuri.org/"><GetSessionExtendedDetailedUsageResult xmlns:a="http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><a:PagedResponses>{rows}</a:PagedResponses>{total}</GetSessionExtendedDetailedUsageResult></GetSessionExtendedDetailedUsageResponse></s:Body></s:Envelope>"#
    )
}

/// One row of a usage reply; `second` makes it different from others.
pub(crate) fn usage_row(session: model::SessionId, second: u32) -> String {
    let (minute, second_of_minute) = (second / 60, second % 60);
    format!(
        "<a:ExtendedDetailedUsageResponseItem><a:SecondsViewed>1</a:SecondsViewed><a:SessionId>{session}</a:SessionId>\
         <a:StartPosition>{second}</a:StartPosition><a:Time>2024-03-01T10:{minute:02}:{second_of_minute:02}Z</a:Time>\
         <a:UserId>11111111-0000-4000-8000-00000000000a</a:UserId><a:PlaybackSpeed>1</a:PlaybackSpeed>\
         <a:StartReason>Start</a:StartReason><a:StopReason>End</a:StopReason></a:ExtendedDetailedUsageResponseItem>"
    )
}

pub(crate) fn fault_body(text: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang="en-US">{text}</faultstring></s:Fault></s:Body></s:Envelope>"#
    )
}

/// The page number and size that a usage request asks for.
pub(crate) fn page_asked(request: &Request) -> (u32, u32) {
    let number = |name: &str| -> u32 {
        let (_, rest) = request.body.split_once(&format!("<p:{name}>")).unwrap();
        rest.split('<').next().unwrap().parse().unwrap()
    };
    (number("PageNumber"), number("MaxNumberResults"))
}
