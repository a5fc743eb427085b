//! # Api
