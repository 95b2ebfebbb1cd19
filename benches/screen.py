"""A virtual screen (Xvfb) whose pixels can be read as they change, and a session bus beside it."""
from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

SIZE = (1280, 800)
# Time between two looks at the screen.
STEP_SECS = 0.002
# After this long without a change, the screen is final.
SETTLED_SECS = 1.5
PATIENCE_SECS = 30.0
# Compares only every 149th byte: a step that divides neither a pixel nor a line.
STRIDE = 149
# Painted means that this share of what changes between the empty and the final screen has changed.
PAINTED = 0.99


# A session bus that starts no services: no keyring, no portal, nothing that belongs to the user.
BUS = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Screen:
    """Xvfb and a session bus, until closed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        reading, writing = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-fbdir", folder,
             "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing], stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as number:
            self.display = f":{number.readline().strip()}"
        with (folder / "Xvfb_screen0").open("rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        # An X window dump: the first number is the length of its header, the twentieth its number of colours.
        header = struct.unpack(">25I", self.memory[:100])
        self.pixels_at = header[0] + header[19] * 12
        self.bus, self.bus_address = None, ""
        if shutil.which("dbus-daemon"):
            configuration = folder / "bus.conf"
            configuration.write_text(BUS)
            self.bus = subprocess.Popen(["dbus-daemon", f"--config-file={configuration}", "--print-address", "--nofork"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            self.bus_address = self.bus.stdout.readline().strip()

    def variables(self) -> dict[str, str]:
        bus = {"DBUS_SESSION_BUS_ADDRESS": self.bus_address} if self.bus else {}
        # Works without a graphics card, so the numbers do not depend on one.
        return {"DISPLAY": self.display, "WEBKIT_DISABLE_DMABUF_RENDERER": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
                "GDK_BACKEND": "x11", "LANG": "C.UTF-8", **bus}

    def seen(self) -> bytes:
        return self.memory[self.pixels_at::STRIDE]

    def painted_after(self, process: subprocess.Popen, begun: float) -> float:
        """Seconds from `begun` until the screen showed its final picture."""
        empty = self.seen()
        frames = [(begun, empty)]
        while True:
            now, frame = time.perf_counter(), self.seen()
            if frame != frames[-1][1]:
                frames.append((now, frame))
            if len(frames) > 1 and now - frames[-1][0] > SETTLED_SECS:
                break
            if now - begun > PATIENCE_SECS or process.poll() is not None:
                raise SystemExit(f"{process.args} did not open its window")
            time.sleep(STEP_SECS)
        final = frames[-1][1]
        places = [place for place, (a, b) in enumerate(zip(empty, final)) if a != b]
        if len(places) < len(final) // 10:
            raise SystemExit(f"{process.args} painted next to nothing")
        for at, frame in frames[1:]:
            if sum(frame[place] == final[place] for place in places) >= PAINTED * len(places):
                return at - begun
        raise AssertionError("the final frame is like itself")

    def close(self) -> None:
        for process in (self.bus, self.server):
            if process:
                process.terminate()
                process.wait()


def end(process: subprocess.Popen) -> None:
    """Ends a program and its helper processes."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def resident_mib(pid: int) -> float:
    """Memory that a process holds now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"process {pid} is gone")
