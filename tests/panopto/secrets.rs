//! Secrets are never shown: not by `Debug`, not in an error, not even if a server repeats what it was sent.

use std::error::Error as _;
use std::sync::Arc;

use model::SessionId;
use panopto::{ApiClient, Client, Options, PasswordSignIn, Secret, Server, SignIn, SoapSignIn};

use crate::script::{Reply, Script, fault_body, token};
use crate::support::*;

const PASSWORD: &str = "hunter2-passphrase";
const CLIENT_SECRET: &str = "top-client-secret";
const REFRESH_TOKEN: &str = "refresh-me-quietly";
const ALL: [&str; 3] = [PASSWORD, CLIENT_SECRET, REFRESH_TOKEN];

fn sign_in(with_refresh_token: bool, soap: SoapSignIn) -> SignIn {
    SignIn {
        api_client: Some(ApiClient { id: "id".to_owned(), secret: CLIENT_SECRET.into() }),
        refresh_token: with_refresh_token.then(|| REFRESH_TOKEN.into()),
        password: Some(PasswordSignIn { user_name: "user".to_owned(), password: PASSWORD.into() }),
        soap,
    }
}

fn assert_clean(text: &str) {
    for secret in ALL {
        assert!(!text.contains(secret), "shows {secret}: {text}");
    }
}

#[test]
fn debug_output_holds_none() {
    let sign_in = sign_in(true, SoapSignIn::Cookie);
    assert_clean(&format!("{sign_in:?} {:#?}", sign_in.api_client));
    assert_eq!(format!("{:?}", Secret::new("x")), "Secret(..)");
    let server = Server::parse("uni.hosted.panopto.com").unwrap();
    if let Ok(client) = Client::new(server, sign_in, Arc::new(Kept::default()), Options::default()) {
        assert_eq!(format!("{client:?}"), "Client(uni.hosted.panopto.com)");
    }
    let answer =
        panopto::wire::token_answer(br#"{"access_token":"hunter2-passphrase","refresh_token":"refresh-me-quietly"}"#);
    assert_clean(&format!("{answer:?}"));
}

/// The whole error: sentence, hint, `Debug`, and every source.
fn everything(error: &panopto::Error) -> String {
    let mut text = format!("{error} {error:?} {:?}", error.hint());
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn a_server_that_repeats_what_it_was_sent_gets_no_secret_into_an_error() {
    // Statuses and forms with which a server may answer, each containing the whole request.
    for status in [200, 302, 400, 401, 403, 404, 418] {
        for form in 0..4 {
            let server = Script::start(move |request, _| {
                let all = format!("{} {} {PASSWORD} {CLIENT_SECRET} {REFRESH_TOKEN}", request.head, request.body);
                let body = match form {
                    0 => serde_json::json!({"error": "invalid_grant", "error_description": all}).to_string(),
                    1 => fault_body(&format!("Cannot log {PASSWORD} in")),
                    2 => format!("<html>{all}</html>"),
                    _ => serde_json::json!({"access_token": format!("bad\n{all}")}).to_string(),
                };
                Reply { status, ..Reply::ok(body) }
            })
            .await;
            for with_refresh_token in [true, false] {
                for soap in [SoapSignIn::Cookie, SoapSignIn::AuthInCall] {
                    let client = client(&server.base_url, sign_in(with_refresh_token, soap));
                    let errors = [
                        client.who_am_i().await.unwrap_err(),
                        client.check_usage_access().await.unwrap_err(),
                        client.usage(SessionId::NIL, always(), &mut Collected::default()).await.unwrap_err(),
                    ];
                    for error in errors {
                        assert_clean(&everything(&error));
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_fault_to_a_call_that_carries_the_password_is_shown_without_it() {
    let log_on = "<s:Envelope xmlns:s='x'><s:Body><LogOnWithPasswordResponse><LogOnWithPasswordResult>true\
        </LogOnWithPasswordResult></LogOnWithPasswordResponse></s:Body></s:Envelope>";
    let server = Script::start(move |request, _| match request.path.as_str() {
        "/Panopto/oauth2/connect/token" => token(),
        "/Panopto/PublicAPI/4.2/Auth.svc" => Reply::ok(log_on),
        _ => {
            assert!(request.body.contains(PASSWORD), "the call carries it");
            Reply { status: 500, ..Reply::ok(fault_body(&format!("Bad value {PASSWORD} here"))) }
        }
    })
    .await;
    let client = client(&server.base_url, sign_in(false, SoapSignIn::AuthInCall));
    let error = client.usage(SessionId::NIL, always(), &mut Collected::default()).await.unwrap_err();
    assert!(error.to_string().ends_with("Bad value … here"), "{error}");
    assert_clean(&everything(&error));
}

#[tokio::test]
async fn cookies_and_tokens_are_not_in_errors_either() {
    let server = Script::start(|request, _| match request.path.as_str() {
        "/Panopto/oauth2/connect/token" => Reply::ok(r#"{"access_token":"ACCESS-TOKEN","expires_in":3600}"#),
        "/Panopto/api/v1/auth/legacyLogin" => Reply::ok("").with("set-cookie", ".ASPXAUTH=COOKIE-VALUE; path=/"),
        _ => Reply::status(418),
    })
    .await;
    let client = client(&server.base_url, by_password());
    let errors = [
        client.who_am_i().await.unwrap_err(),
        client.usage(SessionId::NIL, always(), &mut Collected::default()).await.unwrap_err(),
    ];
    for error in errors {
        let text = everything(&error);
        assert!(!text.contains("ACCESS-TOKEN") && !text.contains("COOKIE-VALUE"), "{text}");
    }
}
