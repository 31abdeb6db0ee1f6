//! stored
