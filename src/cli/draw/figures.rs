//! One figure or several, drawn and written.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::format::DrawFormat;
use crate::cli::Outcome;
use crate::cli::args::Global;
use crate::cli::output::{complain, write_file};
use crate::draw::font::FontSet;
use crate::draw::{self, DrawError, DrawOptions, LeftOut, Reduced, Reduction, reduce, split};
use crate::model::DiagramSpec;
use crate::query::Answer;

/// Figures of one answer.
pub(super) struct Figures<'a> {
    pub(super) format: DrawFormat,
    pub(super) reduced: &'a Reduced,
    pub(super) options: DrawOptions,
    pub(super) fonts: &'a FontSet,
    pub(super) scale: Option<f64>,
    pub(super) spec: &'a DiagramSpec,
    pub(super) global: &'a Global,
}

/// Why there is no figure.
enum Failure {
    /// The answer is too much, or too little.
    Drawing(DrawError),
    /// Anything else.
    Message(String),
}

impl From<DrawError> for Failure {
    fn from(error: DrawError) -> Failure {
        Failure::Drawing(error)
    }
}

/// Boxes of a figure that are tried for a split, from many to few.
const SIZES: [usize; 11] = [40, 28, 20, 14, 10, 8, 6, 5, 4, 3, 2];

impl Figures<'_> {
    /// Draws all and then writes all, each file whole or not at all.
    pub(super) fn write(&self) -> Outcome {
        if self.scale.is_some() && self.format != DrawFormat::Png {
            complain("--scale is for PNG: the other formats have no dots");
            return Outcome::Unusable;
        }
        if self.spec.timeline && matches!(self.format, DrawFormat::Dot | DrawFormat::Mermaid) {
            complain("a timeline is drawn as svg, png, pdf or html: use --out FILE.svg, or --format svg");
            return Outcome::Unusable;
        }
        let out = self.global.out.as_deref();
        if self.format.is_binary() && out.is_none() && io::stdout().is_terminal() {
            complain("this format is no text for a terminal: use --out FILE");
            return Outcome::Unusable;
        }
        let drawn = if self.spec.split {
            self.split()
        } else {
            self.one(&self.reduced.answer, &self.options).map(|it| vec![it])
        };
        let drawn = match drawn {
            Ok(drawn) => drawn,
            Err(failure) => return self.explain(failure),
        };
        let written = match (out, drawn.as_slice()) {
            (Some(path), [only]) if !self.spec.split => write_to(path, only),
            (Some(path), several) => {
                several.iter().zip(1..).try_for_each(|(bytes, number)| write_to(&numbered(path, number), bytes))
            }
            (None, [only]) => to_stdout(only),
            (None, several) => {
                complain(&format!("{} figures do not go into one stream: use --out FILE", several.len()));
                return Outcome::Unusable;
            }
        };
        match written {
            Ok(()) => {
                if self.spec.split
                    && let Some(path) = out
                {
                    let count = drawn.len();
                    let (first, last) = (numbered(path, 1), numbered(path, count));
                    complain(&match count {
                        1 => format!("1 figure: {}", first.display()),
                        _ => format!("{count} figures: {} to {}", first.display(), last.display()),
                    });
                }
                Outcome::Answered
            }
            Err(message) => {
                complain(&message);
                Outcome::Unusable
            }
        }
    }

    /// As few figures as fit the size.
    fn split(&self) -> Result<Vec<Vec<u8>>, Failure> {
        let mut failure = None;
        for most in SIZES {
            let parts = split(self.reduced, most);
            let count = parts.len();
            let drawn: Result<Vec<_>, _> = parts
                .iter()
                .zip(1..)
                .map(|(part, number)| {
                    let title = draw::title(&self.reduced.answer, &self.options);
                    let title = if count > 1 { format!("{title} ({number} of {count})") } else { title };
                    // What is left out of all is told once.
                    let left_out = if number == count { self.options.left_out.clone() } else { LeftOut::default() };
                    let all = self.options.together.iter();
                    let together = all.filter(|it| draw::stands_in(it, part)).cloned().collect();
                    self.one(part, &DrawOptions { title: Some(title), left_out, together, ..self.options.clone() })
                })
                .collect();
            match drawn {
                Err(Failure::Drawing(error)) if error.is_too_much() => failure = Some(Failure::Drawing(error)),
                other => return other,
            }
        }
        Err(failure.unwrap_or(Failure::Drawing(DrawError::Empty)))
    }

    fn one(&self, answer: &Answer, options: &DrawOptions) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let failed = |error: &dyn std::fmt::Display| Failure::Message(error.to_string());
        match self.format {
            DrawFormat::Dot => draw::dot(answer, options, &mut bytes).map_err(|it| failed(&it))?,
            DrawFormat::Mermaid => draw::mermaid(answer, options, &mut bytes).map_err(|it| failed(&it))?,
            DrawFormat::Json => draw::scene_json(answer, options, self.fonts, &mut bytes)?,
            DrawFormat::Svg => self.svg(answer, options, &mut bytes)?,
            DrawFormat::Html => {
                let mut svg = Vec::new();
                self.svg(answer, options, &mut svg)?;
                draw::html(answer, &svg, &mut bytes).map_err(|it| failed(&it))?;
            }
            DrawFormat::Png => {
                let mut svg = Vec::new();
                self.svg(answer, options, &mut svg)?;
                self.png(&svg, &mut bytes)?;
            }
            DrawFormat::Pdf => {
                let mut svg = Vec::new();
                self.svg(answer, options, &mut svg)?;
                self.pdf(&svg, &mut bytes)?;
            }
        }
        Ok(bytes)
    }

    fn svg(&self, answer: &Answer, options: &DrawOptions, out: &mut Vec<u8>) -> Result<(), DrawError> {
        draw::svg(answer, options, self.fonts, out)
    }

    #[cfg(feature = "png")]
    fn png(&self, svg: &[u8], out: &mut Vec<u8>) -> Result<(), Failure> {
        let scale = self.scale.unwrap_or(1.0);
        draw::png(svg, scale, self.fonts, out).map_err(|error| Failure::Message(error.to_string()))
    }

    #[cfg(not(feature = "png"))]
    fn png(&self, _: &[u8], _: &mut Vec<u8>) -> Result<(), Failure> {
        Err(Failure::Message("this build has no PNG: build it with `--features png`, or write SVG".to_owned()))
    }

    #[cfg(feature = "pdf")]
    fn pdf(&self, svg: &[u8], out: &mut Vec<u8>) -> Result<(), Failure> {
        draw::pdf(svg, self.fonts, out).map_err(|error| Failure::Message(error.to_string()))
    }

    #[cfg(not(feature = "pdf"))]
    fn pdf(&self, _: &[u8], _: &mut Vec<u8>) -> Result<(), Failure> {
        Err(Failure::Message("this build has no PDF: build it with `--features pdf`, or write SVG".to_owned()))
    }

    /// Says why there is no figure, and what would give one.
    fn explain(&self, failure: Failure) -> Outcome {
        match failure {
            Failure::Drawing(error) if error.is_too_much() => {
                complain(&format!("too much to draw: {error}"));
                complain(&format!("try {}", self.offers().join(", or ")));
                Outcome::Nothing
            }
            // An answer without facts has been told of.
            Failure::Drawing(DrawError::Empty) => {
                if !self.reduced.answer.rows.is_empty() {
                    complain(&DrawError::Empty.to_string());
                }
                Outcome::Nothing
            }
            Failure::Drawing(error) => {
                complain(&error.to_string());
                Outcome::Unusable
            }
            Failure::Message(message) => {
                complain(&message);
                Outcome::Unusable
            }
        }
    }

    /// Ways to draw less that were tried and fit.
    fn offers(&self) -> Vec<String> {
        let mut offers = Vec::new();
        let keep: Vec<String> = self.options.focus.clone();
        let fits = |reduction: &Reduction| {
            let less = reduce(&self.reduced.answer, reduction);
            let options = DrawOptions { together: less.together, left_out: less.left_out, ..self.options.clone() };
            draw::fits(&less.answer, &options, self.fonts)
        };
        use crate::model::Collapse::{Members, Organisations, Small};
        for how in [vec![Members], vec![Organisations], vec![Small], vec![Members, Organisations, Small]] {
            let words: Vec<&str> = how.iter().map(|it| it.as_str()).collect();
            let reduction = Reduction { collapse: how, top: self.spec.top, keep: keep.clone() };
            if self.spec.collapse.is_empty() && offers.is_empty() && fits(&reduction) {
                offers.push(format!("--collapse {}", words.join(",")));
            }
        }
        let tops = SIZES.into_iter().filter(|it| self.spec.top.is_none_or(|top| *it < top));
        let top = tops
            .into_iter()
            .find(|top| fits(&Reduction { top: Some(*top), collapse: self.spec.collapse.clone(), keep: keep.clone() }));
        offers.extend(top.map(|it| format!("--top {it}")));
        if !self.spec.split {
            offers.push("--split".to_owned());
        }
        let larger = draw::larger_size(&self.reduced.answer, &self.options, self.fonts);
        offers.extend(larger.map(|it| format!("--size {}", it.to_word())));
        offers
    }
}

/// `russia.svg` as `russia-2.svg`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let extension = path.extension().map_or(String::new(), |it| format!(".{}", it.to_string_lossy()));
    path.with_file_name(format!("{stem}-{number}{extension}"))
}

fn write_to(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let written: io::Result<()> = write_file(path, |out| out.write_all(bytes));
    written.map_err(|error| {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
        match folder.filter(|it| !it.exists()) {
            Some(folder) => format!("{} cannot be written: there is no folder {}", path.display(), folder.display()),
            None => format!("{} cannot be written: {error}", path.display()),
        }
    })
}

fn to_stdout(bytes: &[u8]) -> Result<(), String> {
    match io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}
