"""The window: start and memory compared with an empty Tauri window, redrawing while a range is dragged, scrolling."""
from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from measuring import Spread, clear, percentile, run
from place import Place
from screen import SIZE, Screen, end, resident_mib
from tables import Table
from webdriver import Page

RUNS = 5
DRAGS = 300
SCROLL_FRAMES = 300
# How the timeline of a video is shown: the button, and how many charts are drawn anew when the range changes.
VIEWS = {"By part": 2, "By second": 1}

# Waits until a selector finds something visible.
WAIT = """
const until = async (find) => {
  const begun = performance.now();
  for (;;) {
    const found = find();
    if (found) return found;
    if (performance.now() - begun > 20000) throw new Error('did not appear: ' + find + document.body.innerText.slice(0, 500));
    await new Promise((next) => setTimeout(next, 20));
  }
};
const painted = () => new Promise((next) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = next;
  channel.port2.postMessage(0);
}));
"""

# Drags the end of the range day by day with the handle's keys, and waits each time until the video's new charts (by
# part: viewers and average time; by second: one) are painted. A day whose charts equal those of the day before draws
# nothing new and is skipped. After many such days (nobody watched the video any more) the drag turns round.
DRAG = WAIT + """
const [course, video, count, view, drawn] = given;
location.hash = `#/course/${course}/${video}`;
const handle = () => document.querySelector('[role=slider][aria-label="Last day"]');
const button = await until(() => [...document.querySelectorAll('button')].find((each) => each.innerText.trim() === view));
button.click();
const selector = view === 'By second' ? '.chart:has(> [aria-label$="second by second"]) svg'
  : '[role=slider][aria-label$="value by value"] svg';
const charts = () => [...document.querySelectorAll(selector)];
await until(() => handle() && charts().length === drawn);
await new Promise((next) => setTimeout(next, 500));
const days = () => handle().getAttribute('aria-valuenow');
// Presses a key and says whether the charts are drawn anew for it.
const anew = (key) => new Promise((next) => {
  const was = charts();
  const end = (is) => { observer.disconnect(); clearTimeout(patience); next(is); };
  const observer = new MutationObserver(() => {
    const now = charts();
    if (now.length === drawn && now.some((chart, index) => chart !== was[index])) end(true);
  });
  observer.observe(document.body, { subtree: true, childList: true });
  const patience = setTimeout(end, 200, false);
  handle().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
});
// By weeks to where the video was watched.
while (!(await anew('PageDown'))) if (days() === '1') throw new Error('nothing is ever drawn anew');
const times = [];
let [key, passed, turned] = ['ArrowLeft', 0, false];
while (times.length < count) {
  const [was, begun] = [days(), performance.now()];
  if (await anew(key)) {
    await painted();
    times.push(performance.now() - begun);
    [passed, turned] = [0, false];
  } else {
    passed += 1;
    // Nobody watched on some days in between, so it turns only after a month without a change. Turned round once, it goes
    // on until there is something to draw again.
    if (days() === was || (passed > 30 && !turned)) {
      [key, passed, turned] = [key === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft', 0, true];
    }
  }
}
return times;
"""

# Scrolls the table by three rows each frame and notes how long each frame lasts.
SCROLL = WAIT + """
const [course, count] = given;
location.hash = `#/course/${course}`;
const tab = await until(() => [...document.querySelectorAll('[role=tab]')].find((tab) => tab.innerText.trim() === 'Table'));
tab.click();
const table = await until(() => document.querySelector('[role=grid][aria-label=Videos]'));
await new Promise((next) => setTimeout(next, 500));
const frame = () => new Promise((next) => requestAnimationFrame(next));
const times = [];
let before = await frame();
for (let index = 0; index < count; index += 1) {
  table.scrollTop += 90;
  const now = await frame();
  times.push(now - before);
  before = now;
}
if (table.scrollTop < 90 * count * 0.9) throw new Error('it did not scroll: ' + table.scrollTop);
return times;
"""

# Opens the matrix of people by videos, from the key to its painted rows; then scrolls it by three rows each frame.
MATRIX = WAIT + """
const [course, rounds, count, video] = given;
location.hash = `#/course/${course}`;
const map = () => document.querySelector('[role=grid][aria-label^=Map]');
const matrix = () => document.querySelector('[role=grid][aria-label="People by videos"]');
// Looks at each frame, because a pause of 20 ms would be as long as what is measured.
const frame = () => new Promise((next) => requestAnimationFrame(next));
const seen = async (find) => { while (!find()) await frame(); };
const press = (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
const opening = [];
for (let round = 0; round < rounds; round += 1) {
  press('1');
  await until(map);
  await new Promise((next) => setTimeout(next, 500));
  const begun = performance.now();
  press('6');
  await seen(() => matrix()?.querySelectorAll('.cells path').length > 20);
  await painted();
  opening.push(performance.now() - begun);
}
const grid = matrix();
await new Promise((next) => setTimeout(next, 500));
const frames = [];
let before = await frame();
for (let index = 0; index < count; index += 1) {
  grid.scrollTop += 63;
  const now = await frame();
  frames.push(now - before);
  before = now;
}
if (grid.scrollTop < 63 * count * 0.9) throw new Error('it did not scroll: ' + grid.scrollTop);
// One person after another, from the key to the painted page.
grid.focus();
grid.dispatchEvent(new KeyboardEvent('keydown', { key: 'Home', bubbles: true }));
grid.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
const name = () => document.querySelector('.person table') && document.querySelector('.person h1')?.innerText;
await until(name);
const persons = [];
while (persons.length < 100) {
  const was = name();
  const begun = performance.now();
  press('ArrowRight');
  await seen(() => name() && name() !== was);
  await painted();
  persons.push(performance.now() - begun);
}
// One video after another, in the same way: until its charts are there.
location.hash = `#/course/${course}/${video}`;
const charts = () => document.querySelector('main h1') && document.querySelectorAll('.chart svg').length > 0;
const title = () => charts() && !document.querySelector('.person') && document.querySelector('main h1').innerText;
await until(title);
await new Promise((next) => setTimeout(next, 500));
const videos = [];
while (videos.length < 100) {
  const was = title();
  const begun = performance.now();
  press('ArrowRight');
  await seen(() => title() && title() !== was);
  await painted();
  videos.push(performance.now() - begun);
}
return [opening, frames, persons, videos];
"""

OPEN = WAIT + """
location.hash = `#/course/${given[0]}`;
await until(() => document.querySelector('[role=tab]') && document.querySelector('section.range svg'));
"""


def measure(place: Place) -> Table:
    table = Table("window", ("what", "our window", "empty Tauri window", "beside"))
    program, empty = place.built / "panopto-video-analytics", place.example("empty_window")
    missing = [tool for tool in ("Xvfb", "WebKitWebDriver") if not shutil.which(tool)]
    if missing or not program.exists() or not empty.exists():
        why = f"{' and '.join(missing)} missing" if missing else "not built"
        table.row("everything", "not measured", "", why)
        return table
    screen = Screen(place.folder("screen"))
    try:
        large, many = data(place, "large", videos=42), data(place, "many", videos=2000)
        one = data(place, "one", videos=1)
        environment = {**place.environment(), **screen.variables(), "XDG_RUNTIME_DIR": str(place.folder("runtime"))}
        place.folder("runtime").mkdir(mode=0o700)

        start_and_memory(table, screen, environment, program, empty, "nothing stored yet")
        use(place, large)
        # Opens the course once, so that the program returns to it.
        page = Page(program, environment)
        page.run(OPEN, course_of(large))
        drags = {view: drag(page, large, view) for view in VIEWS}
        page.close()
        start_and_memory(table, screen, environment, program, empty, "a course of 300,000 records open")

        use(place, many)
        page = Page(program, environment)
        frames = page.run(SCROLL, course_of(many), SCROLL_FRAMES)
        page.close()

        crowd = data(place, "crowd", videos=200, viewers=1_000, runs=2)
        use(place, crowd)
        page = Page(program, environment)
        matrix, rows, persons, turned = page.run(MATRIX, course_of(crowd), RUNS, SCROLL_FRAMES, video_of(crowd))
        page.close()

        use(place, one)
        page = Page(program, environment)
        worst = {view: drag(page, one, view) for view in VIEWS}
        page.close()
    finally:
        screen.close()
    for what, times in (("42 videos", drags), ("one video", worst)):
        for view, each in times.items():
            table.row(f"redraw of the video page, {view[0].lower()}{view[1:]}, dragged range; 300,000 records in {what}",
                      in_words(each), "", "key, command, charts, paint")
    smooth = sum(frame <= 1000 / 60 * 1.5 for frame in frames) / len(frames)
    table.row("scrolling 2,000 videos, each frame", in_words(frames), "", f"{smooth:.1%} of the frames in time for 60 a second")
    table.row("people by videos, opened; 1,000 people, 200 videos", in_words(matrix), "", "key, command, rows, paint")
    table.row("a person's page, one after another; 1,000 people, 200 videos", in_words(persons), "", "key, command, page, paint")
    table.row("a video's page, one after another; the same course", in_words(turned), "", "key, command, page, paint")
    smooth = sum(frame <= 1000 / 60 * 1.5 for frame in rows) / len(rows)
    table.row("scrolling people by videos, each frame", in_words(rows), "", f"{smooth:.1%} of the frames in time for 60 a second")
    installers(place, table)
    return table


def drag(page: Page, folder: Path, view: str) -> list[float]:
    return page.run(DRAG, course_of(folder), video_of(folder), DRAGS, view, VIEWS[view])


def start_and_memory(table: Table, screen: Screen, environment: dict[str, str], program: Path, empty: Path,
                     state: str) -> None:
    starts: dict[Path, list[float]] = {program: [], empty: []}
    held: dict[Path, list[float]] = {program: [], empty: []}
    for turn in range(RUNS + 1):
        for each in (program, empty):
            begun = time.perf_counter()
            process = subprocess.Popen([each], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                secs = screen.painted_after(process, begun)
                memory = resident_mib(process.pid)
            finally:
                end(process)
            # The first start of each program reads it from the disk.
            if turn > 0:
                starts[each].append(secs)
                held[each].append(memory)
            time.sleep(0.5)
    ours, theirs = Spread.of(starts[program]), Spread.of(starts[empty])
    factor = Spread.of(a / b for a, b in zip(starts[program], starts[empty]))
    table.row(f"start to painted content, {state}", ours.text("s"), theirs.text("s"),
              f"**{factor.text()} times**")
    ours, theirs = Spread.of(held[program]), Spread.of(held[empty])
    table.row(f"memory of the main process, {state}", ours.text("MiB", 0), theirs.text("MiB", 0),
              f"**{ours.median - theirs.median:+.0f} MiB**")


def data(place: Place, name: str, *, videos: int, viewers: int | None = None, runs: int = 24) -> Path:
    folder = place.folder(name)
    viewers = viewers or 300_000 // (videos * runs) + 1
    run([place.example("generate_database"), folder, "--courses", "1", "--videos", videos, "--viewers", viewers,
         "--runs", runs])
    return folder


def use(place: Place, folder: Path) -> None:
    """Makes this the program's data folder."""
    clear(place.folder("config"))
    run([place.cli, "settings", "set", "--data-folder", folder, "--timezone", "America/Los_Angeles"],
        environment=place.environment())


def course_of(folder: Path) -> str:
    return (folder / "courses.csv").read_text().splitlines()[1].split(",")[1]


def video_of(folder: Path) -> str:
    overview = next((folder / "database").glob("*/sessions_overview.csv"))
    rows = overview.read_text().splitlines()[1:]
    return rows[min(4, len(rows) - 1)].split(",")[4]


def in_words(times: list[float]) -> str:
    return (f"median {percentile(times, 0.5):.1f} ms, **95th percentile {percentile(times, 0.95):.1f} ms**, "
            f"slowest of {len(times)} {max(times):.1f} ms")


def installers(place: Place, table: Table) -> None:
    bundle = place.built / "bundle"
    found = [file for kind in ("*.deb", "*.rpm", "*.AppImage", "*.dmg", "*.msi", "*.exe") for file in bundle.rglob(kind)]
    for file in sorted(found):
        table.row(f"installer `{file.suffix}`", f"{file.stat().st_size / 2**20:.1f} MiB", "", "")
    if not found:
        table.notes.append("No installer was built yet (`make bundle`), so none was weighed.")


assert SIZE[0] >= 1180, "the window fits on the screen"
