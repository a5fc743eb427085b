//! Which process may crawl and write the index?

/// The lock of the one process that crawls and writes the index; dropped, it is free again.
#[derive(Debug)]
pub struct Hold {
    _file: std::fs::File,
}
