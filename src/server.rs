//! # Server
