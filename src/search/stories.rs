//! What a reader may rely on, told as small stories.

use super::testing::{Describe, House, doc, theme};
use crate::model::Kind;

fn newsroom() -> House {
    House::with_themes(
        vec![
            doc("a", "Rentrée des classes", "L'école ouvre pour les filles")
                .on("2021-09-01")
                .about("girls")
                .by("un")
                .ranked(1),
            doc("b", "Santé", "L'école et la santé")
                .on("2022-03-02")
                .about("health")
                .by("deux")
                .in_country("sn")
                .ranked(5),
            doc("c", "Eau", "Un puits pour l'école")
                .on("2022-03-10")
                .about("school")
                .by("un")
                .in_country("sn")
                .ranked(3),
            doc("d", "Sans date", "Les filles et l'eau").about("health").about("girls").by("deux").ranked(4),
            doc("e", "Partenaires", "Une page sur l'école").on("2020-01-01").of(Kind::Page).by("un").ranked(2),
        ],
        vec![theme("school", "École", &[]), theme("girls", "Filles", &["school"]), theme("health", "Santé", &[])],
    )
}

#[test]
fn words_must_all_match_and_operators_are_heard() {
    let house = newsroom();
    for (address, found) in [
        ("q=école", "a b c"),
        ("q=école+filles", "a"),
        ("q=écoles+la+fille", "a"),
        ("q=filles+OR+santé", "a b d"),
        ("q=école+-santé", "a c"),
        ("q=-école", "d"),
        ("q=\"pour les filles\"", "a"),
        ("q=\"les filles pour\"", ""),
        ("q=éc*", "a b c"),
        ("q=title:eau", "c"),
        ("q=title:\"rentrée des classes\"", "a"),
        ("q=title:rent*", "a"),
        ("q=\"filles\"", "a d"),
        ("q=\"fille\"", ""),
        ("q=la", "b"),
        ("q=zzz", ""),
    ] {
        assert_eq!(house.set(address), found, "{address}");
        let total = found.split_whitespace().count() as u64;
        assert_eq!(house.ask(address).total, total, "{address}");
    }
}

#[test]
fn filters_join_with_and_values_with_or() {
    let house = newsroom();
    for (address, found) in [
        ("", "a b c d"),
        ("kind=page", "e"),
        ("kind=page&kind=release", "a b c d e"),
        ("kind=-news", "a b c d"),
        ("theme=school", "a c d"),
        ("theme=girls", "a d"),
        ("theme=-school", "b"),
        ("theme=girls&theme=health", "a b d"),
        ("theme=girls&member=deux", "d"),
        ("theme=girls&theme=-health", "a"),
        ("country=sn", "b c"),
        ("country=ml", ""),
        ("from=2022", "b c"),
        ("to=2021", "a"),
        ("from=2022-03-02&to=2022-03-02", "b"),
        ("q=école&from=2022&theme=school", "c"),
        ("q=école&lang=fr", "a b c"),
        ("lang=en", ""),
        ("q=-santé&member=un", "a c"),
    ] {
        assert_eq!(house.set(address), found, "{address}");
        assert_eq!(house.ask(address).total, found.split_whitespace().count() as u64, "{address}");
    }
}

#[test]
fn orders_put_the_undated_last() {
    let house = newsroom();
    for (address, order) in [
        ("", "c b a d"),
        ("sort=date", "a b c d"),
        ("sort=-added", "b d c a"),
        ("q=école&sort=-date", "c b a"),
        ("q=école&sort=date", "a b c"),
        ("q=école&sort=-added", "b c a"),
        ("q=éc*", "c b a"),
        ("theme=school&sort=date", "a c d"),
    ] {
        assert_eq!(house.ids(address), order, "{address}");
        let mut paged = Vec::new();
        let mut next = format!("{address}&limit=1");
        for _ in 0..9 {
            let answer = house.ask(&next);
            paged.extend(answer.hits.iter().map(|hit| hit.release.id.to_string()));
            let Some(cursor) = answer.next else { break };
            next = format!("{address}&limit=1&cursor={cursor}");
        }
        assert_eq!(paged.join(" "), order, "paged: {address}");
        assert_eq!(
            house.ids(&format!("{address}&limit=2&offset=1")),
            order.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ")
        );
    }
}

#[test]
fn a_page_is_stable_while_releases_arrive() {
    let house = newsroom();
    let first = house.ask("limit=2&sort=-added");
    house.put(2, vec![doc("f", "Neu", "nouveau").ranked(9), doc("b", "Santé", "changé").ranked(5)]);
    let next = house.ids(&format!("limit=2&sort=-added&cursor={}", first.next.unwrap()));
    assert_eq!(next, "c a");
    assert_eq!(house.ids("sort=-added"), "f b d c a");
    assert_eq!(house.engine.generation(), 2);
    assert_eq!(house.set("q=changé"), "b");
    assert_eq!(house.set("q=santé"), "b");
    assert_eq!(house.set("q=école"), "a c");
    assert_eq!(house.facet("country", ""), "sn=1");
}

#[test]
fn facets_leave_their_own_filter_out() {
    let house = newsroom();
    for (name, address, counts) in [
        ("theme", "", "school=3 girls=2 health=2"),
        ("theme", "theme=health", "school=3 girls=2 health=2*"),
        ("member", "theme=health", "deux=2"),
        ("theme", "theme=health&member=deux", "health=2* girls=1 school=1"),
        ("member", "theme=girls&member=deux", "deux=1* un=1"),
        ("theme", "q=école", "school=2 girls=1 health=1"),
        ("theme", "q=école&theme=health", "school=2 girls=1 health=1*"),
        ("theme", "q=école&theme=health&member=un", "school=2 girls=1 health=0*"),
        ("year", "from=2022&to=2022", "2021=1 2022=2*"),
        ("year", "q=école&from=2022&to=2022", "2021=1 2022=2*"),
        ("month", "country=sn", "2022-03=2"),
        ("kind", "", "release=4 page=1"),
        ("kind", "q=école", "release=3 page=1"),
        ("kind", "kind=page", "release=4 page=1*"),
        ("country", "country=ml", "sn=2 ml=0*"),
        ("lang", "q=-école", "fr=1"),
    ] {
        assert_eq!(house.facet(name, address), counts, "{name} of {address}");
    }
}

#[test]
fn a_long_question_finds_what_holds_most_of_it() {
    let house = newsroom();
    assert_eq!(house.ids("q=pourquoi+la+santé+à+l'école+des+girafes"), "| b");
    let answer = house.ask("q=école+filles+santé");
    assert_eq!((answer.total, answer.partial_total), (0, 2));
    assert_eq!(house.ids("q=école+filles&sort=-date"), "a");
    assert_eq!(house.ids("q=école+filles&theme=health"), "| d");
}

#[test]
fn marks_are_escaped_and_on_the_original_letters() {
    let house =
        House::with(vec![doc("x", "<b>L’École</b> & ÉCOLES", "Des \"migrant·e·s\" <i>à l’école</i>.\nRien ici.")]);
    let answer = house.ask("q=ecole+migrants");
    let hit = &answer.hits[0];
    assert_eq!(hit.title_mark.as_deref(), Some("&lt;b&gt;L’<mark>École</mark>&lt;/b&gt; &amp; <mark>ÉCOLES</mark>"));
    assert_eq!(hit.text_marks, ["Des &quot;<mark>migrant·e·s</mark>&quot; &lt;i&gt;à l’<mark>école</mark>&lt;/i&gt;."]);
    let plain = house.ask("q=ecole&highlight=0");
    assert!(plain.hits[0].title_mark.is_none() && plain.hits[0].text_marks.is_empty());
}

#[test]
fn the_preferred_language_is_put_forward() {
    let house =
        House::with(vec![doc("x", "L'école", "texte").also("en", "The school", "text").also("fr", "L'école", "texte")]);
    for (address, title) in [
        ("prefer=en", "The school"),
        ("prefer=fr,en", "L'école"),
        ("prefer=de,en", "The school"),
        ("prefer=de", "L'école"),
    ] {
        assert_eq!(house.ask(address).hits[0].release.title, title, "{address}");
    }
    assert_eq!(house.set("lang=en"), "x");
    assert_eq!(house.set("q=school+école"), "x");
}
