//! The order of feeds over generated first crawls and late finds: a back-catalogue lies where its dates say, what is found
//! later surfaces once, and a place that was given stays.

use super::house::{House, Page, text};
use communique::{
    model::{Candidate, SourceKind},
    store::Source,
};
use jiff::{Timestamp, civil::Date};
use proptest::prelude::*;

/// What the page says of its day.
#[derive(Debug, Clone, Copy)]
enum Day {
    Past(u16),
    Unknown,
    Future,
}

fn day() -> impl Strategy<Value = Day> {
    prop_oneof![4 => (0u16..6000).prop_map(Day::Past), 2 => Just(Day::Unknown), 1 => Just(Day::Future)]
}

fn date(days: u16) -> Date {
    jiff::civil::date(2009, 1, 1).saturating_add(jiff::Span::new().days(i64::from(days)))
}

fn page(n: usize, day: Day, source: &Source) -> Page {
    let name = format!("Sujet-{n}");
    let page = Page::new("monde", &format!("/{n}"), &name, &text(&name)).found_by(source);
    match day {
        Day::Past(days) => page.on(&date(days).to_string()),
        Day::Unknown => page,
        Day::Future => page.on("2039-01-01"),
    }
}

/// The ranks of the visible releases by the number in their address.
fn ranks(house: &House) -> Vec<(usize, i64)> {
    let number = |url: &str| url.rsplit('/').next().unwrap().parse().unwrap();
    house.releases().iter().map(|release| (number(&release.publications[0].url), release.rank)).collect()
}

fn feed_of(house: &House) -> Source {
    let mut feed = Source::new(house.config.members[0].id.clone(), "https://monde.example/feed", "feed");
    feed.last_ok = Some(house.store.clock().now());
    house.store.put_source(&feed).unwrap();
    feed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_archive_does_not_flood_and_a_late_find_surfaces_once(
        archive in proptest::collection::vec((day(), any::<bool>()), 1..14),
        late in proptest::collection::vec(day(), 0..6),
    ) {
        let house = House::new();
        let feed = feed_of(&house);
        let mut seen: Vec<(usize, i64)> = Vec::new();
        let mut first_seen = Vec::new();
        for (n, (day, settle)) in archive.iter().enumerate() {
            house.wait(5);
            house.read(&page(n, *day, &feed));
            first_seen.push(house.store.clock().now().as_microsecond());
            if *settle {
                house.settle();
            }
        }
        house.settle();
        for (n, rank) in ranks(&house) {
            match archive[n].0 {
                Day::Past(days) => {
                    let at = Timestamp::from_microsecond(rank).unwrap();
                    let there = house.config.members[0].timezone.to_datetime(at).date();
                    prop_assert_eq!(there, date(days), "M1: an old item stands at its own day");
                }
                Day::Unknown => prop_assert!(rank < 0, "M4: without a neighbour, the bottom: {}", rank),
                Day::Future => prop_assert!((0..1_000_000).contains(&(rank - first_seen[n])), "M5: {}", rank),
            }
            seen.push((n, rank));
        }
        house.store.close_first_crawls(&house.config.members[0].id).unwrap();
        for (n, day) in late.iter().enumerate() {
            house.wait(3600);
            let n = archive.len() + n;
            house.read(&page(n, *day, &feed));
            let tick = house.settle().tick.unwrap();
            let now = ranks(&house);
            prop_assert_eq!(now[0].0, n, "M16: a late find comes first, whatever its day");
            prop_assert_eq!(now[0].1, tick.at.as_microsecond());
            seen.push(now[0]);
            let mut expected = seen.clone();
            expected.sort_by_key(|(_, rank)| std::cmp::Reverse(*rank));
            prop_assert_eq!(now, expected, "nothing else moved");
        }
    }

    #[test]
    fn an_undated_page_of_a_first_crawl_stands_between_its_neighbours(
        days in proptest::collection::btree_set(0u16..6000, 3..9),
        hidden in 0usize..9,
        rising in any::<bool>(),
    ) {
        let house = House::new();
        let feed = feed_of(&house);
        let mut days: Vec<u16> = days.into_iter().collect();
        if !rising {
            days.reverse();
        }
        let hidden = hidden % days.len();
        let mut listing = Vec::new();
        for (n, days) in days.iter().enumerate() {
            let day = if n == hidden { Day::Unknown } else { Day::Past(*days) };
            let page = page(n, day, &feed);
            let mut candidate = Candidate::new(page.url.clone(), SourceKind::Listing, "https://monde.example/actus");
            candidate.published = page.draft.published.as_ref().map(|date| date.value);
            listing.push((page.url.clone(), candidate));
        }
        house.store.put_candidates(&house.config.members[0].id, "https://monde.example/actus", &listing).unwrap();
        for (n, days) in days.iter().enumerate() {
            let day = if n == hidden { Day::Unknown } else { Day::Past(*days) };
            house.read(&page(n, day, &feed));
        }
        house.settle();
        let mut order: Vec<usize> = ranks(&house).into_iter().map(|(n, _)| n).collect();
        if rising {
            order.reverse();
        }
        let ends = hidden == 0 || hidden + 1 == days.len();
        let in_order: Vec<usize> = (0..days.len()).collect();
        if !ends {
            prop_assert_eq!(order, in_order);
        } else {
            order.retain(|n| *n != hidden);
            prop_assert_eq!(order, in_order.into_iter().filter(|n| *n != hidden).collect::<Vec<_>>());
        }
    }
}
