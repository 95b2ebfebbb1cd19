//! The window, used as a person would use it: click on words, type into labelled fields, drag, wait for words.
//!
//! Plain W3C WebDriver over HTTP; nothing here knows the program's internals.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::program::Home;

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Finds what a person would find: a visible element of one of these kinds with this name (whole, or a part with `…`).
const FIND: &str = r"
const [kinds, wanted] = arguments;
const part = wanted.endsWith('…') ? wanted.slice(0, -1) : null;
const name = (e) => (e.getAttribute('aria-label') || e.innerText || e.value || '').replace(/\s+/g, ' ').trim();
const seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0 && !e.disabled; };
// Nothing behind an open dialog can be clicked.
const all = [...(document.querySelector('dialog[open]') || document).querySelectorAll(kinds)].filter(seen);
return all.find((e) => name(e) === wanted) || (part !== null && all.find((e) => name(e).startsWith(part))) || null;
";

/// The program in its window.
pub(crate) struct Window {
    driver: Child,
    client: Client,
    base: String,
}

impl Window {
    /// Starts the program.
    pub(crate) async fn open(home: &Home) -> Self {
        let (port, native) = (free_port(), free_port());
        let driver = Command::new("tauri-driver")
            .args(["--port", &port.to_string(), "--native-port", &native.to_string()])
            .envs(home.variables())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tauri-driver is installed (.ci/e2e does that)");
        let client = Client::builder().timeout(PATIENCE).build().unwrap();
        let mut window = Self { driver, client, base: format!("http://127.0.0.1:{port}") };
        let program = env!("CARGO_BIN_EXE_panopto-video-analytics");
        let wanted = json!({ "capabilities": { "alwaysMatch": { "tauri:options": { "application": program } } } });
        let start = Instant::now();
        // The very first session on a cold machine has been seen to hang or fail once.
        let session = loop {
            match window.try_call(Method::POST, "/session", wanted.clone()).await {
                Ok(session) => break session,
                Err(error) if start.elapsed() > PATIENCE * 2 => panic!("no session: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(300)).await,
            }
        };
        window.base = format!("{}/session/{}", window.base, session["sessionId"].as_str().unwrap());
        window
    }

    /// Closes the window as its close button does, and waits until the program has ended.
    pub(crate) async fn close(self) {
        let _ = self.try_call(Method::DELETE, "/window", Value::Null).await;
        tokio::time::sleep(Duration::from_millis(800)).await;
    }

    async fn try_call(&self, method: Method, path: &str, body: Value) -> Result<Value, String> {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = if body.is_null() { request } else { request.json(&body) };
        let reply: Value = request.send().await.map_err(|e| e.to_string())?.json().await.map_err(|e| e.to_string())?;
        match reply["value"].get("error") {
            Some(_) => Err(reply["value"].to_string()),
            None => Ok(reply["value"].clone()),
        }
    }

    async fn call(&self, path: &str, body: Value) -> Value {
        self.try_call(Method::POST, path, body).await.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Runs a script in the page that only reads.
    pub(crate) async fn look(&self, script: &str, arguments: Value) -> Value {
        self.call("/execute/sync", json!({ "script": script, "args": arguments })).await
    }

    /// The whole text of the page.
    pub(crate) async fn text(&self) -> String {
        self.look("return document.body.innerText", json!([])).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows these words.
    #[track_caller]
    pub(crate) fn sees(&self, words: &str) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let start = Instant::now();
            while !self.text().await.contains(words) {
                if start.elapsed() > PATIENCE {
                    let shown = picture("missing");
                    panic!("{place}: “{words}” did not appear; {}\n{}", shown.display(), self.text().await);
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    async fn find(&self, kinds: &str, name: &str) -> String {
        let start = Instant::now();
        loop {
            let found = self.look(FIND, json!([kinds, name])).await;
            if let Some(element) = found[ELEMENT].as_str() {
                return element.to_owned();
            }
            if start.elapsed() > PATIENCE {
                let shown = picture("missing");
                panic!("nothing is called “{name}”; {}\n{}", shown.display(), self.text().await);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks on a button, link, tab, menu item or choice with this name; a final `…` stands for any rest.
    pub(crate) async fn click(&self, name: &str) {
        let kinds = "button, a, label, [role=tab], [role=menuitem], [role=button], [role=row]";
        let element = self.find(kinds, name).await;
        self.call(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Clicks on the first element that this selector finds.
    pub(crate) async fn click_first(&self, css: &str) {
        let start = Instant::now();
        let element = loop {
            let found = self.try_call(Method::POST, "/element", json!({ "using": "css selector", "value": css })).await;
            match found {
                Ok(found) => break found[ELEMENT].as_str().unwrap().to_owned(),
                Err(error) if start.elapsed() > PATIENCE => panic!("nothing is `{css}`: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        self.call(&format!("/element/{element}/click"), json!({})).await;
    }

    /// Types into the field with this label, and replaces its contents.
    pub(crate) async fn fill(&self, label: &str, text: &str) {
        let script = "const label = [...document.querySelectorAll('label')].find((l) => l.innerText.trim() === arguments[0]); \
                      return label ? label.control : document.querySelector(`input[aria-label=\"${arguments[0]}\"]`);";
        let start = Instant::now();
        let field = loop {
            match self.look(script, json!([label])).await[ELEMENT].as_str() {
                Some(field) => break field.to_owned(),
                None if start.elapsed() > PATIENCE => panic!("no field is labelled “{label}”\n{}", self.text().await),
                None => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        };
        self.call(&format!("/element/{field}/clear"), json!({})).await;
        self.call(&format!("/element/{field}/value"), json!({ "text": text })).await;
    }

    /// Presses a key: a character, or a code point of the WebDriver specification.
    pub(crate) async fn press(&self, key: &str) {
        let actions = [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        self.call("/actions", json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] })).await;
    }

    /// Drags across an element, from one share of its width to another.
    pub(crate) async fn drag_across(&self, css: &str, from: f64, to: f64) {
        let script = "const r = document.querySelector(arguments[0]).getBoundingClientRect(); return [r.left, r.top, r.width, r.height];";
        let place = self.look(script, json!([css])).await;
        let number = |index: usize| place[index].as_f64().unwrap();
        let x = |share: f64| (number(0) + number(2) * share).round();
        let y = (number(1) + number(3) / 2.0).round();
        let to_point = |share: f64| json!({ "type": "pointerMove", "x": x(share), "y": y, "duration": 40 });
        let steps = 6;
        let mut actions = vec![to_point(from), json!({ "type": "pointerDown", "button": 0 })];
        actions.extend((1..=steps).map(|step| to_point(from + (to - from) * f64::from(step) / f64::from(steps))));
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        let pointer =
            json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.call("/actions", json!({ "actions": [pointer] })).await;
    }

    /// Points at the last element that this selector finds.
    pub(crate) async fn point_at(&self, css: &str) {
        let script = "const all = document.querySelectorAll(arguments[0]); const r = all[all.length - 1].getBoundingClientRect(); \
                      return [r.left + r.width / 2, r.top + r.height / 2];";
        let place = self.look(script, json!([css])).await;
        let at = |index: usize, beside: f64| (place[index].as_f64().unwrap() + beside).round();
        let moved = |beside: f64| json!({ "type": "pointerMove", "x": at(0, beside), "y": at(1, 0.0), "duration": 40 });
        let pointer = json!({
            "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": [moved(-2.0), moved(0.0)],
        });
        self.call("/actions", json!({ "actions": [pointer] })).await;
    }

    /// A picture of the page alone, without its menu. Taken from the display, because the driver's own method does not
    /// answer on machines without a graphics card. `place` is where the window's upper left corner is on the display, and
    /// the window's height, in pixels. Its title is no way to find it, because the title names what is open.
    pub(crate) async fn picture_of_page(&self, path: &std::path::Path, (left, top, height): (u32, u32, u32)) {
        let size = self.look("return [innerWidth, innerHeight]", json!([])).await;
        let page = u32::try_from(size[1].as_u64().unwrap()).unwrap();
        let crop = format!("{}x{page}+{left}+{}", size[0], top + height - page);
        let done = Command::new("import").args(["-window", "root", "-crop", &crop, "+repage"]).arg(path).status();
        assert!(done.is_ok_and(|status| status.success()), "ImageMagick's `import` cannot take {}", path.display());
    }
}

impl Drop for Window {
    /// Nothing may go on after a test, even a failed one: the next start would only bring this window to the front.
    fn drop(&mut self) {
        let _ = Command::new("curl").args(["--silent", "--max-time", "10", "-X", "DELETE", &self.base]).output();
        // If it is asked to end and not killed, tauri-driver also ends the web view's driver.
        let _ = Command::new("kill").arg(self.driver.id().to_string()).status();
        let _ = self.driver.wait();
    }
}

/// A picture of the display for people, kept where `E2E_PICTURES` says.
pub(crate) fn picture(name: &str) -> PathBuf {
    let dir = std::env::var_os("E2E_PICTURES").map_or_else(std::env::temp_dir, PathBuf::from);
    let path = dir.join(format!("{name}.png"));
    let _ = std::fs::create_dir_all(&dir);
    let _ = Command::new("import").args(["-window", "root"]).arg(&path).status();
    path
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
