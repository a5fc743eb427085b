//! The pages of the staff, as a browser on this machine meets them.

use crate::support::{Answer, House, Newsroom, raw};
use communique::publish;

const PAGE: &str = "<!DOCTYPE html><html lang=\"fr\"><head><title>Une rentrée au village</title>\
    <meta property=\"og:type\" content=\"article\">\
    <meta property=\"article:published_time\" content=\"2026-03-02T09:00:00+01:00\"></head><body><main><article>\
    <h1>Une rentrée au village</h1><p>Communiqué de presse. Dakar, le 2 mars 2026. Trois classes ouvrent cette année dans \
    le village de Keur Samba, après des mois de travaux menés avec les habitants.</p><p>Les familles ont préparé la cour, \
    le puits et les bancs pendant tout l’été avec l’association, qui prévoit d’y accueillir deux cents enfants.</p>\
    </article></main></body></html>";

async fn send(newsroom: &Newsroom, path: &str, form: &str, headers: &str) -> Answer {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\n{headers}\r\n{form}",
        newsroom.admin,
        form.len()
    );
    raw(newsroom.admin, request.as_bytes()).await
}

#[tokio::test]
async fn the_staff_sees_what_is_untagged_and_gives_a_theme() {
    let house = House::new().page("ecoliers", "rentree/", PAGE).published();
    let id = house.id_of("https://ecoliers.example/rentree/");
    let newsroom = house.served().await;
    let untagged = newsroom.admin("/staff/untagged").await;
    assert!(untagged.status == 200 && untagged.body.contains("Une rentrée au village"), "{untagged:?}");
    let path = format!("/staff/release/{id}");
    let form = "do=add&theme=girls-education&why=vu+%26+relu";
    let own = format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", newsroom.admin);
    // A foreign page, and a program that says nothing, are refused and change nothing.
    for foreign in ["Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n", ""] {
        assert_eq!(send(&newsroom, &path, form, foreign).await.status, 403, "{foreign}");
    }
    assert!(newsroom.house.store.words().unwrap().is_empty());
    let done = send(&newsroom, &path, form, &own).await;
    assert_eq!((done.status, done.header("location")), (303, Some(path.as_str())), "{done:?}");
    publish::catch_up(&newsroom.house.store, &newsroom.house.index).unwrap();
    let item = newsroom.get(&format!("/api/v1/releases/{id}")).await.json();
    assert_eq!((&item["themes"][0]["id"], &item["themes"][0]["by"]), (&"girls-education".into(), &"staff".into()));
    assert!(newsroom.get("/fr/themes/girls-education").await.body.contains("Une rentrée au village"));
    let desk = newsroom.admin(&path).await;
    assert!(desk.body.contains("attribué par l’équipe") && desk.body.contains("vu &#38; relu"), "{desk:?}");
    assert!(!newsroom.admin("/staff/untagged").await.body.contains("Une rentrée"));
    // Hidden, it is gone for readers and still on the desk.
    assert_eq!(send(&newsroom, &path, "do=hide&why=doute", &own).await.status, 303);
    assert_eq!(newsroom.get(&format!("/fr/r/{id}")).await.status, 410);
    assert!(newsroom.admin(&path).await.body.contains("est masqué"));
    assert_eq!(send(&newsroom, &path, "do=unhide", &own).await.status, 303);
    assert_eq!(newsroom.get(&format!("/fr/r/{id}")).await.status, 200);
    // Nonsense is refused, nothing is on the public listener, and no foreign name may be bound to this one.
    assert_eq!(send(&newsroom, &path, "do=add&theme=%3Cb%3E", &own).await.status, 400);
    assert_eq!(send(&newsroom, "/staff/release/nobody", "do=hide", &own).await.status, 404);
    assert_eq!(newsroom.get("/staff/").await.status, 404);
    let rebound = raw(newsroom.admin, b"GET /staff/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").await;
    assert_eq!(rebound.status, 403, "{rebound:?}");
    for page in ["/staff/", "/staff/weak", "/staff/conflicts", "/staff/undated", "/staff/missing", "/staff/words"] {
        assert_eq!(newsroom.admin(page).await.status, 200, "{page}");
    }
}
