//! The nine groups of duplicates met on real sites (D1 to D9), with texts of our own in `tests/fixtures/reconcile/`.

use super::{Facts, Group, KeyKind, Print, Relation, TOLD_LEAST, Verdicts, group, relation, testing::draft};
use crate::model::{DateEvidence, DateRole, DateSource, Draft, Lang, MemberId, PageState};
use proptest::prelude::*;
use std::{collections::BTreeSet, fs, path::Path};

/// A page of a test: what is not given is as on most pages.
struct Case {
    file: &'static str,
    member: &'static str,
    url: &'static str,
    lang: Lang,
    day: &'static str,
    machine: bool,
    parent: Option<&'static str>,
    translations: Vec<(Lang, &'static str)>,
}

fn case(file: &'static str, member: &'static str, url: &'static str, lang: Lang, day: &'static str) -> Case {
    Case { file, member, url, lang, day, machine: false, parent: None, translations: Vec::new() }
}

fn read(case: &Case) -> Draft {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/reconcile").join(case.file).with_extension("txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (title, text) = text.split_once('\n').unwrap();
    let mut draft = draft(title, text.trim());
    draft.lang = Some(case.lang);
    draft.translations = case.translations.iter().map(|(lang, url)| (*lang, (*url).to_owned())).collect();
    if let Some(parent) = case.parent {
        draft.state = PageState::Attachment { parent: parent.to_owned() };
    }
    draft.published = case.day.parse().ok().map(|value| DateEvidence {
        value,
        role: DateRole::Published,
        source: DateSource::Meta,
        raw: String::new(),
    });
    draft
}

fn print(birth: i64, case: &Case) -> Print {
    let member = MemberId::new(case.member).unwrap();
    let facts = Facts {
        publication: birth,
        member: &member,
        url: case.url,
        aliases: &[],
        moved_to: None,
        live: true,
        machine: case.machine,
        native: Some(Lang::FR),
    };
    Print::new(&facts, &read(case), &[])
}

/// Groups of places in `cases`, each group's lead first.
fn groups(cases: &[Case]) -> Vec<Vec<usize>> {
    let prints: Vec<Print> = (0..).zip(cases).map(|(birth, case)| print(birth, case)).collect();
    let found = group(&prints.iter().collect::<Vec<_>>(), &Verdicts::default());
    let mut groups: Vec<Vec<usize>> = found.iter().map(places).collect();
    groups.sort_by_key(|group| group.iter().min().copied());
    groups
}

fn places(group: &Group) -> Vec<usize> {
    group.publications.iter().map(|(publication, _)| *publication as usize).collect()
}

const FR: Lang = Lang::FR;
const EN: Lang = Lang::EN;

fn founding_translation() -> Case {
    let parent = "https://monde.example/en/press-release-alliance/";
    let url = "https://monde.example/en/press-release-alliance/capture-decran-2021-12-06-151847/";
    Case { machine: true, parent: Some(parent), ..case("d1-en-mt", "monde", url, EN, "2021-12-06") }
}

fn founding_original() -> Case {
    case("d1-fr", "savoirs", "https://savoirs.example/pro/actualite/alliance", FR, "2021-12-01")
}

#[test]
fn d1_a_joint_release_is_one_on_two_sites_in_two_languages() {
    assert_eq!(groups(&[founding_translation(), founding_original()]), [[1, 0]], "the original leads");
    let own = case("d1-fr", "monde", "https://monde.example/alliance/", FR, "2021-12-06");
    assert_eq!(groups(&[founding_translation(), own, founding_original()]), [[2, 1, 0]]);
}

#[test]
fn d2_one_tribune_of_many_signatories_is_one() {
    let a = case("d2-a", "monde", "https://monde.example/tribune/", FR, "2020-03-27");
    let b = case("d2-b", "savoirs", "https://savoirs.example/informe/monsieur-le-president", FR, "2020-03-30");
    assert_eq!(groups(&[b, a]), [[1, 0]]);
}

#[test]
fn d3_one_story_translated_twice_is_one() {
    let a = case("d3-a", "monde", "https://monde.example/sa/1850-children/", EN, "2020-06-12");
    let b = case("d3-b", "monde", "https://monde.example/sea/india-child-labor/", EN, "2020-06-12");
    let undated = case("d3-a", "monde", "https://monde.example/en/work-children-in/", EN, "");
    assert_eq!(groups(&[a, b, undated]), [[0, 1, 2]]);
}

#[test]
fn d4_machine_and_human_translation_are_one_and_another_story_of_the_place_is_not() {
    let human = case("d4-human", "monde", "https://seac.monde.example/burkina-faso-teachers/", EN, "");
    let machine = Case {
        machine: true,
        ..case("d4-mt", "monde", "https://monde.example/en/au-burkina-faso-teachers/", EN, "2021-04-08")
    };
    let other = case("d4-other", "monde", "https://monde-southasia.example/blogs/displaced-pupils/", EN, "2021-04-08");
    assert_eq!(groups(&[machine, human, other]), [vec![1, 0], vec![2]]);
    let original = case("d4-fr", "monde", "https://monde.example/au-burkina-faso-enseignants/", FR, "2021-03-31");
    let human = case("d4-human", "monde", "https://seac.monde.example/burkina-faso-teachers/", EN, "2021-04-06");
    assert_eq!(groups(&[human, original]), [[1, 0]], "a free translation");
}

#[test]
fn d5_two_machine_translations_of_one_release_are_one() {
    let a = Case { machine: true, ..case("d5-a", "monde", "https://monde.example/en/campaign/", EN, "2022-11-21") };
    let b = Case { machine: true, ..case("d5-b", "monde", "https://campagne.example/en/lancement/", EN, "") };
    assert_eq!(groups(&[a, b]), [[0, 1]]);
}

#[test]
fn d6_a_translation_is_found_with_and_without_a_link() {
    let (fr, en) = ("https://monde.example/seisme/", "https://monde.example/en/earthquake/");
    let original = || case("d6-fr", "monde", fr, FR, "2021-08-27");
    let translation = || case("d6-en", "monde", en, EN, "2021-08-27");
    assert_eq!(groups(&[translation(), original()]), [[1, 0]]);
    let linked = Case { translations: vec![(FR, fr)], day: "", ..translation() };
    assert_eq!(groups(&[linked, original()]), [[1, 0]]);
    let member = MemberId::new("monde").unwrap();
    let at = |url, links: &[(Lang, &str)], text: &str| {
        let mut page = draft("Titre", text);
        page.lang = Some(if url == fr { FR } else { EN });
        page.translations = links.iter().map(|(lang, url)| (*lang, (*url).to_owned())).collect();
        let aliases = [];
        let facts = Facts {
            publication: 0,
            member: &member,
            url,
            aliases: &aliases,
            moved_to: None,
            live: true,
            machine: false,
            native: None,
        };
        Print::new(&facts, &page, &[])
    };
    let mutual = (at(fr, &[(EN, en)], "Peu de mots."), at(en, &[(FR, fr)], "Few words."));
    assert_eq!(relation(&mutual.0, &mutual.1), Relation::Translation);
    let one_sided = at(en, &[], "Few words.");
    assert_eq!(relation(&mutual.0, &one_sided), Relation::None, "a link of one side only proves nothing");
}

#[test]
fn d7_standing_pages_are_no_items() {
    let mut page = draft("Éducation en situation d'urgence", "Un texte sur notre approche.");
    page.kind.kind = crate::model::Kind::Page;
    assert!(!super::is_item(&page));
}

#[test]
fn d8_a_yearly_reissue_is_a_series() {
    let first = |day| case("d8-2020", "savoirs", "https://savoirs.example/remettons-lhumain/", FR, day);
    let second = |day| case("d8-2021", "savoirs", "https://savoirs.example/remettons-lhumain-2/", FR, day);
    for (a, b) in [("2020-12-18", "2021-12-17"), ("", ""), ("2020-12-18", "")] {
        assert_eq!(groups(&[first(a), second(b)]).len(), 2, "{a} {b}");
        assert_eq!(relation(&print(0, &first(a)), &print(1, &second(b))), Relation::Series);
    }
    let verbatim = case("d8-2020", "savoirs", "https://savoirs.example/remettons-lhumain-2/", FR, "2021-12-18");
    assert_eq!(relation(&print(0, &first("2020-12-18")), &print(1, &verbatim)), Relation::Series);
    let slip = case("d8-2020", "savoirs", "https://savoirs.example/remettons-lhumain-2/", FR, "2020-12-18");
    assert_eq!(relation(&print(0, &first("2020-12-18")), &print(1, &slip)), Relation::Copy, "posted twice");
}

#[test]
fn d9_texts_about_one_event_stay_apart() {
    let a = case("d6-fr", "monde", "https://monde.example/seisme/", FR, "2021-08-27");
    let b = case("d9-other", "savoirs", "https://savoirs.example/informe/haiti", FR, "2021-08-17");
    let c = case("d9-appeal", "savoirs", "https://savoirs.example/appel", FR, "2021-08-17");
    let d = case("d6-en", "monde", "https://monde.example/en/earthquake/", EN, "2021-08-27");
    assert_eq!(groups(&[b, c, d, a]), [vec![0], vec![1], vec![3, 2]]);
}

#[test]
fn an_attachment_page_belongs_to_its_parent_whatever_it_shows() {
    let parent = case("d6-fr", "monde", "https://monde.example/seisme/", FR, "2021-08-27");
    let attachment = Case {
        parent: Some(parent.url),
        ..case("d9-appeal", "monde", "https://monde.example/seisme/visuel-1/", FR, "")
    };
    assert_eq!(groups(&[attachment, parent]), [[1, 0]]);
}

#[test]
fn a_title_alone_never_joins() {
    let member = |name| MemberId::new(name).unwrap();
    let (monde, savoirs) = (member("monde"), member("savoirs"));
    let at = |member, url, text: &str| {
        let facts = Facts {
            publication: 0,
            member,
            url,
            aliases: &[],
            moved_to: None,
            live: true,
            machine: false,
            native: None,
        };
        Print::new(&facts, &draft("Nos vœux", text), &[])
    };
    let a = at(&monde, "https://monde.example/voeux", "Bonne année à tous.");
    let b = at(&savoirs, "https://savoirs.example/voeux", "Bonne année à tous.");
    assert_eq!(relation(&a, &b), Relation::None);
    let c = at(&monde, "https://monde.example/voeux-2", "Bonne année à tous.");
    assert_eq!(relation(&a, &c), Relation::Copy);
}

#[test]
fn the_staffs_word_beats_the_rules() {
    let a = print(1, &case("d6-fr", "monde", "https://monde.example/seisme/", FR, "2021-08-27"));
    let b = print(2, &case("d6-en", "monde", "https://monde.example/en/earthquake/", EN, "2021-08-27"));
    let c = print(3, &case("d9-other", "savoirs", "https://savoirs.example/informe/haiti", FR, "2021-08-17"));
    let mut verdicts = Verdicts::default();
    verdicts.say_different(2, 1);
    verdicts.say_same(3, 1);
    let found = group(&[&a, &b, &c], &verdicts);
    let sets: Vec<Vec<usize>> = found.iter().map(places).collect();
    assert_eq!(sets, [vec![3, 1], vec![2]]);
    assert_eq!(found[0].anchor(), 1);
}

fn everything() -> Vec<Case> {
    vec![
        founding_translation(),
        founding_original(),
        case("d1-fr", "monde", "https://monde.example/alliance/", FR, "2021-12-06"),
        case("d2-a", "monde", "https://monde.example/tribune/", FR, "2020-03-27"),
        case("d2-b", "savoirs", "https://savoirs.example/informe/monsieur-le-president", FR, "2020-03-30"),
        case("d3-a", "monde", "https://monde.example/sa/1850-children/", EN, "2020-06-12"),
        case("d3-b", "monde", "https://monde.example/sea/india-child-labor/", EN, "2020-06-12"),
        case("d6-fr", "monde", "https://monde.example/seisme/", FR, "2021-08-27"),
        case("d6-en", "monde", "https://monde.example/en/earthquake/", EN, "2021-08-27"),
        case("d8-2020", "savoirs", "https://savoirs.example/remettons-lhumain/", FR, "2020-12-18"),
        case("d8-2021", "savoirs", "https://savoirs.example/remettons-lhumain-2/", FR, "2021-12-17"),
        case("d9-other", "savoirs", "https://savoirs.example/informe/haiti", FR, "2021-08-17"),
    ]
}

#[test]
fn keys_find_everything_that_belongs_together() {
    let prints: Vec<Print> = (0..).zip(&everything()).map(|(birth, case)| print(birth, case)).collect();
    for (at, a) in prints.iter().enumerate() {
        let keys: BTreeSet<_> = a.keys().into_iter().collect();
        for b in &prints[at + 1..] {
            if relation(a, b).joins() {
                let shared = |kind| b.keys().into_iter().filter(|key| key.0 == kind && keys.contains(key)).count();
                let (text, told) = (shared(KeyKind::Text), shared(KeyKind::Told));
                assert!(text >= 1 || told >= TOLD_LEAST, "{} and {}: {text} {told}", a.url, b.url);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn groups_depend_on_the_set_and_not_on_the_order(order in Just((0..12usize).collect::<Vec<_>>()).prop_shuffle()) {
        let cases = everything();
        let sets = |order: &[usize]| {
            let prints: Vec<Print> = (0..).zip(order).map(|(birth, &at)| print(birth, &cases[at])).collect();
            let found = group(&prints.iter().collect::<Vec<_>>(), &Verdicts::default());
            found.iter().map(|group| places(group).into_iter().map(|at| order[at]).collect()).collect::<Vec<Vec<_>>>()
        };
        prop_assert_eq!(sets(&order), sets(&(0..12).collect::<Vec<_>>()));
    }
}
