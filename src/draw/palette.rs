//! Colours. Each palette is told apart without colour too (dashes, marks, heads), is legible at 4.5:1 for text and 3:1
//! for lines, and its status colours stay apart for the three common kinds of colour blindness; a test simulates them.

use super::options::PaletteName;

/// The colours of a picture, as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Palette {
    /// The page.
    pub(crate) page: &'static str,
    /// Text.
    pub(crate) text: &'static str,
    /// Small print.
    pub(crate) quiet: &'static str,
    /// The inside of a box.
    pub(crate) fill: &'static str,
    /// The inside of an emphasised box.
    pub(crate) focus: &'static str,
    /// The outline of a box.
    pub(crate) outline: &'static str,
    /// Lines and marks by status, in the order of the table of statuses.
    pub(crate) statuses: [&'static str; 6],
    /// Lines of what did not happen.
    pub(crate) apart: &'static str,
}

const LIGHT: Palette = Palette {
    page: "#ffffff",
    text: "#1b1b1b",
    quiet: "#555555",
    fill: "#f3f1ec",
    focus: "#ffe9b8",
    outline: "#3d3d3d",
    statuses: ["#178d49", "#034a94", "#3a3a3a", "#ab8005", "#830102", "#7d7d7d"],
    apart: "#808080",
};

const DARK: Palette = Palette {
    page: "#15181b",
    text: "#f1f1f1",
    quiet: "#b9b9b9",
    fill: "#25292e",
    focus: "#4d3d10",
    outline: "#c9c9c9",
    statuses: ["#5fe0a0", "#5aa2ff", "#e4e4e4", "#e8bd2e", "#f0454f", "#8f8f8f"],
    apart: "#8f8f8f",
};

const PRINT: Palette = Palette {
    page: "#ffffff",
    text: "#000000",
    quiet: "#333333",
    fill: "#f2f2f2",
    focus: "#d9d9d9",
    outline: "#000000",
    statuses: ["#000000", "#000000", "#262626", "#333333", "#000000", "#5c5c5c"],
    apart: "#6e6e6e",
};

/// The palette of that name.
pub(crate) fn palette(name: PaletteName) -> &'static Palette {
    match name {
        PaletteName::Light => &LIGHT,
        PaletteName::Dark => &DARK,
        PaletteName::Print => &PRINT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(hex: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let part = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// The contrast of WCAG 2.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |it: &str| {
            let [r, g, b] = linear(it);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Machado, Oliveira and Fernandes (2009), severity 1.0, for linear light.
    const KINDS: [(&str, [[f64; 3]; 3]); 4] = [
        ("all colours", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ),
        (
            "deuteranopia",
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ),
        (
            "tritanopia",
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ),
    ];

    /// CIE L*a*b* for daylight.
    fn lab(rgb: [f64; 3]) -> [f64; 3] {
        let [r, g, b] = rgb;
        let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
        let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
        let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[test]
    fn text_and_lines_have_contrast() {
        for name in PaletteName::ALL {
            let it = palette(name);
            for ground in [it.page, it.fill, it.focus] {
                assert!(contrast(it.text, ground) >= 4.5, "{name:?}");
            }
            assert!(contrast(it.quiet, it.page) >= 4.5 && contrast(it.quiet, it.fill) >= 4.5, "{name:?}");
            for line in it.statuses.iter().chain([&it.apart, &it.outline]) {
                assert!(contrast(line, it.page) >= 3.0 && contrast(line, it.fill) >= 3.0, "{name:?} {line}");
            }
        }
    }

    #[test]
    fn statuses_stay_apart_for_the_colour_blind() {
        for name in [PaletteName::Light, PaletteName::Dark] {
            for (kind, matrix) in KINDS {
                let seen = palette(name).statuses.map(|it| {
                    let light = linear(it);
                    lab(matrix.map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0)))
                });
                for (at, a) in seen.iter().enumerate() {
                    for b in &seen[at + 1..] {
                        let difference = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(difference > 12.0, "{name:?} {kind} {difference}");
                    }
                }
            }
        }
    }

    #[test]
    fn print_has_greys_only() {
        let it = palette(PaletteName::Print);
        let colours =
            it.statuses.iter().copied().chain([it.page, it.text, it.quiet, it.fill, it.focus, it.outline, it.apart]);
        for colour in colours {
            assert!(colour[1..3] == colour[3..5] && colour[3..5] == colour[5..7], "{colour}");
        }
    }
}
