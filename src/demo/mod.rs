//! # Demo
