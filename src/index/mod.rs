//! # Index
