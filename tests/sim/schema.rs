//! Every REST reply is valid according to Panopto's own Swagger description.
//!
//! The description is Swagger 2.0, which cannot say what may be null. It is read here as follows: a property may be
//! null unless it is required, and a reply may have no property that is not described.

use crate::support::{fixed, get, noon, token};
use jsonschema::Validator;
use serde_json::{Value, json};
use sim::{Stress, World};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Turns one definition into JSON Schema with nullable properties and no others.
fn strict(definition: &mut Value) {
    let required: Vec<Value> = definition["required"].as_array().cloned().unwrap_or_default();
    if let Some(properties) = definition.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, property) in properties.iter_mut() {
            if !required.contains(&json!(name)) {
                *property = json!({ "anyOf": [property.take(), { "type": "null" }] });
            }
        }
        definition["additionalProperties"] = json!(false);
    }
}

/// The validator for one reply of one route; `None` if the reply has no body.
type Found = Option<Arc<Validator>>;

/// The description, and what has been built from it so far.
struct Description {
    swagger: Value,
    definitions: Value,
    validators: Mutex<HashMap<(String, String), Found>>,
}

impl Description {
    fn read() -> Self {
        let swagger: Value = serde_json::from_str(include_str!("../fixtures/panopto-rest-api.json")).unwrap();
        let mut definitions = swagger["definitions"].clone();
        definitions.as_object_mut().unwrap().values_mut().for_each(strict);
        Self { swagger, definitions, validators: Mutex::default() }
    }

    fn validator(&self, path: &str, status: &str) -> Found {
        let key = (path.to_owned(), status.to_owned());
        self.validators.lock().unwrap().entry(key).or_insert_with(|| self.build(path, status)).clone()
    }

    fn build(&self, path: &str, status: &str) -> Found {
        let reply = self.swagger["paths"][path]["get"]["responses"].get(status);
        let schema = reply.unwrap_or_else(|| panic!("{status} of {path} is not described")).get("schema")?;
        // In this draft a `$ref` would hide its siblings.
        let whole = json!({ "allOf": [schema], "definitions": self.definitions });
        let built = jsonschema::draft4::options()
            .should_validate_formats(true)
            .with_format("guid", |text| uuid::Uuid::try_parse(text).is_ok())
            .build(&whole);
        Some(Arc::new(built.unwrap()))
    }
}

async fn check(server: &sim::Handle, token: &str, description: &Description, route: &str, path: &str) -> Value {
    let reply = get(server, token, path).await;
    let status = reply.status().as_u16().to_string();
    let text = reply.text().await.unwrap();
    let Some(validator) = description.validator(&format!("/api/v1/{route}"), &status) else {
        assert_eq!(text, "", "{status} of {path} has no schema, so no body");
        return Value::Null;
    };
    let body: Value = serde_json::from_str(&text).unwrap();
    let problems: Vec<String> =
        validator.iter_errors(&body).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(problems.is_empty(), "{path}: {problems:#?}\n{text}");
    body
}

#[tokio::test]
async fn replies_are_valid_by_the_description() {
    let description = Description::read();
    let spec = Stress { views_per_session: 12, ..Stress::default() };
    let mut world = World::stress(5, &spec);
    let (viewer, user) = (world.views[0].user, world.users[0].id);
    world.views.iter_mut().filter(|view| view.user == viewer).for_each(|view| view.user = user);
    world.folders.last_mut().unwrap().visible = false;
    world.sessions[0].start_time = None;
    let server = sim::start(world.clone(), fixed()).await.unwrap();
    let token = token(&server).await;
    let see = |route: &'static str, path: String| {
        let (server, token, description) = (&server, &token, &description);
        async move { check(server, token, description, route, &path).await }
    };
    for folder in &world.folders {
        let id = folder.id;
        see("folders/{id}", format!("folders/{id}")).await;
        see("folders/{id}/children", format!("folders/{id}/children")).await;
        let listed = see("folders/{id}/sessions", format!("folders/{id}/sessions")).await;
        for session in listed["Results"].as_array().unwrap() {
            let id = session["Id"].as_str().unwrap();
            assert_eq!(session["CreatedBy"]["Id"], uuid::Uuid::nil().to_string(), "lists leave the creator out");
            assert!(session["Urls"]["EmbedUrl"].is_null() && session["Urls"]["ViewerUrl"].is_string());
            see("sessions/{id}", format!("sessions/{id}")).await;
            see("sessions/{id}/viewers", format!("sessions/{id}/viewers")).await;
        }
    }
    see("folders/search", "folders/search?searchQuery=*".to_owned()).await;
    see("folders/creator", "folders/creator".to_owned()).await;
    see("sessions/search", "sessions/search?searchQuery=*".to_owned()).await;
    see("folders/{id}/sessions/search", format!("folders/{}/sessions/search?searchQuery=*", world.folders[0].id)).await;
    see("users/search", "users/search?searchQuery=*".to_owned()).await;
    for (route, path) in [
        ("folders/{id}", "folders/nonsense"),
        ("folders/{id}", "folders/11111111-1111-4111-8111-111111111111"),
        ("sessions/{id}", "sessions/11111111-1111-4111-8111-111111111111"),
        ("sessions/{id}", "sessions/nonsense"),
        ("folders/search", "folders/search"),
    ] {
        let body = see(route, path.to_owned()).await;
        assert_eq!(body["Error"]["Success"], false, "{path}");
    }
}

#[test]
fn the_strict_reading_finds_mistakes() {
    let validator = Description::read().validator("/api/v1/folders/{id}/sessions", "200").unwrap();
    let session = |change: Value| {
        let mut session = json!({ "Id": noon_id(), "Name": "x", "Folder": noon_id(), "Duration": 1.5 });
        for (name, value) in change.as_object().unwrap() {
            session[name] = value.clone();
        }
        json!({ "Results": [session] })
    };
    assert!(validator.is_valid(&session(json!({}))));
    for wrong in [
        json!({ "Id": "nonsense" }),
        json!({ "Duration": "12" }),
        json!({ "Folder": null }),
        json!({ "name": "wrong case" }),
        json!({ "StartTime": "yesterday" }),
    ] {
        assert!(!validator.is_valid(&session(wrong.clone())), "{wrong}");
    }
}

fn noon_id() -> String {
    uuid::Uuid::from_u128(noon().timestamp() as u128).to_string()
}
