//! Analysis of texts: how they are split, and that forms of one word share a key.

mod english;
mod helpers;
mod hostile;
mod russian;
mod split;
