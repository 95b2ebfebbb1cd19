//! TLS: https beside http, with the same state.

use crate::support::{client, fixed, noon, tokens};
use sim::{Config, Https, World};

fn certificate() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

#[tokio::test]
async fn http_and_https_serve_the_same_state() {
    let (cert_pem, key_pem) = certificate();
    let https = Https { addr: "127.0.0.1:0".parse().unwrap(), cert_pem: cert_pem.clone(), key_pem };
    let server = sim::start(World::tiny(noon()), Config { https: Some(https), ..fixed() }).await.unwrap();
    let token = tokens(&server, "api").await["access_token"].as_str().unwrap().to_owned();

    let _ = client();
    let root = reqwest::Certificate::from_pem(cert_pem.as_bytes()).unwrap();
    let trusting = reqwest::Client::builder().tls_certs_only([root]).build().unwrap();
    let url = format!("{}/Panopto/api/v1/auth/legacyLogin", server.https_url().unwrap());
    let reply = trusting.get(&url).bearer_auth(&token).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    assert!(reply.headers()["set-cookie"].to_str().unwrap().ends_with("; HttpOnly; Secure"));
    assert!(client().get(&url).send().await.is_err(), "nobody else trusts this certificate");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_is_named() {
    let (cert_pem, key_pem) = certificate();
    let start = |cert_pem: &str, key_pem: &str| {
        let https = Https { addr: "127.0.0.1:0".parse().unwrap(), cert_pem: cert_pem.into(), key_pem: key_pem.into() };
        sim::start(World::default(), Config { https: Some(https), ..fixed() })
    };
    let error = start(&cert_pem, "nonsense").await.unwrap_err();
    assert_eq!(error.to_string(), "The private key cannot be used: not a PEM key");
    assert!(start("nonsense", &key_pem).await.is_err());
    let (other, _) = certificate();
    assert!(start(&other, &key_pem).await.is_err(), "key and certificate do not belong together");
}
