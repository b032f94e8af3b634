//! How many pixels a picture says it has, and how many it may have: before anyone decodes it.

use super::fault::Fault;
use serde::{Deserialize, Serialize};

/// The longest side.
pub const SIDE_PX_MAX: u32 = 20_000;
/// The largest area: 50 megapixels.
pub const AREA_PX_MAX: u64 = 50_000_000;

/// Width and height as stored, before any rotation that the metadata asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pixels {
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
}

impl Pixels {
    /// # Errors
    /// [`Fault::NoPixels`] or [`Fault::TooManyPixels`].
    pub fn new(width: u32, height: u32) -> Result<Self, Fault> {
        if width == 0 || height == 0 {
            return Err(Fault::NoPixels);
        }
        let pixels = Self { width, height };
        let too_long = width > SIDE_PX_MAX || height > SIDE_PX_MAX;
        if too_long || pixels.area() > AREA_PX_MAX {
            return Err(Fault::TooManyPixels);
        }
        Ok(pixels)
    }

    /// How many there are.
    #[must_use]
    pub fn area(self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }
}
