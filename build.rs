//! Lists the files of the bundled member sites, so that the binary carries them: one line a file in
//! `$OUT_DIR/demo_files.rs`, sorted by path. A new page needs no other change than its own file.

use std::{env, fs, io, path::Path, path::PathBuf};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut entries = Vec::new();
    for (folder, name) in [("src/demo/config", "config"), ("src/demo/sites", "sites")] {
        println!("cargo::rerun-if-changed={folder}");
        let folder = root.join(folder);
        let mut files = Vec::new();
        collect(&folder, &mut files)?;
        for file in files {
            let inside = file.strip_prefix(&folder).map_err(io::Error::other)?;
            let key = format!("{name}/{}", inside.to_string_lossy().replace('\\', "/"));
            entries.push((key, file));
        }
    }
    // The demo takes the vocabulary that is shipped.
    println!("cargo::rerun-if-changed=config/themes.ttl");
    entries.push(("config/themes.ttl".to_owned(), root.join("config/themes.ttl")));
    // By the key itself: paths sort by component, and the table is searched by string.
    entries.sort();
    let mut table = String::from("&[\n");
    for (key, file) in entries {
        table.push_str(&format!("    ({key:?}, include_bytes!({:?}) as &[u8]),\n", file.to_string_lossy()));
    }
    table.push_str("]\n");
    fs::write(out.join("demo_files.rs"), table)
}

/// Every file below `folder`.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                into.push(path);
            }
        }
    }
    Ok(())
}
