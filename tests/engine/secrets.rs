//! The operating system's keychain, in whatever state this machine has it.

use engine::ErrorCode;
use engine::environment::FixedEnvironment;
use engine::secrets::{KeychainSecrets, SERVICE_VARIABLE, Secret, SecretName, SecretStore};

/// With a keychain: what is stored can be found, replaced and deleted. Without one: one clear sentence, and what to do.
/// Run it under `dbus-run-session` with an unlocked keyring to see the first case on a bare machine.
#[test]
fn the_keychain_keeps_secrets_or_says_why_not() {
    let environment = FixedEnvironment::new([(SERVICE_VARIABLE, "Panopto Video Analytics (test)")]);
    let keychain = KeychainSecrets::from_environment(&environment);
    let name = SecretName::Password { server: "keychain-test.example".into() };
    let kept = keychain.set(&name, &Secret::new("hunter2 é+/=")).and_then(|()| {
        assert_eq!(keychain.get(&name)?.map(|secret| secret.expose().to_owned()).as_deref(), Some("hunter2 é+/="));
        keychain.set(&name, &Secret::new("second"))?;
        assert_eq!(keychain.get(&name)?.map(|secret| secret.expose().to_owned()).as_deref(), Some("second"));
        keychain.delete(&name)?;
        keychain.delete(&name)?;
        assert!(keychain.get(&name)?.is_none());
        Ok(())
    });
    println!("keychain: {kept:?}");
    if let Err(error) = kept {
        assert!(matches!(error.code(), ErrorCode::KeychainUnavailable | ErrorCode::KeychainLocked), "{error:?}");
        assert!(error.hint().is_some());
        assert!(!format!("{error:?}").contains("hunter2"));
        // A locked keychain says "no entry" when it is read. That must not be taken for "no password".
        assert!(keychain.get(&name).is_err());
        assert_eq!(keychain.probe().is_err(), error.code() == ErrorCode::KeychainUnavailable);
    }
}
