//! What each crate offers to the others: nothing that nobody uses, and no name for two types.
//!
//! The compiler finds unused items within a crate, but assumes that somebody uses whatever is `pub`. This test compares
//! names, so an unused item escapes if it shares its name with a used one. Tests and benchmarks are crates of their own
//! and count as users.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Fields, ImplItem, Item, UseTree, Visibility};

use super::sources::is_for_tests;
use super::{root, shown};

/// The crates to check, and where their sources are.
pub(super) const CRATES: [(&str, &str); 8] = [
    ("model", "src-tauri/model/src"),
    ("store", "src-tauri/store/src"),
    ("panopto", "src-tauri/panopto/src"),
    ("engine", "src-tauri/engine/src"),
    ("charts", "src-tauri/charts/src"),
    ("sim", "src-tauri/sim/src"),
    ("cli", "src-tauri/cli/src"),
    ("shell", "src-tauri/src"),
];

/// One file: its path from the repository's root, its items, and every word in it.
struct File {
    shown: String,
    items: Vec<Item>,
    words: BTreeSet<String>,
}

fn files() -> Vec<File> {
    let mut open: Vec<_> = ["src-tauri", "tests", "benches"].map(|folder| root().join(folder)).into();
    let mut files = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                let mut words = BTreeSet::new();
                take_words(text.parse().expect("it is Rust"), &mut words);
                let items = syn::parse_file(&text).expect("it is Rust").items;
                files.push(File { shown: shown(&path), items, words });
            }
        }
    }
    files
}

/// Takes every identifier. Words in comments do not count as use.
fn take_words(tokens: TokenStream, words: &mut BTreeSet<String>) {
    let mut is_attribute = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(words.insert(ident.to_string())),
            // An attribute may name a function (`serde(with = "…")` does so in text), but a comment is an attribute
            // too.
            TokenTree::Group(group) if !is_attribute || !is_comment(&group.stream()) => {
                take_words(group.stream(), words);
            }
            _ => {}
        }
        is_attribute = false;
    }
}

fn is_comment(tokens: &TokenStream) -> bool {
    matches!(tokens.clone().into_iter().next(), Some(TokenTree::Ident(ident)) if ident == "doc")
}

/// What a crate offers. Functions and constants must be named outside it; a type may also appear in the signature of
/// another item.
#[derive(Default)]
struct Doors {
    values: Vec<String>,
    types: Vec<String>,
    met: BTreeSet<String>,
    /// The outer name and the original name of each item that is exported under another name.
    renamed: Vec<(String, String)>,
}

impl Doors {
    fn take(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Fn(item) if is_open(&item.vis, &item.attrs) => {
                    self.values.push(item.sig.ident.to_string());
                    self.meet(|met| met.visit_signature(&item.sig));
                }
                Item::Const(item) if is_open(&item.vis, &item.attrs) => {
                    self.values.push(item.ident.to_string());
                    self.meet(|met| met.visit_type(&item.ty));
                }
                Item::Static(item) if is_open(&item.vis, &item.attrs) => self.values.push(item.ident.to_string()),
                Item::Struct(item) if is_open(&item.vis, &item.attrs) => {
                    self.types.push(item.ident.to_string());
                    let open = matches!(&item.fields, Fields::Named(_) | Fields::Unnamed(_));
                    for field in item.fields.iter().filter(|field| open && matches!(field.vis, Visibility::Public(_))) {
                        self.meet(|met| met.visit_type(&field.ty));
                    }
                }
                Item::Enum(item) if is_open(&item.vis, &item.attrs) => {
                    self.types.push(item.ident.to_string());
                    for field in item.variants.iter().flat_map(|variant| &variant.fields) {
                        self.meet(|met| met.visit_type(&field.ty));
                    }
                }
                Item::Trait(item) if is_open(&item.vis, &item.attrs) => {
                    self.types.push(item.ident.to_string());
                    self.meet(|met| item.items.iter().for_each(|item| met.visit_trait_item(item)));
                }
                Item::Type(item) if is_open(&item.vis, &item.attrs) => {
                    self.types.push(item.ident.to_string());
                    self.meet(|met| met.visit_type(&item.ty));
                }
                Item::Impl(item) if !is_for_tests(&item.attrs) => {
                    // A trait in a bound or an implementation is used by every caller of that code.
                    item.trait_.iter().for_each(|(_, path, _)| self.meet(|met| met.visit_path(path)));
                    for item in &item.items {
                        match item {
                            ImplItem::Fn(item) if is_open(&item.vis, &item.attrs) => {
                                self.values.push(item.sig.ident.to_string());
                                self.meet(|met| met.visit_signature(&item.sig));
                            }
                            ImplItem::Const(item) if is_open(&item.vis, &item.attrs) => {
                                self.values.push(item.ident.to_string());
                            }
                            ImplItem::Type(item) => self.meet(|met| met.visit_type(&item.ty)),
                            _ => {}
                        }
                    }
                }
                // An item that is exported under another name is used under that name.
                Item::Use(item) if is_open(&item.vis, &item.attrs) => take_renamed(&item.tree, &mut self.renamed),
                Item::Mod(item) if !is_for_tests(&item.attrs) => {
                    if let Some((_, items)) = &item.content {
                        self.take(items);
                    }
                }
                _ => {}
            }
        }
    }

    fn meet(&mut self, visit: impl FnOnce(&mut Met<'_>)) {
        visit(&mut Met(&mut self.met));
    }
}

fn take_renamed(tree: &UseTree, renamed: &mut Vec<(String, String)>) {
    match tree {
        UseTree::Path(path) => take_renamed(&path.tree, renamed),
        UseTree::Rename(rename) => renamed.push((rename.rename.to_string(), rename.ident.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| take_renamed(tree, renamed)),
        UseTree::Name(_) | UseTree::Glob(_) => {}
    }
}

fn is_open(visibility: &Visibility, attributes: &[syn::Attribute]) -> bool {
    matches!(visibility, Visibility::Public(_)) && !is_for_tests(attributes)
}

/// The types that a signature names.
struct Met<'a>(&'a mut BTreeSet<String>);

impl<'ast> Visit<'ast> for Met<'_> {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.extend(path.segments.iter().map(|segment| segment.ident.to_string()));
        visit::visit_path(self, path);
    }
}

/// Files that are separate programs beside the library.
fn is_program(file: &File) -> bool {
    file.shown.ends_with("/main.rs") || file.shown.contains("/bin/")
}

#[test]
fn every_door_is_used_by_somebody() {
    let files = files();
    let mut unused = BTreeMap::new();
    for (name, folder) in CRATES {
        let is_within = |file: &&File| file.shown.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let mut doors = Doors::default();
        files.iter().filter(is_within).for_each(|file| doors.take(&file.items));
        let outside: BTreeSet<&String> =
            files.iter().filter(|file| !is_within(file) || is_program(file)).flat_map(|file| &file.words).collect();
        assert!(doors.values.len() + doors.types.len() > 0 || name == "cli", "`{name}` offers nothing: is it read?");
        let outside_as =
            |own: &String| doors.renamed.iter().any(|(outer, inner)| inner == own && outside.contains(outer));
        let values = doors.values.iter().filter(|value| !outside.contains(value) && !outside_as(value));
        let types = doors.types.iter().filter(|name| !outside.contains(name) && !doors.met.contains(*name));
        let found: BTreeSet<&String> = values.chain(types).collect();
        if !found.is_empty() {
            unused.insert(name, found.into_iter().cloned().collect::<Vec<_>>());
        }
    }
    assert_eq!(unused, BTreeMap::new(), "public, but no other crate names it");
}

/// Two types with one name in one crate can be told apart only by their modules.
#[test]
fn no_name_stands_for_two_types_of_a_crate() {
    let files = files();
    for (name, folder) in CRATES {
        let mut types: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for file in
            files.iter().filter(|file| file.shown.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
        {
            for item in &file.items {
                let (ident, attributes) = match item {
                    Item::Struct(item) => (&item.ident, &item.attrs),
                    Item::Enum(item) => (&item.ident, &item.attrs),
                    Item::Trait(item) => (&item.ident, &item.attrs),
                    _ => continue,
                };
                if !is_for_tests(attributes) {
                    types.entry(ident.to_string()).or_default().insert(&file.shown);
                }
            }
        }
        types.retain(|_, files| files.len() > 1);
        assert_eq!(types, BTreeMap::new(), "in `{name}`");
    }
}
