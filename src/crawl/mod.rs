//! # Crawl
