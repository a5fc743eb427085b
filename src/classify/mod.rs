//! # Classify
