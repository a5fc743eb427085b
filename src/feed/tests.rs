//! Feeds are read back by another reader.
