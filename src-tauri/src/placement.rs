//! Where a window goes when its screen is gone: a second monitor taken away, a smaller one, another resolution.
//!
//! Pure: places in physical pixels in, a place out. Deliberately absent: remembering places, which a plugin does.
//!
//! Invariant: on any screen, the user can get hold of the window's title bar.

/// A rectangle of the desktop: of a window with its frame, or of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Left edge; negative on screens left of the first.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// Height of the strip at the top by which a window is taken hold of.
const TITLE_BAR: i64 = 24;
/// Width of that strip that must be on screen.
const GRIP: i64 = 80;

impl Place {
    fn right(self) -> i64 {
        i64::from(self.x) + i64::from(self.width)
    }

    fn bottom(self) -> i64 {
        i64::from(self.y) + i64::from(self.height)
    }

    /// Width and height of the overlap of two places; not positive where they do not overlap.
    fn overlap(self, other: Self) -> (i64, i64) {
        (
            self.right().min(other.right()) - i64::from(self.x.max(other.x)),
            self.bottom().min(other.bottom()) - i64::from(self.y.max(other.y)),
        )
    }
}

/// Where the window must go to be reached, or `None` where it can stay. It goes to the screen that shows most of it, else
/// to the first, into the middle, and is made smaller where it is larger than that screen.
pub(crate) fn bring_back(window: Place, screens: &[Place]) -> Option<Place> {
    let title_bar = Place { height: TITLE_BAR as u32, ..window };
    let is_reachable = |screen: &Place| {
        let (width, height) = title_bar.overlap(*screen);
        width >= GRIP && height >= TITLE_BAR / 2
    };
    if screens.iter().any(is_reachable) {
        return None;
    }
    let shown = |screen: &Place| {
        let (width, height) = window.overlap(*screen);
        width.max(0) * height.max(0)
    };
    let screen = screens.iter().rev().max_by_key(|screen| shown(screen))?;
    let (width, height) = (window.width.min(screen.width), window.height.min(screen.height));
    Some(Place {
        x: screen.x + (screen.width - width).cast_signed() / 2,
        y: screen.y + (screen.height - height).cast_signed() / 2,
        width,
        height,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAPTOP: Place = Place { x: 0, y: 0, width: 1280, height: 800 };
    const LEFT: Place = Place { x: -1920, y: -200, width: 1920, height: 1080 };

    fn window(x: i32, y: i32) -> Place {
        Place { x, y, width: 1180, height: 780 }
    }

    #[test]
    fn a_window_that_can_be_reached_stays() {
        for place in [window(40, 10), window(-1800, -150), window(-600, 20), window(1100, 700), window(-1000, 0)] {
            assert_eq!(bring_back(place, &[LAPTOP, LEFT]), None, "{place:?}");
        }
        assert_eq!(bring_back(window(5000, 5000), &[]), None);
    }

    #[test]
    fn a_window_of_a_screen_that_is_gone_comes_to_the_middle_of_one_that_is_there() {
        assert_eq!(bring_back(window(-1800, -150), &[LAPTOP]), Some(window(50, 10)));
        assert_eq!(bring_back(window(3000, 100), &[LAPTOP, LEFT]), Some(window(50, 10)));
        // Most of it, but not its title bar, is on the left screen.
        assert_eq!(bring_back(window(-1500, -900), &[LAPTOP, LEFT]), Some(window(-1550, -50)));
    }

    #[test]
    fn a_title_bar_above_the_screen_or_in_a_corner_cannot_be_held() {
        for place in [window(40, -30), window(-1150, 10), window(1250, 10), window(40, 795)] {
            let back = bring_back(place, &[LAPTOP]).expect("it must move");
            assert_eq!(bring_back(back, &[LAPTOP]), None, "{place:?}");
        }
    }

    #[test]
    fn a_window_larger_than_the_screen_fits_afterwards() {
        let huge = Place { x: 5000, y: 0, width: 3800, height: 2100 };
        assert_eq!(bring_back(huge, &[LAPTOP]), Some(LAPTOP));
    }
}
