//! Points on a sphere with the mean radius of the earth.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth in metres (IUGG).
const RADIUS: f64 = 6_371_008.8;

/// Point in degrees. Documents have it to a millionth of a degree (11 cm).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude, from -90 to 90.
    pub latitude: f64,
    /// Longitude, from -180 to 180.
    pub longitude: f64,
}

/// Box between two latitudes and two longitudes, in degrees. Crosses the 180th meridian if
/// its west is greater than its east.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least latitude.
    pub south: f64,
    /// Longitude of the western edge.
    pub west: f64,
    /// Greatest latitude.
    pub north: f64,
    /// Longitude of the eastern edge.
    pub east: f64,
}

impl Point {
    /// The distance in metres by the haversine formula.
    pub fn metres_to(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let latitudes = ((to - from) / 2.0).sin();
        let longitudes = ((other.longitude - self.longitude).to_radians() / 2.0).sin();
        let square = latitudes * latitudes + from.cos() * to.cos() * longitudes * longitudes;
        2.0 * RADIUS * square.sqrt().min(1.0).asin()
    }
}

impl Bounds {
    /// True if a point is in the box or on its edge.
    pub fn contains(&self, point: Point) -> bool {
        let Point { latitude, longitude } = point;
        let east_of_west = longitude >= self.west;
        let west_of_east = longitude <= self.east;
        self.south <= latitude
            && latitude <= self.north
            && if self.west <= self.east {
                east_of_west && west_of_east
            } else {
                east_of_west || west_of_east
            }
    }
}

/// Point of a document, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) latitude: i32,
    pub(super) longitude: i32,
}

impl Place {
    /// Rounds a point; `None` if it is not on the globe.
    pub(super) fn of(point: Point) -> Option<Self> {
        let Point { latitude, longitude } = point;
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            return None;
        }
        Some(Self { latitude: millionths(latitude), longitude: millionths(longitude) })
    }

    pub(super) fn point(self) -> Point {
        let degrees = |millionths: i32| f64::from(millionths) / 1e6;
        Point { latitude: degrees(self.latitude), longitude: degrees(self.longitude) }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 180 million")]
fn millionths(degrees: f64) -> i32 {
    (degrees * 1e6).round() as i32
}

/// Point as a vector of length 1. The chord between two vectors gives the haversine distance
/// without trigonometric functions, which take half the time of a search near a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vector([f64; 3]);

impl Vector {
    pub(super) fn of(point: Point) -> Self {
        let (latitude, longitude) = (point.latitude.to_radians(), point.longitude.to_radians());
        let cos = latitude.cos();
        Self([cos * longitude.cos(), cos * longitude.sin(), latitude.sin()])
    }

    /// The square of the chord.
    #[inline]
    pub(super) fn square_to(self, other: Self) -> f64 {
        let differences = self.0.iter().zip(&other.0).map(|(one, other)| one - other);
        differences.map(|difference| difference * difference).sum()
    }
}

/// The square of the chord of a distance in metres, of half the globe at most.
pub(super) fn square_of(metres: f64) -> f64 {
    let half = (metres / (2.0 * RADIUS)).clamp(0.0, std::f64::consts::FRAC_PI_2);
    let chord = 2.0 * half.sin();
    chord * chord
}

/// The distance in metres of the square of a chord.
pub(super) fn metres_of(square: f64) -> f64 {
    2.0 * RADIUS * (square.sqrt() / 2.0).min(1.0).asin()
}
