//! Rust sources as the compiler reads them: which paths, macros and texts the shipped code of a file names.
//!
//! The sources are parsed, not searched: a test in the middle of a file, a comment, and a `use` that renames or nests
//! hide nothing. Deliberately absent: what macros of other crates expand to, and types, which the compiler checks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::{root, shown};

/// One file without the parts that are compiled only for tests.
pub(super) struct Source {
    /// The path as ARCHITECTURE.md writes it: from the repository's root, with `/`.
    pub(super) shown: String,
    /// The whole text.
    pub(super) text: String,
    /// Lines of code, not counting unit tests.
    pub(super) code_lines: usize,
    /// Every path that the file names, in full even if a `use` renames or shortens it.
    paths: BTreeSet<String>,
    /// The names that a `use` introduces, and what they mean.
    names: BTreeMap<String, String>,
    /// Every text in quotes.
    texts: Vec<String>,
    /// Whether anything in it is async.
    pub(super) is_async: bool,
    /// Whether shipped code in it overrides clippy's lists of what is not allowed.
    pub(super) passes_over_clippy: bool,
}

impl Source {
    /// The named paths within this module or crate, such as `std::fs`.
    pub(super) fn named_in(&self, path: &str) -> Vec<&str> {
        let within = |named: &str| named == path || named.strip_prefix(path).is_some_and(|rest| rest.starts_with("::"));
        self.paths.iter().map(String::as_str).filter(|named| within(named)).collect()
    }

    /// Whether a path ends in these segments, such as `Utc::now`.
    pub(super) fn names_end(&self, end: &str) -> bool {
        self.paths.iter().any(|named| named == end || named.strip_suffix(end).is_some_and(|rest| rest.ends_with("::")))
    }

    /// Every path that the file names.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// What this name means according to a `use` of the file.
    pub(super) fn name(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// The texts in quotes.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(String::as_str)
    }
}

/// Every shipped source below a folder of the repository. All are parsed once.
pub(super) fn sources(folder: &str) -> Vec<&'static Source> {
    static ALL: OnceLock<Vec<Source>> = OnceLock::new();
    let all = ALL.get_or_init(|| ["src-tauri", "tests", "benches"].into_iter().flat_map(parsed).collect());
    let found: Vec<&Source> = all
        .iter()
        .filter(|source| source.shown.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
        .collect();
    assert!(!found.is_empty(), "there are sources in {folder}");
    found
}

fn parsed(folder: &str) -> Vec<Source> {
    let mut files = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    let read: Vec<(PathBuf, String, Reader)> = files.into_iter().map(read).collect();
    let tests: Vec<PathBuf> = read.iter().flat_map(|(_, _, reader)| reader.test_modules.clone()).collect();
    let is_test = |path: &Path| tests.iter().any(|test| path == test.with_extension("rs") || path.starts_with(test));
    let shipped = read.into_iter().filter(|(path, ..)| !is_test(path));
    shipped.map(|(path, text, reader)| reader.finish(&path, text)).collect()
}

fn read(path: PathBuf) -> (PathBuf, String, Reader) {
    let text = std::fs::read_to_string(&path).expect("UTF-8");
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", shown(&path)));
    let mut reader = Reader { modules_dir: modules_dir(&path), ..Reader::default() };
    reader.visit_file(&file);
    (path, text, reader)
}

/// Whether an item exists only for tests.
pub(super) fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::Path(path) => path.segments.last().is_some_and(|segment| segment.ident == "test"),
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string().replace(' ', "");
            condition == "test"
                || condition.starts_with("any(test,")
                || condition.starts_with("all(test,")
                || condition == "feature=\"testing\""
        }
        _ => false,
    })
}

/// Counts lines that are neither blank, nor a comment, nor part of the unit tests. An item that starts at the beginning
/// of a line ends with a brace at the beginning of a line, because the formatter puts it there.
fn code_lines(text: &str) -> usize {
    let mut lines = text.lines();
    let mut count = 0;
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            let item = lines.by_ref().find(|line| !line.starts_with("#["));
            if item.is_some_and(|item| item.ends_with('{')) {
                lines.by_ref().find(|line| *line == "}");
            }
        } else if !matches!(line.trim(), "") && !line.trim().starts_with("//") {
            count += 1;
        }
    }
    count
}

/// Where the files of a file's modules are.
fn modules_dir(path: &Path) -> PathBuf {
    let parent = path.parent().expect("a file has a folder");
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main" | "mod") | None => parent.to_owned(),
        Some(stem) => parent.join(stem),
    }
}

#[derive(Default)]
struct Reader {
    modules_dir: PathBuf,
    /// Paths, without `.rs`, of the modules that exist only in tests.
    test_modules: Vec<PathBuf>,
    /// The names that a `use` introduces, and what they mean.
    names: BTreeMap<String, String>,
    paths: BTreeSet<String>,
    texts: Vec<String>,
    is_async: bool,
    passes_over_clippy: bool,
}

impl Reader {
    fn finish(self, path: &Path, text: String) -> Source {
        let in_full = |path: &String| {
            let (first, rest) =
                path.split_once("::").map_or((path.as_str(), None), |(first, rest)| (first, Some(rest)));
            let first = self.names.get(first).map_or(first, String::as_str);
            let full = rest.map_or_else(|| first.to_owned(), |rest| format!("{first}::{rest}"));
            full.strip_prefix("core::").map_or(full.clone(), |rest| format!("std::{rest}"))
        };
        Source {
            shown: shown(path),
            code_lines: code_lines(&text),
            paths: self.paths.iter().map(in_full).collect(),
            names: self.names,
            texts: self.texts,
            is_async: self.is_async,
            passes_over_clippy: self.passes_over_clippy,
            text,
        }
    }

    fn take_use(&mut self, before: &str, tree: &syn::UseTree) {
        let full = |name: &syn::Ident| if before.is_empty() { name.to_string() } else { format!("{before}::{name}") };
        match tree {
            syn::UseTree::Path(path) => self.take_use(&full(&path.ident), &path.tree),
            syn::UseTree::Name(name) if name.ident == "self" => {
                self.take_name(before.rsplit("::").next().unwrap_or_default(), before);
            }
            syn::UseTree::Name(name) => self.take_name(&name.ident.to_string(), &full(&name.ident)),
            syn::UseTree::Rename(rename) => self.take_name(&rename.rename.to_string(), &full(&rename.ident)),
            syn::UseTree::Glob(_) => drop(self.paths.insert(before.to_owned())),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.take_use(before, tree)),
        }
    }

    fn take_name(&mut self, name: &str, full: &str) {
        self.paths.insert(full.to_owned());
        self.names.insert(name.to_owned(), full.to_owned());
    }

    /// Takes the paths and texts within a macro's own language.
    fn take_tokens(&mut self, tokens: TokenStream) {
        let mut path = String::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    self.is_async |= ident == "async" || ident == "await";
                    if colons == 2 && !path.is_empty() {
                        path.push_str("::");
                    } else {
                        self.end_path(&mut path);
                    }
                    path.push_str(&ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.end_path(&mut path);
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.take_tokens(group.stream()),
                        TokenTree::Literal(literal) => self.texts.push(literal.to_string()),
                        _ => {}
                    }
                }
            }
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut String) {
        if !path.is_empty() {
            self.paths.insert(std::mem::take(path));
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Const(item) => &item.attrs,
            syn::Item::Enum(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Macro(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Static(item) => &item.attrs,
            syn::Item::Struct(item) => &item.attrs,
            syn::Item::Trait(item) => &item.attrs,
            syn::Item::Type(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        } else if let syn::Item::Mod(module) = item
            && module.content.is_none()
        {
            self.test_modules.push(self.modules_dir.join(module.ident.to_string()));
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    /// A name in an attribute is not a use of it; comments are attributes too.
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let syn::Meta::List(list) = &attribute.meta else { return };
        let text = list.tokens.to_string().replace(' ', "");
        let is_for_tests = list.path.is_ident("cfg_attr") && text.starts_with("test,");
        self.passes_over_clippy |= !is_for_tests && text.contains("clippy::disallowed_");
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take_use("", &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.insert(segments.join("::"));
        visit::visit_path(self, path);
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.texts.push(text.value());
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        visit::visit_macro(self, called);
        self.take_tokens(called.tokens.clone());
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.is_async |= signature.asyncness.is_some();
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.is_async = true;
        visit::visit_expr_async(self, block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Source {
        let mut reader = Reader { modules_dir: PathBuf::from("x"), ..Reader::default() };
        reader.visit_file(&syn::parse_file(text).expect("it is Rust"));
        reader.finish(Path::new("x.rs"), text.to_owned())
    }

    #[test]
    fn nothing_hides_behind_a_test_a_name_or_a_macro() {
        for text in [
            "#[cfg(test)] mod tests {} fn f() { std::fs::read(x); }",
            "#[cfg(test)] mod tests; use std::fs; fn f() { fs::read(x); }",
            "use std::{io, fs as disk}; fn f() { disk::read(x); }",
            "use std as s; fn f() { s::fs::read(x); }",
            "use std::fs::{self, File}; fn f() { File::open(x); }",
            "use std::fs::*;",
            "fn f() { format!(\"{:?}\", ::std::fs::read(x)); }",
            "use core::fs;",
        ] {
            assert!(!parsed(text).named_in("std::fs").is_empty(), "{text}");
        }
    }

    #[test]
    fn what_only_tests_have_does_not_count() {
        for text in [
            "#[cfg(test)] use std::fs;",
            "#[cfg(test)] mod tests { fn f() { std::fs::read(x); } }",
            "#[cfg(any(test, feature = \"testing\"))] mod fake { use std::fs; }",
            "#[test] fn f() { std::fs::read(x); }",
            "// std::fs\n/// std::fs\nfn f() {}",
            "fn f() { my::std::fs(); }",
        ] {
            assert!(parsed(text).named_in("std::fs").is_empty(), "{text}");
        }
        assert!(!parsed("#[cfg(not(test))] use std::fs;").named_in("std::fs").is_empty());
        assert_eq!(parsed("//! x\n\nfn f() {\n}\n#[cfg(test)]\nmod tests {\n}\nfn g() {}\n").code_lines, 3);
    }
}
