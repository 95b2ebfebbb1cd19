//! The longer texts of `--help`: what each command is for, with examples.
//!
//! `docs/command-line.md` says the same in more detail. A test checks that both have the same commands, variables and
//! codes.

mod class;

pub(crate) use class::{CREDIT, ROSTER, ROSTER_IMPORT, ROSTER_MATCH, ROSTER_SHOW};

pub(crate) const ABOUT: &str = "\
See how lecture videos in Panopto are really watched.

Fetches the viewing records of the Panopto folders on your course list, keeps them on this computer, works out which \
parts of each video each viewer has covered, and saves a dataset for Tableau. The same program as the window, without \
a window.";

pub(crate) const SHORT_END: &str = "\
Try it now, without an account:  panopto-analytics demo ./demo
More, with examples:             panopto-analytics --help";

pub(crate) const END: &str = "\
First steps:
  panopto-analytics demo ./demo         # sample courses, without an account
  panopto-analytics credentials set     # server and API client; asks for each
  panopto-analytics login               # sign in with the browser
  panopto-analytics courses add 'LINK'  # the address of a folder in Panopto
  panopto-analytics sync                # fetch what is new
  panopto-analytics export ~/tableau    # chunk it, save the dataset for Tableau

Used the Python scripts? Point it at their folder, with their time zone:
  panopto-analytics credentials import-env scripts/.env
  panopto-analytics --data scripts sync
  panopto-analytics --data scripts chunk --timezone America/Los_Angeles

Every night, by the system's own schedule:
  panopto-analytics nightly install --at 02:30 --to ~/tableau

Environment variables, which win over settings and keychain:
  PANOPTO_SERVER          host name or URL of the server
  PANOPTO_CLIENT_ID       ID of the API client
  PANOPTO_CLIENT_SECRET   its secret
  PANOPTO_USERNAME        Panopto user name; the best way for jobs is a user
  PANOPTO_PASSWORD        name and a password
  PANOPTO_REFRESH_TOKEN   refresh token of a sign-in; dies at its first use, and
                          without a keychain its successor is lost
  PANOPTO_CA_FILE         certificates (PEM) to trust besides the system's
  PANOPTO_ANALYTICS_PSEUDONYM_KEY       key for `export --pseudonyms`
  PANOPTO_ANALYTICS_CONFIG_DIR          folder of the settings file
  PANOPTO_ANALYTICS_KEYCHAIN_SERVICE    name of our entries in the keychain
  NO_COLOR, RUST_LOG      as usual

Exit codes:
  0    done
  1    failed: what the call names is not there or cannot be read, or the disk
       refuses
  2    wrong usage: the call itself must be changed; an argument, an ID, a link,
       a time zone, a variable
  3    credentials: no server or nobody signed in, refused, without the right,
       no keychain
  4    network: the server is not reached or does not answer as it should
  5    done in part: what failed is named, and tried again next time
  130  stopped with Ctrl-C; what was done is kept

Where data is:
  The data folder holds courses.csv, state.csv, database/ and output[CHUNKED]/,
  as the original scripts had them; `settings show` says where it is. Secrets
  are in the system's keychain and nowhere else.

Results go to standard output, everything else to standard error; with --json the result is one JSON object, also when the \
command fails. Help is always text.";

pub(crate) const COURSES: &str = "\
Show and change the course list. A course is a Panopto folder with all its subfolders.

  panopto-analytics courses add 6513270e-269e-4d37-b2a7-4de452e6b438
  panopto-analytics courses list
  panopto-analytics courses import old-scripts/courses.csv";

pub(crate) const COURSES_LIST: &str = "\
Show the course list: names, folder IDs, and up to which day (UTC) each is fetched.

  panopto-analytics courses list
  panopto-analytics courses list --json";

pub(crate) const COURSES_ADD: &str = "\
Add folders to the course list, by folder ID or by any link to a folder: from the browser's address bar, an e-mail, or a \
learning platform. Their names are looked up on the server; where it cannot be asked, a name is filled in by the \
first sync. Nothing is fetched yet. A link must lead to the server that is set, see `settings set --server`.

  panopto-analytics courses add 6513270e-269e-4d37-b2a7-4de452e6b438
  panopto-analytics courses add \\
    'https://uni.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID=…'
  panopto-analytics courses add - < folders.txt

Links hold `#` and `&`, which shells read as their own: put them in quotes.";

pub(crate) const COURSES_REMOVE: &str = "\
Take a course off the course list. What was fetched of it stays in the data folder, unless --delete-data is given; \
added again, it goes on where it was.

  panopto-analytics courses remove 'COMM 290'
  panopto-analytics courses remove 'COMM 291' --delete-data";

pub(crate) const COURSES_IMPORT: &str = "\
Add all courses of a courses.csv with the columns PanoptoFolderName and PanoptoFolderID, as the original scripts used \
it. As with `add`, the server is asked whether each folder is there, if it can be asked. Courses that are on the list \
stay as they are.

  panopto-analytics courses import old-scripts/courses.csv";

pub(crate) const LOGIN: &str = "\
Sign in to Panopto in your own browser, also with your institution's single sign-on. The address is printed as well; \
open it on this same computer, because the browser comes back to it. The sign-in lasts until `logout` and is kept in the \
keychain.

Needs the server and an API client, see `credentials set`.

  panopto-analytics login
  panopto-analytics login --no-browser";

pub(crate) const LOGOUT: &str = "\
Sign out: remove the browser sign-in and the password from the keychain. The server, the client ID and the client \
secret stay, so that `login` works again.

  panopto-analytics logout
  panopto-analytics logout --client-secret  # the client secret goes as well";

pub(crate) const CREDENTIALS: &str = "\
Keep what signing in needs. Server, client ID and user name are settings; client secret, password and sign-in are kept \
in the system's keychain and never printed.

Ask a Panopto administrator for an API client (System > API Clients): type `Server-side Web Application`, redirect URL \
http://localhost:9127/redirect, CORS origin http://localhost:9127.

  panopto-analytics credentials set
  panopto-analytics credentials show --check
  panopto-analytics credentials import-env old-scripts/.env";

pub(crate) const CREDENTIALS_SET: &str = "\
Ask for credentials and keep them. On a terminal each is asked for, secrets without being shown; an empty answer leaves \
it as it is, and what cannot be is asked for again. From a pipe or file one line is read for each NAME, in the order given. Secrets are never arguments: the \
process list would show them.

A password is tried on the server before it is kept, and takes the place of a browser sign-in.

  panopto-analytics credentials set
  panopto-analytics credentials set client-secret < secret.txt
  pass show panopto | panopto-analytics credentials set username password";

pub(crate) const CREDENTIALS_SHOW: &str = "\
Say what is set and where it comes from: environment, settings or keychain. Secrets are never shown.

  panopto-analytics credentials show
  panopto-analytics credentials show --check  # ask the server as well";

pub(crate) const CREDENTIALS_IMPORT: &str = "\
Take over the .env file of the original scripts: SERVER, USERNAME, PASSWORD, CLIENT_ID, CLIENT_SECRET. Secrets go into the \
keychain. Delete the file afterwards: everybody who gets hold of it can read it.

  panopto-analytics credentials import-env old-scripts/.env";

pub(crate) const SYNC: &str = "\
Fetch what is new: all videos of each course and its subfolders, and their viewing records up to the end of the last \
complete UTC day. The first time that is everything since 2010; a new video gets its whole history. The last \
days are asked for again, because records can come late; nothing is ever stored twice.

Ctrl-C stops it and keeps what is done; the next sync goes on from there. A course or video that fails is named and \
tried again next time, and the others go on (exit code 5).

  panopto-analytics sync
  panopto-analytics sync --course 'COMM 290'
  panopto-analytics sync --lookback 14  # after the server was late
  panopto-analytics --json sync | jq '.result.newRecords'";

pub(crate) const CHUNK: &str = "\
Work out, for each viewer and local date, how much of each of a video's 20 chunks was covered, and write it to \
output[CHUNKED] in the data folder, as output_chunked_data.py did. Courses in which nothing changed are not worked out \
again. `export` does this by itself.

A time zone given here becomes that of the data folder: later chunking, exports and the window count the same days.

  panopto-analytics chunk
  panopto-analytics chunk --timezone America/Vancouver";

pub(crate) const EXPORT: &str = "\
Save chunked_data.csv, sessions_overview.csv and a ready Tableau workbook into a folder. Each is replaced in one step under \
the same name, so that Tableau only needs a refresh.

With --format parquet, each table is a folder with a file for each course: chunked_data/CourseID=<ID>/chunked_data.parquet. \
Columns have types, and each file says what its columns mean. Courses that are not in the export are removed from these folders.

  panopto-analytics export ~/tableau
  panopto-analytics export ~/tableau --pseudonyms
  panopto-analytics export /srv/share --course 'COMM 290' \\
    --timezone Europe/Zurich
  panopto-analytics export /srv/lake --format parquet --tables";

pub(crate) const STATUS: &str = "\
Show the courses, their videos and viewers, up to which day each is fetched, and what failed at the last sync. Asks no \
server. If stored data of a course is damaged, it says so and exits with 5, or with 1 if all courses are damaged.

  panopto-analytics status
  panopto-analytics status --json";

pub(crate) const VIDEOS: &str = "\
List the videos of a course with their figures, the same as in the window, from what is in the data folder: duration, \
viewers, how many of them covered at least 75 % of it, and the time they spent. Asks no server.

The last column is the ID that `chart` asks for.

  panopto-analytics videos 'COMM 290'
  panopto-analytics videos COMM --from 2024-04-08 --to 2024-04-21
  panopto-analytics videos COMM --json | jq '.result.videos[].name'";

pub(crate) const TIMELINE: &str = "\
Show how many viewers and plays each second of a video has, from what is in the data folder. A play after somebody's \
first is played again. Asks no server.

People get a table of 20 equal parts, with the least and the most in each; --json lists every step of the numbers.

  panopto-analytics timeline 84cef7f7-f168-4a80-9a5a-ac100144db29
  panopto-analytics timeline 84cef7f7-f168-4a80-9a5a-ac100144db29 \\
    --from 2024-04-08 --json | jq '.result.steps[]'";

pub(crate) const MOMENTS: &str = "\
Show the stretches of a video that deserve a look: watched again, skipped, left by many, jumped to, played slowly. At \
most five for a video, each with the people and the evidence; none where fewer than 10 people watched, and none of fewer \
than 5 people. Asks no server.

  panopto-analytics moments 'COMM 290'
  panopto-analytics moments 84cef7f7-f168-4a80-9a5a-ac100144db29 \\
    --from 2024-04-08 --to 2024-04-21
  panopto-analytics moments COMM --json | jq '.result.videos[].moments[]'";

pub(crate) const CAPTIONS: &str = "\
Fetch the captions of the videos and find words in them. A sync fetches captions by itself, after the viewing records, \
unless `settings set --captions off` says otherwise.

  panopto-analytics captions fetch 'COMM 290'
  panopto-analytics captions find 'COMM 290' entropy";

pub(crate) const CAPTIONS_FETCH: &str = "\
Fetch the captions of all videos of the courses that have none here yet, and of those that were changed in Panopto. \
They are kept as Panopto sends them, beside the viewing records. Ctrl-C keeps what has come.

  panopto-analytics captions fetch
  panopto-analytics captions fetch 'COMM 290'";

pub(crate) const CAPTIONS_FIND: &str = "\
Find where something is said, and how many viewers were there: each place with its second, its sentence, its viewers and \
how often it was played again. All words must be said close together; case and accents do not count, and a word matches \
by its beginning. A phrase in quotes matches as it is. Asks no server.

  panopto-analytics captions find 'COMM 290' second law
  panopto-analytics captions find COMM 'second law' entropy
  panopto-analytics captions find COMM heat --json | jq '.result.places[]'";

pub(crate) const DATES: &str = "\
Show and change the dates of a course. They stand in dates.csv in the data folder, and as flags on the charts across time. \
A date is a day, several days, or a time in a time zone. Asks no server.

  panopto-analytics dates 'COMM 290' add exam Midterm '2026-10-05 09:00'
  panopto-analytics dates COMM import timetable.ics --preview
  panopto-analytics dates COMM list
  panopto-analytics dates COMM on-time --days 7";

pub(crate) const DATES_LIST: &str = "\
Show the dates of a course with their numbers. Beside an exam or a deadline: how much of the watch time of its videos fell \
in the 7 and the 3 days before it, and how many viewers had covered at least 75 % of them.

  panopto-analytics dates COMM list
  panopto-analytics dates COMM list --json | jq '.result.dates[].name'";

pub(crate) const DATES_ADD: &str = "\
Add a date. A time is one of the reporting time zone, unless --timezone names another. A deadline on a day ends with that \
day; an exam on a day begins with it.

  panopto-analytics dates COMM add exam Midterm '2026-10-05 09:00'
  panopto-analytics dates COMM add deadline 'Essay 1' 2026-10-16
  panopto-analytics dates COMM add break 'Reading week' 2026-11-09 \\
    --to 2026-11-13";

pub(crate) const DATES_IMPORT: &str = "\
Add the dates of a calendar file (.ics). What an event is follows from its name; change what is wrong afterwards. The same \
file twice adds nothing, and an event that has moved moves its date. Windows names of time zones are known; a zone that is \
not known is asked for, and nothing is imported until then.

  panopto-analytics dates COMM import timetable.ics --preview
  panopto-analytics dates COMM import timetable.ics \\
    --zone 'Campus Time=Europe/Zurich'";

pub(crate) const DATES_ON_TIME: &str = "\
Show for each video by when it is due, how many of its viewers had covered at least 75 % of it by then, in how many weeks \
it was watched, and how soon it was covered. --next-date and --days set by when a video is due.

  panopto-analytics dates COMM on-time
  panopto-analytics dates COMM on-time --days 7";

pub(crate) const COMPARE: &str = "\
Compare two terms of a course, from what is in the data folder. Videos are paired by name, by the number in the name, and by \
order; --pair mends a pair, and is kept in pairs.csv. The terms are laid on each other by the days since each began, and \
only pairs with 10 viewers on both sides are compared. Asks no server.

  panopto-analytics compare 'GEOG 204 2026' 'GEOG 204 2025'
  panopto-analytics compare 'GEOG 204 2026' 'GEOG 204 2025' --json \\
    | jq '.result.pairs[] | [.here.name, .difference]'";

pub(crate) const DIGEST: &str = "\
Tell what is new in a course, or in all courses of the list: how far people are before an exam or a deadline and how far they \
were, places that many leave or watch again, new videos that fewer cover than usual, and videos that nobody has opened. \
Data older than 7 days say nothing. Asks no server.

  panopto-analytics digest
  panopto-analytics digest 'COMM 290' --markdown
  panopto-analytics digest --json | jq -r '.result.courses[].sentences[]'";

pub(crate) const NIGHTLY: &str = "\
Sync all courses and save the dataset every night, as the last export did. The system starts the job: a systemd timer of \
this user, a launchd agent, or a task of the Windows Task Scheduler. It runs while you are logged in, and it is made up for \
after a sleep; it wakes nothing.

  panopto-analytics nightly install --at 02:30 --to ~/tableau
  panopto-analytics nightly status
  panopto-analytics nightly remove";

pub(crate) const NIGHTLY_INSTALL: &str = "\
Let the system start the job every night. The dataset goes where the last export went, with the same choices; --to says it \
anew, also for the window. Install again to change the time or to mend a job that was changed. Where Linux has no systemd \
for this user, the line for cron is printed instead.

  panopto-analytics nightly install --at 02:30 --to ~/tableau
  panopto-analytics nightly install --to /srv/share --course 'COMM 290' \\
    --pseudonyms --digest";

pub(crate) const NIGHTLY_STATUS: &str = "\
Show whether the job is switched on, when it runs next, and how the last night went. If the job was changed outside this \
program, or a file that is not from this program stands in its place, it says so and exits with 5.

  panopto-analytics nightly status
  panopto-analytics nightly status --json | jq '.result.last.outcome'";

pub(crate) const NIGHTLY_RUN: &str = "\
Run the job now, as the system does every night: wait for a network, sync all courses, save the dataset, write down how it \
went. It ends early, and keeps what it fetched, if the window wants the data folder. A failure is told by a notification.

  panopto-analytics nightly run
  panopto-analytics nightly run --wait 0";

pub(crate) const PEOPLE: &str = "\
List everybody with viewing in a course: videos opened, videos covered at least 75 %, watch time, first and last day. \
Without --names everybody is `Viewer 17`. With --present it shows only how many, in groups of 5 and more. Asks no server.

  panopto-analytics people 'COMM 290' --names
  panopto-analytics people COMM --from 2024-04-08 --to 2024-04-21
  panopto-analytics people COMM --json | jq '.result.people[].userIds'";

pub(crate) const VIEWERS: &str = "\
Show who has no viewing of a video, who started it, and who covered at least 75 % of it. --by counts what was watched \
before a time, until the end of a day, or before a date of the course. Beside our coverage stands the percentage that \
Panopto's own rule gives. People who were not signed in are counted apart. Asks no server.

  panopto-analytics viewers 84cef7f7-f168-4a80-9a5a-ac100144db29 --names
  panopto-analytics viewers 84cef7f7-f168-4a80-9a5a-ac100144db29 \\
    --by '2026-10-01 09:00' --json \\
    | jq '.result.people[] | select(.state == \"not-opened\")'";

pub(crate) const MATRIX: &str = "\
Show how much of each video each person covered, in percent; empty where no viewing is recorded. Asks no server.

  panopto-analytics matrix 'COMM 290' --csv > matrix.csv
  panopto-analytics matrix COMM --names --csv > matrix.csv
  panopto-analytics matrix COMM --json | jq '.result.people[].coverage'";

pub(crate) const PERSON: &str = "\
Show what one person watched of each video: where, how often, how much, on which days. WHO is a user ID, `viewer 17`, a \
user name, an address or a part of a name; where several people fit, nobody is shown. Asks no server.

  panopto-analytics person COMM 'viewer 17'
  panopto-analytics person COMM mvale7 --names --json";

pub(crate) const NAMES: &str = "\
Fetch the names of viewers. They are kept in people.csv in the data folder, which only its owner can read, and nowhere \
else.

  panopto-analytics names fetch 'COMM 290'
  panopto-analytics settings set --show-names on  # after each sync";

pub(crate) const NAMES_FETCH: &str = "\
Ask Panopto who the viewers are that have no name yet: full names where this user may see them, else user names from the \
viewers of each video. Ctrl-C keeps what has come, and the next call goes on from there. Viewing records are not touched.

  panopto-analytics names fetch
  panopto-analytics names fetch 'COMM 290' --json";

pub(crate) const LEAVE_OUT: &str = "\
Leave people out of figures, charts and the dataset: staff, accounts to try things with. Their viewing records stay, and \
--undo counts them again.

  panopto-analytics leave-out COMM 'viewer 3' --as staff
  panopto-analytics leave-out COMM 7d1c9f0e-52aa-4c3b-9b67-0d2f6a51e0c4 --undo";

pub(crate) const MERGE: &str = "\
Make several accounts one person, for example one that came through two learning platforms. What they watched is united; \
no second is covered twice. --undo parts them again.

  panopto-analytics merge COMM 'viewer 3' 'viewer 8'
  panopto-analytics merge COMM 7d1c9f0e-52aa-4c3b-9b67-0d2f6a51e0c4 --undo";

pub(crate) const FORGET: &str = "\
Remove everything that is kept about a person from the data folder: viewing records of every course, names, decisions. A \
later sync does not bring them back; of the person only a salted hash stays. Without --delete it says what would be \
removed. Files that you exported are yours to delete.

  panopto-analytics forget 'COMM 290' mvale7
  panopto-analytics forget 'COMM 290' mvale7 --delete";

pub(crate) const RETENTION: &str = "\
Say for how long the viewing records of a course are kept, or delete those that are older than a day. Where a period is \
set, each sync and each night deletes what is older. Without --delete it says what would be deleted.

  panopto-analytics retention 'COMM 290'
  panopto-analytics retention 'COMM 290' --keep-for 730 --delete
  panopto-analytics retention 'COMM 290' --keep-for always
  panopto-analytics retention 'COMM 290' --before 2024-09-01 --delete";

pub(crate) const FACTS: &str = "\
Show the fact sheet for IT and data protection: hosts contacted, ports, secrets, and every kind of file with what it \
says about people.

  panopto-analytics facts
  panopto-analytics facts --json | jq '.result.files[]'";

pub(crate) const CHART: &str = "\
Draw a chart of one video, the same as in the window, from what is in the data folder.

  panopto-analytics videos COMM  # the IDs of a course's videos
  panopto-analytics chart 84cef7f7-f168-4a80-9a5a-ac100144db29 --out all.svg
  panopto-analytics chart 84cef7f7-f168-4a80-9a5a-ac100144db29 \\
    --out days.png --kind across-time --theme dark
  panopto-analytics chart 84cef7f7-f168-4a80-9a5a-ac100144db29 \\
    --out exam.png --from 2024-04-08 --to 2024-04-21";

pub(crate) const SETTINGS: &str = "\
Show and change the settings, which the window uses as well. Secrets are not settings, see `credentials`.

The reporting time zone is kept in the data folder, so that everyone who opens it counts the same days.

  panopto-analytics settings show
  panopto-analytics settings set --timezone Europe/Zurich --lookback 3
  panopto-analytics settings set --timezone ''  # back to the computer's own";

pub(crate) const DEMO: &str = "\
Try everything without an account: starts a simulated Panopto server inside this program, syncs three sample courses from \
it into DIR (a data folder of its own; --data is refused), chunks them and saves the dataset for Tableau. Uses no \
network and no keychain, and changes none of your settings. The sample ends in December 2025 and is the same every day: \
run again, the demo changes nothing.

  panopto-analytics demo ./demo
  panopto-analytics --data ./demo status";

pub(crate) const COMPLETIONS: &str = "\
Print the completion script of a shell.

  panopto-analytics completions bash \\
    > ~/.local/share/bash-completion/completions/panopto-analytics
  panopto-analytics completions zsh > ~/.zfunc/_panopto-analytics
  panopto-analytics completions fish \\
    > ~/.config/fish/completions/panopto-analytics.fish
  panopto-analytics completions powershell >> $PROFILE";
