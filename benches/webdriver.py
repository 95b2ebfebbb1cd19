"""The part of the W3C WebDriver protocol that is needed to run a script in the program's page."""
from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PATIENCE_SECS = 60
# The drags and scrolls of a whole measurement.
SCRIPT_PATIENCE_SECS = 300


class Page:
    """The program's page, reached through WebKit's own driver, which starts the program."""

    def __init__(self, program: Path, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        # tauri-driver sets these too; without them the web view cannot be driven.
        automated = {"TAURI_AUTOMATION": "true", "TAURI_WEBVIEW_AUTOMATION": "true"}
        self.driver = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env={**environment, **automated},
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"http://127.0.0.1:{port}"
        wanted = {"webkitgtk:browserOptions": {"binary": str(program), "args": []}}
        begun = time.monotonic()
        while True:
            try:
                session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
                break
            except OSError as error:
                if time.monotonic() - begun > PATIENCE_SECS:
                    self.driver.kill()
                    raise SystemExit(f"The program's page cannot be driven: {error}")
                time.sleep(0.2)
        self.base += f"/session/{session['sessionId']}"
        self.call("POST", "/timeouts", {"script": SCRIPT_PATIENCE_SECS * 1000})

    def call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(self.base + path, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=SCRIPT_PATIENCE_SECS * 2) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise OSError(error.read().decode(errors="replace")[:2000]) from error

    def run(self, script: str, *arguments: Any) -> Any:
        """Runs the body of an async function and returns its result. An exception in it stops the benchmark."""
        wrapped = (
            "const done = arguments[arguments.length - 1];"
            "(async (...given) => {" + script + "})(...arguments)"
            ".then((value) => done({ value }), (error) => done({ error: String(error) + error.stack }));"
        )
        answer = self.call("POST", "/execute/async", {"script": wrapped, "args": list(arguments)})
        if "error" in answer:
            raise SystemExit(f"The page says: {answer['error']}")
        return answer.get("value")

    def close(self) -> None:
        try:
            self.call("DELETE", "")
        except OSError:
            pass
        self.driver.terminate()
        self.driver.wait()
        # The program takes a moment to end; a second start meanwhile would only bring the first window to the front.
        time.sleep(2)
