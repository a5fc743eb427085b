//! # Which elements does this page have?
//!
//! [`dom`] the tree, flat and bounded in depth and size, [`token`] where tags begin and end, [`entity`] which character
//! a reference stands for, [`tag`] what an element does to a text. Whatever the page, the time is linear and the memory
//! bounded: hostile pages cost what their bytes cost.

pub mod dom;
pub mod entity;
pub mod tag;
pub mod token;
