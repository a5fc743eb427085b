//! # Web
