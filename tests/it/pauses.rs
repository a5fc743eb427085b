//! A site that asks for a rest gets it, also from the next process.

use crate::support::House;
use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;

/// A site whose robots.txt allows everything and whose pages all say 429. Returns its address and the paths asked.
fn busy_site() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let home = format!("http://{}/", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 4096];
            let Ok(length @ 1..) = stream.read(&mut head) else { continue };
            let path = String::from_utf8_lossy(&head[..length]).split(' ').nth(1).unwrap().to_owned();
            let status = match path.as_str() {
                "/robots.txt" => "404 Not Found\r\n",
                _ => "429 Too Many Requests\r\nRetry-After: 3600\r\n",
            };
            log.lock().unwrap().push(path);
            let _ =
                stream.write_all(format!("HTTP/1.1 {status}Connection: close\r\nContent-Length: 0\r\n\r\n").as_bytes());
        }
    });
    (home, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_holds_in_the_next_process() {
    let (home, asked) = busy_site();
    let dir = TempDir::new().unwrap();
    let config = dir.path().join("config");
    fs::create_dir_all(config.join("members")).unwrap();
    let fetch = "[fetch]\ncontact = \"mailto:t@example.org\"\ndelay_ms = 0\nopen_networks = [\"127.0.0.1/32\"]\n";
    fs::write(config.join("communique.toml"), fetch).unwrap();
    let member = format!("id = \"busy\"\nname = \"Busy\"\nhome = \"{home}\"\nlang = \"fr\"\n");
    fs::write(config.join("members/busy.toml"), member).unwrap();
    let house = House::over(dir);
    for _ in 0..2 {
        // each round has a fetcher of its own, as after a new start
        let report = house.rounds().await.remove(0);
        assert!(report.unreachable.as_ref().is_some_and(|why| why.contains("left alone until")), "{report:?}");
    }
    assert_eq!(*asked.lock().unwrap(), ["/robots.txt", "/"]);
}
