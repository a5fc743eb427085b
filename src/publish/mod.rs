//! # Publish
