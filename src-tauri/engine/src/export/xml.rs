//! Writes XML as Tableau does: two blanks per level, attributes in single quotes.

/// An XML document that is being written.
#[derive(Debug, Default)]
pub(super) struct Xml {
    out: String,
    open: Vec<String>,
}

/// Attributes, in the order in which they are written.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// An empty document with its declaration.
    pub(super) fn new() -> Self {
        Self { out: "<?xml version='1.0' encoding='utf-8' ?>\n\n".to_owned(), open: Vec::new() }
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("='");
            escape(&mut self.out, value);
            self.out.push('\'');
        }
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n("  ", self.open.len()));
    }

    /// An element without contents.
    pub(super) fn leaf(&mut self, name: &str, attributes: Attributes<'_>) {
        self.start(name, attributes);
        self.out.push_str(" />\n");
    }

    /// An element that contains a text.
    pub(super) fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.start(name, attributes);
        self.out.push('>');
        escape(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// An element that contains whatever `contents` writes.
    pub(super) fn element(&mut self, name: &str, attributes: Attributes<'_>, contents: impl FnOnce(&mut Self)) {
        self.start(name, attributes);
        self.out.push_str(">\n");
        self.open.push(name.to_owned());
        contents(self);
        self.open.pop();
        self.indent();
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    /// The finished document.
    pub(super) fn finish(self) -> String {
        self.out
    }
}

fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&apos;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            other => out.push(other),
        }
    }
}
