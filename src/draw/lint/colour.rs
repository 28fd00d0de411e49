//! Colours and how far they stand apart.

/// A colour in sRGB, each part from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rgb(pub(super) [f64; 3]);

/// White, on which a page without a ground stands.
pub(super) const WHITE: Rgb = Rgb([1.0, 1.0, 1.0]);

impl Rgb {
    /// The colour of CSS; none for anything but a plain colour. Its opacity comes along.
    pub(super) fn read(text: &str) -> Option<(Rgb, f64)> {
        let it: svgtypes::Color = text.trim().parse().ok()?;
        let part = |it: u8| f64::from(it) / 255.0;
        Some((Rgb([part(it.red), part(it.green), part(it.blue)]), part(it.alpha)))
    }

    /// What is seen where this lies over another.
    pub(super) fn over(self, ground: Rgb, opacity: f64) -> Rgb {
        let Rgb([a, b, c]) = self;
        let Rgb([x, y, z]) = ground;
        let mix = |over: f64, under: f64| over * opacity + under * (1.0 - opacity);
        Rgb([mix(a, x), mix(b, y), mix(c, z)])
    }

    /// Relative luminance, <https://www.w3.org/TR/WCAG21/#dfn-relative-luminance>.
    fn luminance(self) -> f64 {
        let linear = |it: f64| if it <= 0.04045 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) };
        let Rgb([r, g, b]) = self;
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    /// The contrast of two colours, from 1 to 21, <https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio>.
    pub(super) fn contrast(self, other: Rgb) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let of = |a: &str, b: &str| Rgb::read(a).unwrap().0.contrast(Rgb::read(b).unwrap().0);
        assert!((of("#000", "white") - 21.0).abs() < 1e-9);
        // The grey that is just enough on white, and the one that is not.
        assert!(of("#767676", "#ffffff") >= 4.5 && of("#777777", "#ffffff") < 4.5);
        assert_eq!(Rgb::read("url(#a)"), None);
        assert_eq!(Rgb::read("none"), None);
        let (black, half) = Rgb::read("rgba(0,0,0,0.5)").unwrap();
        assert!((black.over(WHITE, half).0[0] - 0.5).abs() < 0.01);
    }
}
