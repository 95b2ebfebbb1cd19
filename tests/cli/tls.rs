//! https with the site's own certificate authority.

use sim::{Config, Https, World};

use crate::support::{Sandbox, Server, password_variables, past};

#[test]
fn a_certificate_is_verified_and_an_extra_one_is_trusted_when_told() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let https = Https {
        addr: ([127, 0, 0, 1], 0).into(),
        cert_pem: certified.cert.pem(),
        key_pem: certified.signing_key.serialize_pem(),
    };
    let server = Server::start(World::tiny(past()), Config { https: Some(https), ..Config::default() });
    let mut sandbox = Sandbox::new();
    password_variables(&mut sandbox, &server);
    sandbox.always(&["--no-keychain"]).set("PANOPTO_SERVER", server.sim().https_url().expect("it serves https"));
    let refused = sandbox.run(&["credentials", "show", "--check"]).exits_with(4);
    assert!(refused.stderr.contains("The certificate of https://localhost"), "{}", refused.stderr);
    assert!(refused.stderr.contains("PANOPTO_CA_FILE"), "{}", refused.stderr);
    let ca = sandbox.write("site.pem", certified.cert.pem());
    sandbox.set("PANOPTO_CA_FILE", ca.display().to_string());
    let trusted = sandbox.run(&["credentials", "show", "--check"]).exits_with(0);
    assert!(trusted.stdout.contains("Demo Teacher"), "{}", trusted.stdout);
    sandbox.run(&["courses", "add", &server.course()]).exits_with(0);
    sandbox.run(&["sync"]).exits_with(0);
    sandbox.write("site.pem", "no certificate");
    let damaged = sandbox.run(&["credentials", "show", "--check"]).exits_with(3);
    assert!(damaged.stderr.contains("is not in PEM form"), "{}", damaged.stderr);
}
