//! No circle of files: two files that need each other, directly or through others, are one idea in two places.
//!
//! A module and the modules within it count as one, because a `mod.rs` names its parts and the parts use its items.
//! Deliberately absent: circles between crates, which cargo refuses.

use std::collections::{BTreeMap, BTreeSet};

use super::doors::CRATES;
use super::sources::{Source, sources};

/// A module's path within its crate; the root's is empty.
type Module = Vec<String>;

/// How often one name may lead to another before the search gives up.
const MOST_STEPS: usize = 8;

#[test]
fn no_files_need_each_other() {
    let mut found = BTreeMap::new();
    for (name, folder) in CRATES {
        let modules = modules(folder);
        let circles = circles(&edges(&modules));
        if !circles.is_empty() {
            found.insert(name, circles);
        }
    }
    assert_eq!(found, BTreeMap::new(), "files that need each other");
}

#[test]
fn a_circle_is_found() {
    let edge = |from: &str, to: &[&str]| {
        (vec![from.to_owned()], to.iter().map(|to| vec![(*to).to_owned()]).collect::<BTreeSet<_>>())
    };
    let line = BTreeMap::from([edge("a", &["b"]), edge("b", &["c"]), edge("c", &[])]);
    assert_eq!(circles(&line), Vec::<Vec<String>>::new());
    let circle = BTreeMap::from([edge("a", &["b"]), edge("b", &["c"]), edge("c", &["a"]), edge("d", &["a"])]);
    assert_eq!(circles(&circle), [["a", "b", "c"]]);
}

/// The modules of a crate, without its programs.
fn modules(folder: &str) -> BTreeMap<Module, &'static Source> {
    let within = |source: &&Source| !source.shown.contains("/bin/") && !source.shown.ends_with("/main.rs");
    let path = |source: &Source| {
        let file = source.shown.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".rs")).expect("a source");
        let mut path: Module = file.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        path.pop_if(|last| last == "mod" || last == "lib");
        path
    };
    sources(folder).into_iter().filter(within).map(|source| (path(source), source)).collect()
}

/// Which modules each module needs, not counting its own parts and the modules around it.
fn edges(modules: &BTreeMap<Module, &Source>) -> BTreeMap<Module, BTreeSet<Module>> {
    let needs = |module: &Module, source: &Source| {
        let needed = source.paths().filter_map(|path| resolved(modules, module, path, MOST_STEPS));
        needed.filter(|other| !other.starts_with(module) && !module.starts_with(other)).collect()
    };
    modules.iter().map(|(module, source)| (module.clone(), needs(module, source))).collect()
}

/// The module that defines what a path names; `None` if another crate does.
fn resolved(modules: &BTreeMap<Module, &Source>, from: &Module, path: &str, steps: usize) -> Option<Module> {
    let mut segments = path.split("::").filter(|segment| !segment.is_empty()).peekable();
    let mut at = from.clone();
    match *segments.peek()? {
        "crate" => {
            at.clear();
            segments.next();
        }
        "self" => drop(segments.next()),
        "super" => {
            while segments.next_if_eq(&"super").is_some() {
                at.pop()?;
            }
        }
        first => {
            at.push(first.to_owned());
            modules.contains_key(&at).then_some(())?;
            segments.next();
        }
    }
    while let Some(segment) = segments.peek() {
        at.push((*segment).to_owned());
        if !modules.contains_key(&at) {
            at.pop();
            break;
        }
        segments.next();
    }
    let handed_on = segments.peek().and_then(|name| modules.get(&at)?.name(name)).filter(|_| steps > 0);
    handed_on.and_then(|path| resolved(modules, &at, path, steps - 1)).or(Some(at))
}

/// The largest groups of modules that can reach each other.
fn circles(edges: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Vec<String>> {
    let reach: BTreeMap<&Module, BTreeSet<&Module>> = edges.keys().map(|from| (from, reached(edges, from))).collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for (from, reached) in &reach {
        let circle: Vec<String> =
            reached.iter().filter(|other| reach[**other].contains(from)).map(|module| module.join("/")).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn reached<'a>(edges: &'a BTreeMap<Module, BTreeSet<Module>>, from: &'a Module) -> BTreeSet<&'a Module> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        for next in edges.get(module).into_iter().flatten() {
            if edges.contains_key(next) && reached.insert(next) {
                open.push(next);
            }
        }
    }
    reached
}
