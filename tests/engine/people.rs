//! Names are fetched by whatever road is open, kept apart from records, and never guessed; decisions about people are in
//! every figure and in the dataset, and without one nothing changes.

use std::sync::{Arc, Mutex};

use chrono_tz::Tz;
use engine::ErrorCode;
use engine::people::{
    NamesAsk, NamesFetch, NamesProgress, NamesReport, PeopleInView, WithNames, count_again, leave_out, merge, part,
};
use engine::roster::Everybody;
use engine::source::Source;
use engine::store::{DataFolder, People};
use engine::views::Views;
use model::{
    AccountName, CourseFigures, DateRange, NameState, PanoptoRole, PeopleMatrix, Recorded, Role, UserId, ViewingSpan,
    WatchState, people_of_video,
};
use sim::{At, Config, Fault, FaultPlan, GetUsers, PlannedFault, Route, SystemRole, User, View, World};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::chunk_fixture::{GOLDEN_ZONE, assert_same_files, chunk_in, files, golden, golden_copy};
use crate::support::{Lab, noon};

fn user(number: u128) -> Uuid {
    Uuid::from_u128(0x1111_0000_4000_8000_0000_0000_0000 | 0xa << 112 | number)
}

fn id(user: Uuid) -> UserId {
    UserId::from_bytes(user.into_bytes())
}

/// The tiny course with 60 viewers of every kind: two with full names and one name between them, user names only, deleted,
/// and people who were not signed in.
fn crowd() -> World {
    let mut world = World::tiny(noon());
    let session = world.sessions[0].id;
    for number in 3..=60 {
        let time = noon() - chrono::TimeDelta::days(2) + chrono::TimeDelta::minutes(number as i64);
        world.views.push(View::new(session, user(number), time, 0.0, 80.0));
    }
    for number in 1..=50 {
        let (username, name) = match number {
            1 => ("unified\\mcastillo".to_owned(), "Mira Castillo".to_owned()),
            2 => ("canvas\\0012345".to_owned(), "Mira Castillo".to_owned()),
            3 => ("jdoe".to_owned(), String::new()),
            _ => (format!("unified\\viewer{number}@example.edu"), format!("Anna Number{number}")),
        };
        let email = if number == 3 { String::new() } else { format!("viewer{number}@example.edu") };
        world.users.push(User { id: user(number), username, name, email, is_deleted: number == 7, ..User::default() });
    }
    world
}

async fn synced(world: World, config: Config) -> Lab {
    let lab = Lab::with(world, config).await;
    lab.sync_whole().await;
    lab.server.clear_requests();
    lab
}

async fn fetch_with(
    lab: &Lab,
    tell: &(dyn Fn(NamesProgress) + Send + Sync),
    cancel: &CancellationToken,
) -> engine::Result<NamesReport> {
    fetch_as(lab, NamesAsk::Again, tell, cancel).await
}

async fn fetch_as(
    lab: &Lab,
    ask: NamesAsk,
    tell: &(dyn Fn(NamesProgress) + Send + Sync),
    cancel: &CancellationToken,
) -> engine::Result<NamesReport> {
    let folder = lab.folder();
    let lock = Arc::new(folder.lock()?);
    let source = Source::new(lab.client().await);
    let courses = folder.courses()?;
    NamesFetch { folder: &folder, lock: &lock, source: &source, ask, clock: &lab.clock, tell }
        .run(&courses, cancel)
        .await
}

async fn fetch(lab: &Lab) -> NamesReport {
    fetch_with(lab, &|_| (), &CancellationToken::new()).await.unwrap()
}

/// Calls for users and for viewers since the last look.
fn asked(lab: &Lab) -> (usize, usize) {
    let requests = lab.server.requests();
    lab.server.clear_requests();
    let count = |route| requests.iter().filter(|request| request.route == route).count();
    (count(Route::SoapUsers), count(Route::SessionViewers))
}

fn state(people: &People, number: u128) -> Option<NameState> {
    people.names.get(&id(user(number))).map(|known| match &known.state {
        Recorded::Known(state) => *state,
        Recorded::Unknown(word) => panic!("{word}"),
    })
}

fn labels(folder: &DataFolder, names: WithNames) -> Vec<String> {
    let course = folder.courses().unwrap()[0].id;
    let seen = PeopleInView::new(folder, Views::default().course(folder, course, Tz::UTC).unwrap(), names);
    (0..seen.course.people.people().len()).map(|person| seen.label(person).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn full_names_come_in_parts_and_records_are_not_touched() {
    let lab = synced(crowd(), Config::default()).await;
    let before = lab.snapshot();
    let told = Mutex::new(Vec::new());
    let tell = |progress: NamesProgress| told.lock().unwrap().push((progress.done, progress.total));
    let report = fetch_with(&lab, &tell, &CancellationToken::new()).await.unwrap();
    assert_eq!((report.accounts, report.asked, report.named, report.deleted), (60, 60, 49, 1), "{report:?}");
    assert_eq!((report.not_signed_in, report.unknown, report.full_names_refused), (10, 0, false));
    assert_eq!(
        asked(&lab),
        (3, 3),
        "60 accounts in parts of 25; then three pages of the video that the other ten watched"
    );
    assert_eq!(told.lock().unwrap().first(), Some(&(0, 60)));
    let people = lab.folder().people().unwrap();
    let expected = AccountName {
        user_key: "unified\\mcastillo".into(),
        first: "Mira".into(),
        last: "Castillo".into(),
        email: "viewer1@example.edu".into(),
    };
    assert_eq!(people.account(id(user(1))).name, expected);
    assert_eq!(
        [1, 3, 7, 55].map(|number| state(&people, number)),
        [Some(NameState::Named), Some(NameState::Named), Some(NameState::Deleted), Some(NameState::Anonymous)]
    );
    let mut after = lab.snapshot();
    assert!(after.remove("people.csv").is_some());
    assert_eq!(after, before, "nothing else has changed");
    assert_eq!(fetch(&lab).await.asked, 0, "what is known is not asked for again");
    assert_eq!(asked(&lab), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_only_shown_where_they_are_wanted_and_two_people_never_look_alike() {
    let lab = synced(crowd(), Config::default()).await;
    fetch(&lab).await;
    let hidden = labels(&lab.folder(), WithNames::Hidden);
    assert!(hidden.iter().zip(1..).all(|(label, number)| *label == format!("Viewer {number}")), "{hidden:?}");
    let shown = labels(&lab.folder(), WithNames::Shown);
    let different: std::collections::BTreeSet<&String> = shown.iter().collect();
    assert_eq!(different.len(), shown.len(), "{shown:?}");
    for name in ["Castillo, Mira (mcastillo)", "Castillo, Mira (0012345)", "jdoe", "Number4, Anna"] {
        assert!(shown.iter().any(|label| label == name), "{name} in {shown:?}");
    }
    let folder = lab.folder();
    let course = Views::default().course(&folder, lab.course(), Tz::UTC).unwrap();
    let seen = Everybody::new(&folder, &course, None, WithNames::Hidden);
    for who in ["jdoe", "JDOE", "viewer4@example.edu", "number4, anna", &id(user(4)).to_string()] {
        assert!(seen.find_who(who).is_ok(), "{who}");
    }
    assert_eq!(seen.find_who("viewer 1").unwrap(), 0);
    let several = seen.find_who("castillo").unwrap_err();
    assert_eq!(several.code(), ErrorCode::InvalidInput);
    assert!(!several.message().contains("Mira") && !several.message().contains("astillo"), "{several}");
    for nobody in ["", "viewer 61", "zzz", &id(Uuid::from_u128(1)).to_string()] {
        assert_eq!(seen.find_who(nobody).unwrap_err().code(), ErrorCode::NotFound, "{nobody}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_full_names_are_refused_the_viewers_of_videos_tell_user_names() {
    for get_users in [GetUsers::Refuses, GetUsers::KnowsNobody] {
        let lab = synced(crowd(), Config { get_users, ..Config::default() }).await;
        let report = fetch(&lab).await;
        assert!(report.full_names_refused, "{get_users:?}");
        assert_eq!((report.named, report.not_signed_in, report.unknown), (50, 10, 0), "{report:?}");
        let (users, viewers) = asked(&lab);
        assert!(users <= 2 && viewers >= 2, "refused once, and once more under a fresh sign-in: {users}, {viewers}");
        let people = lab.folder().people().unwrap();
        assert_eq!(people.account(id(user(1))).name.user_key, "unified\\mcastillo");
        assert_eq!(people.account(id(user(1))).name.shown().as_deref(), Some("mcastillo"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_panopto_lets_viewers_do_is_kept_as_a_reason_to_ask() {
    let mut world = crowd();
    world.folders[0].creator = Some(user(8));
    let at = |world: &World, number| world.users.iter().position(|one| one.id == user(number)).unwrap();
    for (number, role) in [(9, SystemRole::Videographer), (10, SystemRole::Admin)] {
        let place = at(&world, number);
        world.users[place].system_role = role;
    }
    let lab = synced(world, Config::default()).await;
    fetch(&lab).await;
    let roles = |lab: &Lab| {
        let people = lab.folder().people().unwrap();
        (1..=60)
            .filter_map(|number| Some((number, people.panopto_roles.get(&id(user(number)))?.clone())))
            .collect::<Vec<_>>()
    };
    let kept = [(8, PanoptoRole::Creator), (9, PanoptoRole::Videographer), (10, PanoptoRole::Administrator)];
    assert_eq!(roles(&lab), kept.map(|(number, role)| (number, role.into())));
    // Nothing is asked where nobody is new, and an administrator who owns the folder stays one.
    lab.server.world().folders[0].creator = Some(user(10));
    fetch(&lab).await;
    assert_eq!(roles(&lab).len(), 3);
    let lab = synced(crowd(), Config { get_users: GetUsers::Refuses, ..Config::default() }).await;
    lab.server.world().folders[0].creator = Some(user(8));
    fetch(&lab).await;
    assert_eq!(roles(&lab), [], "who may not ask learns nothing, and names come all the same");
    assert!(lab.folder().people().unwrap().names.len() >= 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_that_spoils_its_part_costs_the_others_nothing() {
    let lab = synced(crowd(), Config { get_users: GetUsers::SpoiledByOne(25), ..Config::default() }).await;
    let report = fetch(&lab).await;
    // The deleted account tells nobody; the viewers of the video still do.
    assert_eq!((report.named, report.not_signed_in, report.full_names_refused), (50, 10, false), "{report:?}");
    let people = lab.folder().people().unwrap();
    assert_eq!(people.account(id(user(6))).name.first, "Anna");
    let (users, _) = asked(&lab);
    assert!((20..90).contains(&users), "halved, not one by one: {users}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_told_nobody_is_called_anonymous() {
    let config = Config { get_users: GetUsers::Refuses, viewers_refused: true, ..Config::default() };
    let lab = synced(crowd(), config).await;
    let report = fetch(&lab).await;
    assert_eq!((report.named, report.not_signed_in, report.unknown), (0, 0, 60), "{report:?}");
    assert_eq!(report.refused_videos, report.asked_videos);
    assert_eq!(state(&lab.folder().people().unwrap(), 1), Some(NameState::Refused));
    // With the right, they come.
    lab.server.config_mut().get_users = GetUsers::TellsNoAddresses;
    assert_eq!(fetch(&lab).await.named, 49);
    assert_eq!(lab.folder().people().unwrap().account(id(user(4))).name.email, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_remembered_until_somebody_asks_or_a_week_has_gone() {
    let config = Config { get_users: GetUsers::Refuses, viewers_refused: true, ..Config::default() };
    let lab = synced(crowd(), config).await;
    let after_sync = async || {
        let never = CancellationToken::new();
        let report = fetch_as(&lab, NamesAsk::Missing, &|_| (), &never).await.unwrap();
        let calls = asked(&lab);
        lab.server.clear_requests();
        (report, calls)
    };
    let (first, (users, viewers)) = after_sync().await;
    assert!(first.full_names_refused && !first.refusal_is_known, "it is new, and told: {first:?}");
    assert!(users > 0 && viewers > 0);
    let (next, calls) = after_sync().await;
    assert_eq!(calls, (0, 0), "the next sync does not knock again");
    assert!(next.full_names_refused && next.refusal_is_known, "and has nothing new to tell: {next:?}");
    assert_eq!(next.unknown, 60);
    // Who asks is answered.
    fetch(&lab).await;
    assert!(asked(&lab).0 > 0);
    lab.server.clear_requests();
    lab.set_now(noon() + chrono::TimeDelta::days(8));
    let (later, (users, _)) = after_sync().await;
    assert!(users > 0 && !later.refusal_is_known, "{later:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_keeps_what_came_and_goes_on() {
    let lab = synced(crowd(), Config::default()).await;
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let tell = move |progress: NamesProgress| {
        if progress.done > 0 {
            stop.cancel();
        }
    };
    let report = fetch_with(&lab, &tell, &cancel).await.unwrap();
    assert!(report.is_cancelled && report.named > 0 && report.named < 49, "{report:?}");
    assert_eq!(report.not_signed_in, 0, "nothing follows from silence that was cut short");
    let kept = report.named + report.deleted;
    let next = fetch(&lab).await;
    assert_eq!(next.asked, 60 - kept);
    assert_eq!((next.named, next.not_signed_in), (49, 10));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_falls_silent_is_left_for_the_next_time() {
    let lab = synced(crowd(), Config::default()).await;
    let silent =
        |route| PlannedFault { at: At::From(route, 1), fault: Fault::Status { status: 503, retry_after: None } };
    lab.server.set_faults(FaultPlan { faults: [Route::SoapUsers, Route::SessionViewers].map(silent).to_vec() });
    let report = fetch(&lab).await;
    assert_eq!((report.named, report.not_signed_in), (0, 0), "{report:?}");
    lab.server.set_faults(FaultPlan::default());
    assert_eq!(fetch(&lab).await.named, 49);
}

#[test]
fn without_decisions_the_dataset_is_that_of_the_original() {
    let (_temporary, folder) = golden_copy();
    // A file of names, and a role that leaves nobody out.
    let lock = folder.lock().unwrap();
    let mut people = People::default();
    people.decisions.set_role(id(user(1)), Some(Role::Student.into()));
    folder.save_people(&lock, &people).unwrap();
    drop(lock);
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    let with = files(&folder.area_dir(engine::store::Area::Output));
    let (_other, plain) = golden_copy();
    chunk_in(&plain, GOLDEN_ZONE).unwrap();
    assert_same_files(&with, &files(&plain.area_dir(engine::store::Area::Output)), "with a file of people");
    assert!(golden().exists());
}

/// All user IDs of a dataset.
fn users_of(chunked: &str) -> std::collections::BTreeSet<String> {
    chunked.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect()
}

fn chunked(folder: &DataFolder) -> String {
    chunk_in(folder, Tz::UTC).unwrap();
    let union = folder.tableau_dir();
    std::fs::read_to_string(engine::store::chunked_file(&union)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_in_figures_and_dataset_at_once_and_is_taken_back_without_a_trace() {
    let lab = synced(crowd(), Config::default()).await;
    let folder = lab.folder();
    let views = Views::default();
    let figures = || {
        let course = views.course(&folder, lab.course(), Tz::UTC).unwrap();
        let figures = CourseFigures::new(&course.views, DateRange::ALL);
        (course.viewer_count, figures.rows[0].totals, course)
    };
    let (all, totals, _) = figures();
    let plain = chunked(&folder);
    assert_eq!((all, totals.unique_viewers), (60, 60));

    let lock = folder.lock().unwrap();
    leave_out(&folder, &lock, &[id(user(9))], Some(Role::Staff)).unwrap();
    assert_eq!(merge(&folder, &lock, &[id(user(1)), id(user(2))]).unwrap().account(), id(user(1)));
    drop(lock);
    let (people, with, course) = figures();
    assert_eq!((people, with.unique_viewers), (58, 58));
    assert_eq!(course.people.left_out().len(), 1);
    // Who watched 0 to 100 s and 0 to 10 s covered 100 s, not 110.
    let merged = people_of_video(&course.views, 0, ViewingSpan::of_days(DateRange::ALL));
    let one = merged.iter().find(|of| course.people.people()[of.person as usize].accounts.len() == 2).unwrap();
    assert_eq!((one.coverage_percent, one.state), (Some(100.0), WatchState::Covered));
    assert_eq!(PeopleMatrix::new(&course.views, 58, ViewingSpan::default()).totals().len(), 58);
    let changed = chunked(&folder);
    let users = users_of(&changed);
    assert!(!users.contains(&user(9).to_string()) && !users.contains(&user(2).to_string()), "{users:?}");
    assert_eq!(users.len(), users_of(&plain).len() - 2);
    assert!(lab.activity().contains(&user(9).to_string()), "the records stay");

    let lock = folder.lock().unwrap();
    assert_eq!(count_again(&folder, &lock, &[id(user(9))]).unwrap(), 1);
    assert_eq!(part(&folder, &lock, &[id(user(2))]).unwrap(), 1);
    drop(lock);
    assert_eq!((figures().0, figures().1), (all, totals));
    assert_eq!(chunked(&folder), plain);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_of_people_is_told_and_figures_go_on() {
    let lab = synced(crowd(), Config::default()).await;
    let folder = lab.folder();
    std::fs::write(folder.people_file(), "UserId\nnonsense\n").unwrap();
    let course = Views::default().course(&folder, lab.course(), Tz::UTC).unwrap();
    assert_eq!(course.viewer_count, 60);
    let seen = PeopleInView::new(&folder, course, WithNames::Shown);
    assert_eq!(seen.damage.as_ref().unwrap().code(), ErrorCode::DataFileInvalid);
    let lock = folder.lock().unwrap();
    assert!(leave_out(&folder, &lock, &[id(user(1))], None).is_err());
    drop(lock);
    // The dataset would name people who are left out.
    assert_eq!(chunk_in(&folder, Tz::UTC).unwrap_err().code(), ErrorCode::DataFileInvalid);
    assert!(fetch_with(&lab, &|_| (), &CancellationToken::new()).await.is_err());
    assert_eq!(std::fs::read_to_string(folder.people_file()).unwrap(), "UserId\nnonsense\n", "never written over");
    lab.sync_whole().await;
}
