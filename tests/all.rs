//! Every test of the workspace that is not a unit test of `shared`.
