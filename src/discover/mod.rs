//! # Discover: which pages exist
//!
//! Floor 2, pure: bytes of a source document in, [`Candidate`](crate::model::Candidate)s out. One file a kind of
//! source.

pub mod feed;
