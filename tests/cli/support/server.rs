//! The simulated server, in this process, on a runtime of its own.

use chrono::{DateTime, NaiveDate, Utc};
use sim::{Config, Handle, UsageLimit, World};

use super::Sandbox;

/// A running server.
pub(crate) struct Server {
    // Comes before the runtime, so that it is dropped on it.
    handle: Option<Handle>,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    /// Starts it.
    pub(crate) fn start(world: World, config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let handle = runtime.block_on(sim::start(world, config)).expect("a loopback port is free");
        Self { handle: Some(handle), runtime }
    }

    /// The smallest world, with records on the days before a fixed date.
    pub(crate) fn tiny() -> Self {
        Self::start(World::tiny(past()), Config::default())
    }

    /// Its handle.
    pub(crate) fn sim(&self) -> &Handle {
        self.handle.as_ref().expect("it runs")
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        self.sim().base_url()
    }

    /// The folder of the first course.
    pub(crate) fn course(&self) -> String {
        self.sim().world().folders[0].id.to_string()
    }

    /// Usage calls so far.
    pub(crate) fn usage_calls(&self) -> usize {
        self.sim().requests().iter().filter(|entry| entry.route == sim::Route::SoapUsage).count()
    }

    /// Stops the server; its address no longer answers.
    pub(crate) fn stop(&mut self) {
        if let Some(handle) = self.handle.take() {
            self.runtime.block_on(handle.stop());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A day that is certainly in the past.
pub(crate) fn past() -> DateTime<Utc> {
    DateTime::from_timestamp(1_640_908_800, 0).expect("31 Dec 2021")
}

/// The last complete UTC day, up to which a sync fetches.
pub(crate) fn yesterday() -> NaiveDate {
    engine::clock::last_complete_day(engine::clock::Clock::now(&engine::clock::SystemClock))
}

/// A server with small usage pages, so that a sync has many calls to make.
pub(crate) fn clamped(limit: usize) -> Config {
    Config { usage_limit: UsageLimit::Clamp(limit), ..Config::default() }
}

/// Gives a job the variables to sign in with user name and password.
pub(crate) fn password_variables(sandbox: &mut Sandbox, server: &Server) {
    let url = server.url();
    sandbox
        .set("PANOPTO_SERVER", &url)
        .set("PANOPTO_CLIENT_ID", sim::DEMO_CLIENT_ID)
        .set("PANOPTO_CLIENT_SECRET", sim::DEMO_CLIENT_SECRET)
        .set("PANOPTO_USERNAME", sim::DEMO_USER)
        .set("PANOPTO_PASSWORD", sim::DEMO_PASSWORD)
        .hide(&url, "[SERVER]")
        .hide(yesterday().to_string(), "[YESTERDAY]");
    sandbox.hide(model::words::day_year(model::Day::from_date(yesterday())), "[YESTERDAY]");
}

/// A fresh refresh token of the demo's user, as from a browser sign-in.
pub(crate) fn refresh_token(server: &Server) -> String {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let form = format!(
        "grant_type=password&username={}&password={}&scope=openid%20api%20offline_access&client_id={}&client_secret={}",
        encoded(sim::DEMO_USER),
        encoded(sim::DEMO_PASSWORD),
        encoded(sim::DEMO_CLIENT_ID),
        encoded(sim::DEMO_CLIENT_SECRET)
    );
    let answer = super::post_form(&format!("{}/Panopto/oauth2/connect/token", server.url()), &form);
    let json: serde_json::Value = serde_json::from_str(&answer.body).expect("the token endpoint answers JSON");
    json["refresh_token"].as_str().expect("a refresh token").to_owned()
}
