//! From HTML to paragraphs: the tags that part lines, what is no text, and what the metadata say.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::article::{Article, normal};
use super::when::date_in;

/// Elements that begin and end a line.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "body",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "tr",
    "ul",
];

/// Elements whose text nobody reads as part of the article.
const SILENT: [&str; 14] = [
    "script", "style", "noscript", "template", "svg", "head", "nav", "footer", "form", "button", "select", "iframe",
    "aside", "textarea",
];

/// The text and the metadata of HTML, however damaged: a tokenizer that never fails, no tree.
pub(super) fn article(text: &str) -> Article {
    let mut reader = Reader::default();
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(words) => reader.words(&String::from_utf8_lossy(&words)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    article: Article,
    line: String,
    /// The silent element that is open, and how many of its name.
    silent: Option<(String, usize)>,
    title: Option<String>,
    in_title: bool,
    metadata: Vec<(String, String)>,
}

impl Reader {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let attribute =
            |name: &str| tag.attributes.get(name.as_bytes()).map(|it| String::from_utf8_lossy(it).into_owned());
        match name.as_str() {
            "meta" => {
                let key = attribute("property").or_else(|| attribute("name")).or_else(|| attribute("itemprop"));
                if let (Some(key), Some(value)) = (key, attribute("content")) {
                    self.metadata.push((key.to_ascii_lowercase(), normal(&value)));
                }
            }
            "link" if attribute("rel").as_deref() == Some("canonical") => {
                self.metadata.extend(attribute("href").map(|it| ("og:url".to_owned(), it)));
            }
            "time" => self.metadata.extend(attribute("datetime").map(|it| ("time".to_owned(), it))),
            "title" => self.in_title = self.title.is_none(),
            // A body ends a head that nobody closed.
            "body" | "article" | "main" if self.silent.as_ref().is_some_and(|(it, _)| it == "head") => {
                self.silent = None
            }
            _ => {}
        }
        if BLOCKS.contains(&name.as_str()) {
            self.end_line();
        }
        match &mut self.silent {
            Some((open, count)) if *open == name => *count += usize::from(!tag.self_closing),
            Some(_) => {}
            None if SILENT.contains(&name.as_str()) && !tag.self_closing => self.silent = Some((name, 1)),
            None => {}
        }
    }

    fn end(&mut self, name: &str) {
        if name == "title" {
            self.in_title = false;
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        if let Some((open, count)) = &mut self.silent
            && open == name
        {
            *count -= 1;
            if *count == 0 {
                self.silent = None;
            }
        }
    }

    fn words(&mut self, words: &str) {
        if self.in_title {
            self.title.get_or_insert_default().push_str(words);
        } else if self.silent.is_none() {
            self.line.push_str(words);
        }
    }

    fn end_line(&mut self) {
        let line = normal(&std::mem::take(&mut self.line));
        if !line.is_empty() {
            self.article.paragraphs.push(line);
        }
    }

    fn finish(mut self) -> Article {
        self.end_line();
        let find = |keys: &[&str]| {
            keys.iter().find_map(|key| self.metadata.iter().find(|(it, _)| it == key)).map(|(_, it)| it.clone())
        };
        let date = find(&[
            "article:published_time",
            "datepublished",
            "date",
            "dc.date",
            "dc.date.issued",
            "pubdate",
            "publish-date",
            "parsely-pub-date",
            "sailthru.date",
            "time",
        ]);
        let publisher = find(&["og:site_name", "publisher", "application-name", "dc.publisher"]);
        let address = find(&["og:url"]).filter(|it| crate::model::is_web_address(it));
        // Without a headline of its own, the title is the first line.
        if let Some(title) = self.title.as_deref().map(normal).filter(|it| !it.is_empty())
            && !self
                .article
                .paragraphs
                .iter()
                .take(8)
                .any(|it| title.starts_with(it.as_str()) || it.starts_with(&title))
        {
            self.article.paragraphs.insert(0, title);
        }
        let mut article = self.article;
        article.date = date.and_then(|it| date_in(it.get(..10).unwrap_or(&it)).or_else(|| date_in(&it)));
        article.publisher = publisher;
        article.address = address;
        article
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_text_and_metadata_are_told_apart() {
        let article = article(
            "<!doctype html><html><head><title>Ships &amp; more | Tide</title><style>p{}</style>\
             <meta property=\"og:site_name\" content=\"Tide\"><meta property='article:published_time' content='2025-03-04T09:00Z'>\
             <link rel=canonical href=\"https://tide.example/a\"></head>\
             <body><nav>Home</nav><h1>Ships</h1><p>Three <b>big</b>\n ships&nbsp;left<script>x='<p>no</p>'</script> port.</p><p>Two<br>came back</body>",
        );
        assert_eq!(article.paragraphs, ["Ships", "Three big ships left port.", "Two", "came back"]);
        assert_eq!(article.publisher.as_deref(), Some("Tide"));
        assert_eq!(article.date.map(|it| it.to_string()).as_deref(), Some("2025-03-04"));
        assert_eq!(article.address.as_deref(), Some("https://tide.example/a"));
    }

    #[test]
    fn damaged_html_is_read_as_far_as_it_goes() {
        for (html, expected) in [
            ("<html><head><title>T<body><p>never", vec!["T<body><p>never"]),
            ("<html><head><body><p>One<p>Two</i></div>", vec!["One", "Two"]),
            ("<p>a<", vec!["a<"]),
            ("<p class='x>lost", vec![]),
            ("<p>&#0;&#xD800;&bogus;</p>", vec!["\u{fffd}\u{fffd}&bogus;"]),
        ] {
            assert_eq!(article(html).paragraphs, expected, "{html}");
        }
    }
}
