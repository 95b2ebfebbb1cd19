//! Notifications on the desktop: through D-Bus on Linux, by the system's own commands on Windows and macOS.
//!
//! Deliberately absent: names of courses, videos and people; a notification can be seen by whoever passes by.
//!
//! Invariant: the text is text. It reaches no shell, and no markup in it is read.

/// Tells a person something while no window is open.
pub trait Notifier: Send + Sync {
    /// Tells it. The error is a short reason: there is no desktop, or nobody is logged in.
    fn tell(&self, title: &str, text: &str) -> Result<(), String>;
}

/// The desktop of the person who is logged in.
#[derive(Debug, Clone, Copy, Default)]
pub struct DesktopNotifier;

impl Notifier for DesktopNotifier {
    fn tell(&self, title: &str, text: &str) -> Result<(), String> {
        system::tell(title, text)
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::collections::HashMap;

    use zbus::blocking::Connection;
    use zbus::zvariant::Value;

    use crate::nightly::markup;

    /// By `org.freedesktop.Notifications`. It stays until somebody reads it, because nobody looks at night.
    pub(super) fn tell(title: &str, text: &str) -> Result<(), String> {
        const NAME: &str = "org.freedesktop.Notifications";
        const NEVER_EXPIRES: i32 = 0;
        let hints = HashMap::from([("desktop-entry", Value::from("panopto-video-analytics"))]);
        let actions: [&str; 0] = [];
        // Some desktops read markup in the text.
        let text = markup::text(text);
        let call = (
            "Panopto Video Analytics",
            0_u32,
            "panopto-video-analytics",
            title,
            text.as_str(),
            &actions[..],
            hints,
            NEVER_EXPIRES,
        );
        let bus = Connection::session().map_err(|error| error.to_string())?;
        let path = "/org/freedesktop/Notifications";
        bus.call_method(Some(NAME), path, Some(NAME), "Notify", &call).map(drop).map_err(|error| error.to_string())
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::process::Stdio;

    use crate::nightly::system::without_secrets;

    const TITLE: &str = "PANOPTO_ANALYTICS_TITLE";
    const TEXT: &str = "PANOPTO_ANALYTICS_TEXT";

    #[cfg(target_os = "macos")]
    const COMMAND: (&str, &[&str]) = (
        "osascript",
        &[
            "-e",
            "display notification (system attribute \"PANOPTO_ANALYTICS_TEXT\") with title (system attribute \"PANOPTO_ANALYTICS_TITLE\")",
        ],
    );
    /// A toast under PowerShell's name: one of our own would have to be registered.
    #[cfg(not(target_os = "macos"))]
    const COMMAND: (&str, &[&str]) = (
        "powershell",
        &[
            "-NoProfile",
            "-NonInteractive",
            "-Command",
            "[void][Windows.UI.Notifications.ToastNotificationManager,Windows.UI.Notifications,ContentType=WindowsRuntime];\
             $x=[Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent(5);\
             $t=$x.GetElementsByTagName('text');\
             [void]$t.Item(0).AppendChild($x.CreateTextNode($env:PANOPTO_ANALYTICS_TITLE));\
             [void]$t.Item(1).AppendChild($x.CreateTextNode($env:PANOPTO_ANALYTICS_TEXT));\
             $id='{1AC14E77-02E7-4E5D-B744-2EB1AF5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe';\
             [Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($id).Show([Windows.UI.Notifications.ToastNotification]::new($x))",
        ],
    );

    /// The text travels in variables, so that no shell reads it.
    pub(super) fn tell(title: &str, text: &str) -> Result<(), String> {
        let (program, arguments) = COMMAND;
        let mut command = without_secrets(program);
        command.args(arguments).env(TITLE, title).env(TEXT, text).stdin(Stdio::null());
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
    }
}
