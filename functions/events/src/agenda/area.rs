//! Areas of a search: the surroundings of a point, and a box.

use serde::{Deserialize, Deserializer, de::Error as _};

/// A point in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// Latitude.
    pub latitude: f64,
    /// Longitude.
    pub longitude: f64,
}

/// A box in degrees. With `west` greater than `east` it crosses the 180th meridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl<'de> Deserialize<'de> for Near {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [latitude, longitude] = degrees(deserializer, [90.0, 180.0])?;
        Ok(Self { latitude, longitude })
    }
}

impl<'de> Deserialize<'de> for BoundingBox {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [west, south, east, north] = degrees(deserializer, [180.0, 90.0, 180.0, 90.0])?;
        if south > north {
            return Err(D::Error::custom("the south is north of the north"));
        }
        Ok(Self { west, south, east, north })
    }
}

/// Numbers between commas, each at most its limit from zero.
fn degrees<'de, D: Deserializer<'de>, const N: usize>(
    deserializer: D,
    limits: [f64; N],
) -> Result<[f64; N], D::Error> {
    let text = String::deserialize(deserializer)?;
    let numbers: Vec<f64> = text
        .split(',')
        .map(|number| number.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(D::Error::custom)?;
    let numbers: [f64; N] =
        numbers.try_into().map_err(|_| D::Error::custom(format!("not {N} numbers with commas between")))?;
    // NaN is in no range.
    let within = numbers.iter().zip(limits).all(|(number, limit)| (-limit..=limit).contains(number));
    if within { Ok(numbers) } else { Err(D::Error::custom("not on the globe")) }
}
