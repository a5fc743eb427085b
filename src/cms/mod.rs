//! # Cms
