//! OAuth2: the four grants, the page, rotation, PKCE, and what is refused.

use crate::support::{client, fixed, get, post_token, tiny, tiny_with, token, tokens};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sim::{
    ApiClient, Config, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PASSWORD, DEMO_REDIRECT, DEMO_USER, Grant, Handle, Pkce,
};
use std::collections::HashMap;
use std::time::Duration;

fn authorize_url(server: &Handle, parameters: &[(&str, &str)]) -> String {
    let mut all: HashMap<&str, &str> = HashMap::from([
        ("client_id", DEMO_CLIENT_ID),
        ("redirect_uri", DEMO_REDIRECT),
        ("response_type", "code"),
        ("scope", "openid api offline_access"),
        ("state", "st&te=1"),
    ]);
    all.extend(parameters.iter().copied());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
    format!("{}/Panopto/oauth2/connect/authorize?{query}", server.base_url())
}

/// The parameters on the redirect of a reply.
fn redirect(reply: &reqwest::Response) -> HashMap<String, String> {
    assert_eq!(reply.status(), 302);
    let location = reply.headers()["location"].to_str().unwrap();
    assert!(location.starts_with(&format!("{DEMO_REDIRECT}?")), "{location}");
    url::Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

async fn sign_in(server: &Handle, extra: &[(&str, &str)], password: &str) -> reqwest::Response {
    let form = [("username", DEMO_USER), ("password", password), ("button", "allow")];
    client().post(authorize_url(server, extra)).form(&form).send().await.unwrap()
}

async fn code(server: &Handle, extra: &[(&str, &str)]) -> String {
    redirect(&sign_in(server, extra, DEMO_PASSWORD).await)["code"].clone()
}

async fn exchange(server: &Handle, code: &str, extra: &[(&str, &str)]) -> (u16, Value) {
    let mut form = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", DEMO_REDIRECT)];
    form.extend(extra);
    let (status, body) = post_token(server, &form).await;
    (status.as_u16(), body)
}

#[tokio::test]
async fn a_person_signs_in_on_the_page_and_the_code_becomes_tokens() {
    let server = tiny().await;
    let page = client().get(authorize_url(&server, &[("state", "\"><script>")])).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    assert!(html.contains(r#"name="password" type="password""#));
    assert!(!html.contains("<script>"), "what the client sent is escaped");

    let wrong = sign_in(&server, &[], "nonsense").await;
    assert_eq!(wrong.status(), 200);
    assert!(wrong.text().await.unwrap().contains("not right"));

    let answer = redirect(&sign_in(&server, &[], DEMO_PASSWORD).await);
    assert_eq!(answer["state"], "st&te=1");
    let (status, body) = exchange(&server, &answer["code"], &[]).await;
    assert_eq!(status, 200);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert!(body["refresh_token"].is_string() && body["id_token"].is_string());
    assert_eq!(get(&server, body["access_token"].as_str().unwrap(), "folders/creator").await.status(), 200);
    assert_eq!(exchange(&server, &answer["code"], &[]).await, (400, json!({"error": "invalid_grant"})), "only once");
}

#[tokio::test]
async fn the_form_of_the_page_carries_the_request_on() {
    let server = tiny().await;
    let html = client().get(authorize_url(&server, &[])).send().await.unwrap().text().await.unwrap();
    // As a browser would: sends the hidden fields and the person's entries to the address of the form.
    let mut form: Vec<(String, String)> = html
        .split(r#"<input type="hidden" name=""#)
        .skip(1)
        .map(|rest| {
            let (name, rest) = rest.split_once(r#"" value=""#).unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().replace("&amp;", "&"))
        })
        .collect();
    form.push(("username".into(), DEMO_USER.to_uppercase()));
    form.push(("password".into(), DEMO_PASSWORD.into()));
    let url = format!("{}/Panopto/oauth2/connect/authorize", server.base_url());
    let reply = client().post(url).form(&form).send().await.unwrap();
    assert_eq!(redirect(&reply)["state"], "st&te=1");
}

#[tokio::test]
async fn a_refused_or_wrong_authorization_request_says_so() {
    let server = tiny().await;
    for parameters in [
        ("client_id", "unknown"),
        ("redirect_uri", "http://localhost:9127/redirect/"),
        ("redirect_uri", "http://localhost:9128/redirect"),
    ] {
        let reply = client().get(authorize_url(&server, &[parameters])).send().await.unwrap();
        assert_eq!(reply.status(), 400, "{parameters:?}: a page, never a redirect");
        assert!(!reply.headers().contains_key("location"));
    }
    for (parameters, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "api everything"), "invalid_scope"),
        (("scope", ""), "invalid_scope"),
    ] {
        let reply = client().get(authorize_url(&server, &[parameters])).send().await.unwrap();
        let answer = redirect(&reply);
        assert_eq!((answer["error"].as_str(), answer["state"].as_str()), (error, "st&te=1"));
    }
    let form = [("button", "cancel")];
    let reply = client().post(authorize_url(&server, &[])).form(&form).send().await.unwrap();
    assert_eq!(redirect(&reply)["error"], "access_denied");
}

#[tokio::test]
async fn auto_approval_answers_at_once() {
    let server = tiny_with(Config { auto_approve: true, ..fixed() }).await;
    let reply = client().get(authorize_url(&server, &[])).send().await.unwrap();
    let (status, _) = exchange(&server, &redirect(&reply)["code"], &[]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_code_is_bound_to_its_redirect_and_ends() {
    let server = tiny().await;
    let first = code(&server, &[]).await;
    let other =
        [("grant_type", "authorization_code"), ("code", &first), ("redirect_uri", "http://127.0.0.1:9127/redirect")];
    assert_eq!(post_token(&server, &other).await.1, json!({"error": "invalid_grant"}));
    let late = code(&server, &[]).await;
    server.advance(Duration::from_secs(301));
    assert_eq!(exchange(&server, &late, &[]).await.0, 400);
}

#[tokio::test]
async fn pkce_is_accepted_required_or_refused() {
    let verifier = "a-verifier-of-at-least-forty-three-characters-length";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let with = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];

    let server = tiny().await;
    let proof = [("code_verifier", verifier)];
    assert_eq!(exchange(&server, &code(&server, &with).await, &proof).await.0, 200);
    assert_eq!(exchange(&server, &code(&server, &with).await, &[]).await.0, 400, "no verifier");
    assert_eq!(exchange(&server, &code(&server, &with).await, &[("code_verifier", "wrong")]).await.0, 400);
    assert_eq!(exchange(&server, &code(&server, &[]).await, &proof).await.0, 400, "no challenge");

    server.config_mut().pkce = Pkce::Refuse;
    assert_eq!(exchange(&server, &code(&server, &with).await, &proof).await.1, json!({"error": "invalid_grant"}));
    assert_eq!(exchange(&server, &code(&server, &[]).await, &[]).await.0, 200);

    server.config_mut().pkce = Pkce::Require;
    let reply = client().get(authorize_url(&server, &[])).send().await.unwrap();
    assert_eq!(redirect(&reply)["error"], "invalid_request");
    assert_eq!(exchange(&server, &code(&server, &with).await, &proof).await.0, 200);
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let server = tiny().await;
    let first = tokens(&server, "api offline_access").await;
    let refresh = |token: &Value| {
        let (server, token) = (&server, token.as_str().unwrap().to_owned());
        async move { post_token(server, &[("grant_type", "refresh_token"), ("refresh_token", &token)]).await }
    };
    let (status, second) = refresh(&first["refresh_token"]).await;
    assert_eq!(status, 200);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_ne!(second["access_token"], first["access_token"]);
    assert_eq!(
        refresh(&first["refresh_token"]).await,
        (reqwest::StatusCode::BAD_REQUEST, json!({"error": "invalid_grant"}))
    );
    let (status, third) = refresh(&second["refresh_token"]).await;
    assert_eq!(status, 200, "the loser's attempt does not harm the winner");

    server.use_refresh_tokens();
    assert_eq!(refresh(&third["refresh_token"]).await.1, json!({"error": "invalid_grant"}));

    let kept = tokens(&server, "api offline_access").await;
    server.config_mut().rotate_refresh_tokens = false;
    for _ in 0..2 {
        let (status, body) = refresh(&kept["refresh_token"]).await;
        assert_eq!(status, 200);
        assert!(body.get("refresh_token").is_none(), "without rotation no new one comes");
    }
    server.config_mut().refresh_lifetime = Some(Duration::from_secs(60));
    let short = tokens(&server, "api offline_access").await;
    server.advance(Duration::from_secs(60));
    assert_eq!(refresh(&short["refresh_token"]).await.0, 400);
}

#[tokio::test]
async fn no_refresh_token_without_offline_access() {
    let server = tiny().await;
    let body = tokens(&server, "api").await;
    assert!(body.get("refresh_token").is_none() && body.get("id_token").is_none());
}

#[tokio::test]
async fn client_credentials_are_raw_basic_or_in_the_body() {
    let server = tiny().await;
    let url = format!("{}/Panopto/oauth2/connect/token", server.base_url());
    let person = [("grant_type", "password"), ("username", DEMO_USER), ("password", DEMO_PASSWORD), ("scope", "api")];
    let mut in_body = person.to_vec();
    in_body.extend([("client_id", DEMO_CLIENT_ID), ("client_secret", DEMO_CLIENT_SECRET)]);
    assert_eq!(client().post(&url).form(&in_body).send().await.unwrap().status(), 200);

    let encoded: String = url::form_urlencoded::byte_serialize(DEMO_CLIENT_SECRET.as_bytes()).collect();
    for secret in ["wrong", &encoded] {
        let reply = client().post(&url).basic_auth(DEMO_CLIENT_ID, Some(secret)).form(&person).send().await.unwrap();
        assert_eq!(reply.status(), 400);
        assert_eq!(reply.json::<Value>().await.unwrap(), json!({"error": "invalid_client"}), "{secret}");
    }
    let reply = client().post(&url).form(&person).send().await.unwrap();
    assert_eq!(reply.json::<Value>().await.unwrap(), json!({"error": "invalid_client"}));
}

#[tokio::test]
async fn errors_of_the_token_endpoint_tell_the_causes_apart() {
    let one_way = ApiClient { grants: vec![Grant::Code], ..ApiClient::demo() };
    let server = tiny_with(Config { clients: vec![one_way], ..fixed() }).await;
    let person = [("grant_type", "password"), ("username", DEMO_USER), ("password", DEMO_PASSWORD), ("scope", "api")];
    assert_eq!(post_token(&server, &person).await.1["error"], "unauthorized_client");
    server.config_mut().clients = vec![ApiClient::demo()];
    let wrong = [("grant_type", "password"), ("username", DEMO_USER), ("password", "no"), ("scope", "api")];
    assert_eq!(post_token(&server, &wrong).await.1["error"], "invalid_grant");
    assert_eq!(post_token(&server, &[("grant_type", "magic")]).await.1["error"], "unsupported_grant_type");
    let wide = [("grant_type", "client_credentials"), ("scope", "api all")];
    assert_eq!(post_token(&server, &wide).await.1["error"], "invalid_scope");
}

#[tokio::test]
async fn a_clients_own_token_reads_but_becomes_no_cookie() {
    let server = tiny().await;
    let (_, body) = post_token(&server, &[("grant_type", "client_credentials"), ("scope", "api")]).await;
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(get(&server, token, "folders/search?searchQuery=*").await.status(), 200);
    assert_eq!(get(&server, token, "auth/legacyLogin").await.status(), 401);
}

#[tokio::test]
async fn userinfo_discovery_and_revocation() {
    let server = tiny().await;
    let base = format!("{}/Panopto/oauth2", server.base_url());
    let found: Value =
        client().get(format!("{base}/.well-known/openid-configuration")).send().await.unwrap().json().await.unwrap();
    assert_eq!(found["issuer"], base);
    let keys = client().get(found["jwks_uri"].as_str().unwrap()).send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(keys, json!({"keys": []}));

    let token = token(&server).await;
    let userinfo = || client().get(found["userinfo_endpoint"].as_str().unwrap()).bearer_auth(&token).send();
    let user: Value = userinfo().await.unwrap().json().await.unwrap();
    assert_eq!(user["preferred_username"], DEMO_USER);
    let id = server.world().users[0].id;
    assert_eq!(user["sub"], id.to_string());

    let revocation = found["revocation_endpoint"].as_str().unwrap();
    let anonymous = client().post(revocation).form(&[("token", &token)]).send().await.unwrap();
    assert_eq!(anonymous.status(), 400);
    let form = [("token", &token)];
    let reply = client()
        .post(revocation)
        .basic_auth(DEMO_CLIENT_ID, Some(DEMO_CLIENT_SECRET))
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(userinfo().await.unwrap().status(), 401);
}

#[tokio::test]
async fn tokens_end_after_their_life() {
    let server = tiny().await;
    let token = token(&server).await;
    server.advance(Duration::from_secs(3599));
    assert_eq!(get(&server, &token, "folders/creator").await.status(), 200);
    server.advance(Duration::from_secs(1));
    let reply = get(&server, &token, "folders/creator").await;
    assert_eq!(reply.status(), 401);
    assert_eq!(reply.text().await.unwrap(), "");
    server.config_mut().expired_token_status = 403;
    assert_eq!(get(&server, &token, "folders/creator").await.status(), 403);
}
