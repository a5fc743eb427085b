//! French and accents, row by row: one way of writing in the text, all ways of asking that must find it.

use super::testing::{House, doc};

/// Texts that hold the same word in different writing, and questions that must find every one of them.
const ROWS: &[(&str, &[&str], &[&str])] = &[
    (
        "e with and without accents",
        &["les réfugiés", "les refugies", "les RÉFUGIÉS", "LES REFUGIES"],
        &["réfugiés", "refugies", "RÉFUGIÉS", "Refugies", "réfugies"],
    ),
    (
        "grave and circumflex",
        &["une forêt près du fleuve", "une foret pres du fleuve"],
        &["forêt", "foret", "FORÊT près", "foret pres"],
    ),
    ("cedilla", &["leçon de français", "LECON de francais"], &["leçon", "lecon", "français", "FRANCAIS"]),
    ("oe ligature", &["le cœur à l’œuvre", "le coeur à l'oeuvre"], &["cœur", "coeur", "œuvre", "OEUVRE", "Œuvre"]),
    ("ae ligature", &["curriculum vitæ", "curriculum vitae"], &["vitæ", "vitae"]),
    (
        "composed and decomposed",
        &["l'égalité", "l'e\u{301}galite\u{301}"],
        &["égalité", "e\u{301}galite\u{301}", "egalite"],
    ),
    ("both apostrophes", &["l'école", "l’école", "L´école", "lʼécole"], &["l'école", "l’école", "école"]),
    (
        "elision in any case",
        &["l'eau d'Afrique qu'elle jusqu'à", "L’EAU D’AFRIQUE QU’ELLE JUSQU’À"],
        &["eau", "afrique", "l'eau", "D'AFRIQUE"],
    ),
    (
        "guillemets",
        &["« solidarité » pour tous", "\"solidarité\" pour tous", "“solidarité” pour tous"],
        &["solidarité", "«\u{a0}solidarité\u{a0}»"],
    ),
    (
        "narrow and wide spaces",
        &["aide\u{202f}:\u{a0}humanitaire", "aide : humanitaire", "aide\u{2009}humanitaire"],
        &["aide humanitaire", "aide\u{a0}humanitaire", "aide\u{202f}humanitaire"],
    ),
    (
        "hyphen or space",
        &["les grands-parents", "les grands parents", "les grands\u{2011}parents"],
        &["grands-parents", "grands parents", "grand-parent"],
    ),
    ("joined or not", &["le micro-crédit", "le microcrédit"], &["micro-crédit", "microcrédit", "microcredits"]),
    ("plural", &["un enseignant national", "des enseignants nationaux"], &["enseignant", "enseignants"]),
    (
        "feminine",
        &["un étudiant malien", "une étudiante malienne", "des étudiantes maliennes"],
        &["étudiant", "étudiante", "étudiantes", "malien", "malienne", "maliens"],
    ),
    (
        "feminine of a participle",
        &["un réfugié", "une réfugiée", "des réfugiées", "des refugiees"],
        &["réfugié", "réfugiées", "refugies", "refugiee"],
    ),
    (
        "inclusive writing",
        &["les migrant.e.s", "les migrant·e·s", "les migrant-e-s", "les migrant(e)s", "les migrants", "les migrantes"],
        &["migrants", "migrant", "migrante", "migrantes", "migrant·e·s", "migrant.e.s"],
    ),
    (
        "inclusive nationality",
        &["les ukrainien.ne.s", "les Ukrainiens", "les ukrainiennes"],
        &["ukrainien", "ukrainienne", "ukrainien.ne.s", "Ukrainiennes"],
    ),
    (
        "two words in one",
        &["toutes.tous ensemble", "toutes et tous ensemble"],
        &["tous ensemble", "\"toutes tous\" OR \"toutes et tous\""],
    ),
    (
        "acronyms",
        &["les ODD et l'AFD", "les O.D.D. et l’A.F.D.", "LES ODD ET L'AFD"],
        &["ODD", "odd", "AFD", "l'AFD", "O.D.D."],
    ),
    ("acronyms with a stroke", &["ODD/SDG 4", "les ODD, SDG 4"], &["ODD", "SDG", "odd sdg", "ODD/SDG"]),
    (
        "thousands",
        &["2 600 élèves", "2,600 élèves", "2600 élèves", "2\u{202f}600 élèves", "2.600 élèves", "2'600 élèves"],
        &["2600", "2 600", "2,600", "2\u{a0}600", "2’600"],
    ),
    (
        "thousands with an apostrophe",
        &["5'000 enfants", "5’000 enfants", "5000 enfants", "5 000 enfants"],
        &["5'000", "5 000", "5000 enfants"],
    ),
    ("capitals", &["ÉCOLE", "ECOLE", "École", "école"], &["école", "ecole", "ÉCOLE", "ECOLE"]),
    (
        "every e",
        &["élève", "eleve", "ÉLÈVE", "ELEVE", "e\u{301}le\u{300}ve"],
        &["élève", "eleve", "Élève", "ELEVE", "éleve", "elève", "élèves"],
    ),
    (
        "qu' and jusqu'",
        &["jusqu'ici qu'ensemble", "Jusqu’ici qu’ensemble", "JUSQU'ICI QU'ENSEMBLE"],
        &["ensemble", "qu'ensemble", "QU’ENSEMBLE", "ici jusqu'ici"],
    ),
    ("brackets and slashes", &["les élu(e)s", "les élu·e·s", "les élus/élues"], &["élu", "élues", "élu(e)s", "élus"]),
    (
        "doers",
        &["les acteur·rice·s", "les acteurs et actrices", "les acteur.trice.s"],
        &["acteurs", "actrices", "acteur·rice·s"],
    ),
    (
        "soft hyphens and zero width",
        &["co\u{ad}opération", "coopé\u{200b}ration", "coopération"],
        &["coopération", "cooperation", "co\u{ad}opération"],
    ),
    (
        "millions",
        &["1 500 000 élèves", "1,500,000 élèves", "1.500.000 élèves", "1\u{202f}500\u{202f}000 élèves"],
        &["1500000", "1 500 000", "1,500,000"],
    ),
    ("decimals", &["3,5 millions", "3.5 millions"], &["3,5", "3.5", "3.5 millions"]),
    ("English plural and possessive", &["the children's rights", "children’s right"], &["right", "rights", "children"]),
];

#[test]
fn every_way_of_asking_finds_every_way_of_writing() {
    let mut wrong = Vec::new();
    for (row, texts, questions) in ROWS {
        let mut docs: Vec<_> = texts.iter().enumerate().map(|(n, text)| doc(&format!("t{n}"), "", text)).collect();
        docs.push(doc("other", "", "tout autre chose"));
        let house = House::with(docs);
        let all: Vec<String> = (0..texts.len()).map(|n| format!("t{n}")).collect();
        for question in *questions {
            let address = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", question).finish();
            let found = house.set(&address);
            if found != all.join(" ") {
                wrong.push(format!("{row}: `{question}` finds {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The other direction: who asks in the writing of one text gets that text first, and all the others behind it.
#[test]
fn a_text_is_first_for_its_own_writing() {
    let mut wrong = Vec::new();
    for (row, texts) in [
        ("acute", &["une école ouvre", "une ecole ouvre"][..]),
        ("grave", &["le frère", "le frere"]),
        ("circumflex", &["la forêt", "la foret"]),
        ("cedilla", &["la leçon", "la lecon"]),
        ("oe", &["son cœur", "son coeur"]),
        ("ae", &["son curriculum vitæ", "son curriculum vitae"]),
        ("joined by a hyphen", &["le micro-crédit ici", "le microcrédit ici"]),
        ("number", &["un enseignant", "des enseignants"]),
        ("gender", &["un étudiant", "une étudiante"]),
        ("participle", &["un réfugié", "une réfugiée", "des réfugiés", "des réfugiées"]),
        ("inclusive", &["un migrant", "des migrants", "des migrantes"]),
        ("family", &["l'écolier", "les écoliers"]),
    ] {
        let docs = texts.iter().enumerate().map(|(n, text)| doc(&format!("t{n}"), "", text)).collect();
        let house = House::with(docs);
        for (n, text) in texts.iter().enumerate() {
            let question = text.split([' ', '\'']).skip(1).collect::<Vec<_>>().join(" ");
            let address = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &question).finish();
            let found = house.ids(&address);
            if !found.starts_with(&format!("t{n}")) || found.split(' ').count() != texts.len() || found.contains('|') {
                wrong.push(format!("{row}: `{question}` finds {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_exact_form_comes_first() {
    for (texts, question) in [
        (["les écoliers marchent", "le marché ouvre", "la marche verte"], "marché"),
        (["une côte", "un côté", "une cote"], "côté"),
        (["des écoles", "une école", "une ecole"], "école"),
        (["des enseignantes", "des enseignants", "un enseignant"], "enseignants"),
        (["l'étude des sols", "les étudiants", "étudier"], "étudier"),
    ] {
        let docs: Vec<_> = texts.iter().enumerate().map(|(n, text)| doc(&format!("t{n}"), "", text)).collect();
        let house = House::with(docs);
        let best = texts.iter().position(|text| text.split(' ').any(|word| word == question)).unwrap();
        let address = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", question).finish();
        let first = house.ids(&address);
        assert!(first.starts_with(&format!("t{best}")), "{question}: {first}");
    }
}
