//! One call of a command: the arguments that arrive, and the answer that leaves.
//!
//! Invariant: a refusal names the argument and never repeats its value, which may be a password.

use std::sync::Arc;

use engine::{Error, ErrorCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Answer, lost_work};
use crate::events::JobEvents;
use crate::presenting::Presenting;

/// Carries the events of one call to the caller, each as JSON.
pub type EventWire = Arc<dyn Fn(String) + Send + Sync>;

/// What a caller hands over: named arguments, and where the events of a job go.
pub struct Call {
    arguments: Value,
    events: Option<EventWire>,
}

impl Call {
    /// A call with these arguments, an object with camelCase keys.
    pub fn new(arguments: Value, events: Option<EventWire>) -> Self {
        Self { arguments, events }
    }

    /// The same call, whose events are dropped while somebody presents.
    pub(super) fn silent_while(self, presenting: Presenting) -> Self {
        let events = self.events.map(|wire| -> EventWire {
            Arc::new(move |event| {
                if !presenting.is_on() {
                    wire(event);
                }
            })
        });
        Self { events, ..self }
    }

    /// The argument that Rust calls `name`.
    pub(super) fn argument<A: Argument>(&self, command: &str, name: &str) -> Answer<A> {
        let name = camel_case(name);
        Ok(A::of(self, &name).map_err(|fault| refusal(command, &name, fault))?)
    }
}

/// Why an argument cannot be used.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    Missing,
    Malformed,
}

/// What a command can take.
pub(super) trait Argument: Sized {
    fn of(call: &Call, name: &str) -> Result<Self, Fault>;
}

impl<T: DeserializeOwned> Argument for T {
    fn of(call: &Call, name: &str) -> Result<Self, Fault> {
        match call.arguments.get(name) {
            Some(given) => Self::deserialize(given).map_err(|_| Fault::Malformed),
            // An optional argument may be left out.
            None => Self::deserialize(Value::Null).map_err(|_| Fault::Missing),
        }
    }
}

impl<E: Serialize + 'static> Argument for JobEvents<E> {
    fn of(call: &Call, _: &str) -> Result<Self, Fault> {
        let wire = Arc::clone(call.events.as_ref().ok_or(Fault::Missing)?);
        Ok(Self::new(move |event| {
            if let Ok(event) = serde_json::to_string(&event) {
                wire(event);
            }
        }))
    }
}

fn refusal(command: &str, argument: &str, fault: Fault) -> Error {
    let why = match fault {
        Fault::Missing => "is missing",
        Fault::Malformed => "has the wrong form",
    };
    Error::new(ErrorCode::Internal, format!("The argument `{argument}` of the call `{command}` {why}"))
        .with_hint("This is a fault of this program: copy the diagnostic text from the settings and report it")
}

/// The answer as JSON.
pub(super) fn encode(answer: &impl Serialize) -> Answer<String> {
    Ok(serde_json::to_string(answer).map_err(lost_work)?)
}

/// `job_id` as the window writes it: `jobId`.
pub(super) fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.extend(letters);
    }
    camel
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;

    fn message<A: Argument>(arguments: Value, name: &str) -> Result<A, String> {
        Call::new(arguments, None).argument("a_command", name).map_err(|error| error.message)
    }

    #[test]
    fn arguments_are_found_under_the_window_s_names_and_optional_ones_may_be_absent() {
        assert_eq!(message::<String>(json!({ "jobId": "x" }), "job_id"), Ok("x".to_owned()));
        assert_eq!(message::<Option<u8>>(json!({}), "days"), Ok(None));
    }

    #[test]
    fn a_refused_argument_is_named_and_its_value_is_not_repeated() {
        let missing = message::<String>(json!({}), "job_id").unwrap_err();
        assert_eq!(missing, "The argument “jobId” of the call “a_command” is missing");
        let malformed = message::<u8>(json!({ "request": "s3cret" }), "request").unwrap_err();
        assert_eq!(malformed, "The argument “request” of the call “a_command” has the wrong form");
    }

    #[test]
    fn events_are_dropped_while_somebody_presents() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let wire: EventWire = {
            let seen = Arc::clone(&seen);
            Arc::new(move |event| seen.lock().unwrap().push(event))
        };
        let presenting = Presenting::default();
        let call = Call::new(json!({}), Some(wire)).silent_while(presenting.clone());
        let events: JobEvents<u8> = call.argument("x", "on_event").ok().unwrap();
        events.send(1);
        presenting.set(true);
        events.send(2);
        assert_eq!(*seen.lock().unwrap(), ["1"]);
    }

    #[test]
    fn events_go_to_the_caller_as_json_and_are_an_argument_that_can_be_missing() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let wire: EventWire = {
            let seen = Arc::clone(&seen);
            Arc::new(move |event| seen.lock().unwrap().push(event))
        };
        let events: JobEvents<(u8, &str)> = Call::new(json!({}), Some(wire)).argument("x", "on_event").ok().unwrap();
        events.send((1, "a"));
        assert_eq!(*seen.lock().unwrap(), [r#"[1,"a"]"#]);
        assert!(message::<JobEvents<u8>>(json!({ "onEvent": 7 }), "on_event").is_err());
    }
}
