//! Certificates are always verified, and the error says what is wrong with one.

use std::sync::Arc;

use panopto::{CaFile, CaFileProblem, Client, Error, ErrorKind, Options, Server};
use sim::{Config, Https};

use crate::support::*;

struct Site {
    server: sim::Handle,
    pem: Vec<u8>,
}

async fn site(names: &[&str], adjust: impl FnOnce(&mut rcgen::CertificateParams)) -> Site {
    let mut params =
        rcgen::CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    adjust(&mut params);
    let key = rcgen::KeyPair::generate().unwrap();
    let cert_pem = params.self_signed(&key).unwrap().pem();
    let https = Https { addr: ([127, 0, 0, 1], 0).into(), cert_pem: cert_pem.clone(), key_pem: key.serialize_pem() };
    let server = tiny(Config { http_addr: None, https: Some(https), ..Config::default() }).await;
    Site { server, pem: cert_pem.into_bytes() }
}

fn client_of(site: &Site, trusted: Option<Vec<u8>>) -> Result<Client, Error> {
    let server = Server::parse(&site.server.base_url()).unwrap();
    let extra_roots = trusted.into_iter().map(|content| CaFile { name: "uni ca.pem".to_owned(), content }).collect();
    Client::new(server, by_password(), Arc::new(Kept::default()), Options { extra_roots, ..hurried() })
}

#[tokio::test]
async fn an_unknown_certificate_is_refused_and_an_extra_one_accepted() {
    let site = site(&["localhost"], |_| {}).await;
    let client = client_of(&site, Some(site.pem.clone())).unwrap();
    assert_eq!(client.sessions_by_page(course(&site.server), |_| ()).await.unwrap().len(), 1);
    let session = sessions(&site.server)[0];
    assert_eq!(fetched(&client, session, always()).await.0.len(), 4);

    // A machine without any certificates of its own says so at once.
    let error = match client_of(&site, None) {
        Ok(client) => client.who_am_i().await.unwrap_err(),
        Err(error) => return assert_eq!(error.kind(), ErrorKind::NotConfigured, "{error}"),
    };
    assert!(matches!(error, Error::Certificate { .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::Network);
    assert!(error.to_string().starts_with("The certificate of https://localhost:"), "{error}");
    assert!(error.to_string().contains("cannot be verified: "), "{error}");
    assert!(error.hint().unwrap().contains("PANOPTO_CA_FILE"));
}

#[tokio::test]
async fn a_certificate_of_another_server_is_refused() {
    let site = site(&["other.example"], |_| {}).await;
    let error = client_of(&site, Some(site.pem.clone())).unwrap().who_am_i().await.unwrap_err();
    assert!(error.to_string().ends_with("cannot be verified: it belongs to another server"), "{error}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let site = site(&["localhost"], |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    })
    .await;
    let error = client_of(&site, Some(site.pem.clone())).unwrap().who_am_i().await.unwrap_err();
    assert!(error.to_string().ends_with("cannot be verified: it has expired"), "{error}");
}

/// What the usual recipes make: an authority's certificate in place of a server's.
#[tokio::test]
async fn a_self_signed_certificate_is_told_in_words() {
    let site = site(&["localhost"], |params| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    })
    .await;
    let error = client_of(&site, Some(site.pem.clone())).unwrap().who_am_i().await.unwrap_err();
    assert!(
        error.to_string().ends_with(
            "cannot be verified: it is self-signed and made to sign other certificates, not to be shown by a server"
        ),
        "{error}"
    );
    assert!(error.hint().unwrap().ends_with("trusting this one does not help"), "{:?}", error.hint());
}

#[tokio::test]
async fn a_file_of_certificates_that_cannot_be_used_is_named() {
    let site = site(&["localhost"], |_| {}).await;
    let pem = String::from_utf8(site.pem.clone()).unwrap();
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap();
    let begin = "-----BEGIN CERTIFICATE-----\n";
    for (bad, problem, sentence) in [
        (Vec::new(), CaFileProblem::Empty, "is empty"),
        (b" \n".to_vec(), CaFileProblem::Empty, "is empty"),
        (b"not pem".to_vec(), CaFileProblem::NotPem, "is not in PEM form (`-----BEGIN CERTIFICATE-----`)"),
        (der, CaFileProblem::Der, "is not in PEM form but in the binary form DER"),
        (
            format!("{begin}AAAA\n-----END CERTIFICATE-----\n").into(),
            CaFileProblem::Damaged,
            "holds a damaged certificate",
        ),
        (
            format!("{pem}{begin}AAAA\n-----END CERTIFICATE-----\n").into(),
            CaFileProblem::Damaged,
            "holds a damaged certificate",
        ),
        (pem[..pem.len() / 2].into(), CaFileProblem::Damaged, "holds a damaged certificate"),
    ] {
        let error = client_of(&site, Some(bad)).unwrap_err();
        assert!(matches!(&error, Error::CaFile { problem: found, .. } if *found == problem), "{error}");
        assert_eq!(error.kind(), ErrorKind::NotConfigured);
        assert_eq!(error.to_string(), format!("The certificate file `uni ca.pem` {sentence}"));
        assert!(error.hint().unwrap().contains("PANOPTO_CA_FILE"));
    }
}
