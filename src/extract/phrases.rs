//! # Which words are furniture of a page, in any language?
//!
//! Lines that sites of every kind put into or around a text. All are compared folded (lower case, no accents); a new
//! language is a few more entries. Only words that cannot be a sentence of a release belong here.

use std::sync::OnceLock;

/// A line that is exactly one of these is a label or a notice.
static ALONE: Phrases = Phrases::new(
    "share this|share this article|share this post|share on|share:|like this:|copy link|advertisement|\
     advertisements|advertising|sponsored|post comment|leave a comment|leave a reply|trending|trending news|\
     trending now|load more|view comments|skip to content|back to top|play video|watch video|loading...|loading|\
     follow us|follow us on|previous post|next post|tags|tags:|reuse this content|most read|download app|caption|\
     related|partager|partager :|partager l'article|partager cet article|partagez|partagez :|envoyer par mail|\
     publicite|publicites|annonces|laisser un commentaire|suivez-nous|haut de page|retour en haut|\
     article precedent|article suivant|mots-cles|mots cles|etiquettes|j'aime ca :|copier le lien|teilen|anzeige|\
     werbung|compartir|publicidad|condividi|pubblicita|partilhar|compartilhar|publicidade|advertentie|udostepnij|\
     reklama|реклама|поделиться|warning: your browser does not support this",
);

/// A link that is exactly one of these is a button.
static BUTTON: Phrases = Phrases::new(
    "share|tweet|email|e-mail|print|print this page|save|like|pin it|facebook|twitter|x|linkedin|whatsapp|\
     telegram|pinterest|instagram|youtube|close|comments|comment|subscribe|sign up|log in|sign in|top|play|\
     previous|next|more|topics|recommended|imprimer|annonce|fermer|commentaires|commenter|s'abonner|precedent|\
     suivant|j'aime|drucken|kommentare|imprimir|anuncio|comentarios|stampa|delen|комментарии|sdilet|del|dela|jaa|\
     listen|ecouter|follow|suivre|clap|faire un don|je donne|je fais un don|je soutiens|je m'abonne|donate|donate now|give now|make a donation|\
     support us|jetzt spenden|spenden|donar|haz una donacion|dona ora|doneer",
);

/// Networks that a line may ask to follow somebody on.
static NETWORKS: Phrases =
    Phrases::new("facebook|twitter|instagram|youtube|linkedin|whatsapp|telegram|tiktok|mastodon|bluesky|snapchat");

/// A line that starts with one of these and goes on as a link sends the reader to another page.
static LEADS_AWAY: Phrases = Phrases::new(
    "read more|read also|also read|read next|see also|related|recommended|more:|more from|watch:|don't miss|\
     you may also|you might also|up next|learn more:|click here to subscribe|follow us on|lire aussi|\
     a lire aussi|lire egalement|a lire|lisez aussi|voir aussi|a voir aussi|a decouvrir|sur le meme sujet|\
     sur le meme theme|dans la meme rubrique|notre dossier|relire|mehr zum thema|lesen sie auch|siehe auch|\
     lee tambien|leer mas|ver tambien|le puede interesar|leggi anche|leia tambem|leia mais|veja tambem|lees ook|\
     читайте также|читать далее|czytaj tak|baca juga|las ocksa|laes ogsa|les ogsa|lue myos|ctete take|\
     prectete si|okumaya devam",
);

/// A heading that starts with one of these opens a block of cards, links or forms to the end of its section.
static OPENS_FURNITURE: Phrases = Phrases::new(
    "more:|related|more stories|more news|more articles|more posts|more from|more on this|other news|\
     other articles|you may also like|you might also like|you may like|recommended|recommendations|latest news|\
     latest posts|latest articles|recent posts|recent articles|recent news|popular posts|most popular|most read|\
     trending|don't miss|read next|read also|see also our|on the same theme|on the same subject|\
     in the same category|similar posts|similar articles|share this|share on|spread the word|leave a comment|\
     leave a reply|post a comment|join the conversation|comments|about the author|post navigation|\
     subscribe to our|sign up for|subscribe to the|get our newsletter|our newsletter|stay informed|\
     stay up to date|articles similaires|articles lies|articles associes|articles connexes|articles recents|\
     articles suggeres|autres articles|autres actualites|autres actus|nos autres actualites|\
     actualites similaires|actualites liees|actualites recentes|a lire aussi|a lire egalement|a decouvrir aussi|\
     a voir aussi|lire aussi|lire egalement|voir aussi|ces articles pourraient|ces contenus pourraient|\
     vous aimerez aussi|vous pourriez aussi|vous pourriez aimer|cela pourrait vous|cela peut vous|\
     ceci pourrait vous|ca pourrait vous|sur le meme theme|sur le meme sujet|dans la meme categorie|\
     dans la meme rubrique|dernieres actualites|dernieres actus|derniers articles|nos dernieres actu|\
     nos derniers articles|toute l'actualite|toutes les actualites|toutes nos actualites|les plus lus|\
     les projets lies|projets lies|nos autres projets|decouvrez d'autres|decouvrez egalement|decouvrez aussi|\
     plus d'actualites|partagez cet|partager cet|partager sur|laisser un commentaire|laissez un commentaire|\
     commentaires|votre commentaire|poster un commentaire|a propos de l'auteur|navigation de l'article|\
     navigation des articles|inscrivez-vous a|inscrivez-vous a notre|abonnez-vous a|recevez notre|\
     notre newsletter|restez informe|ahnliche beitrage|das konnte|weitere artikel|articulos relacionados|\
     noticias relacionadas|te puede interesar|articoli correlati|potrebbe interessarti|artigos relacionados|\
     noticias relacionadas|gerelateerde|похожие|читайте также|powiazane|artikel terkait|relaterade",
);

/// A line that starts with one of these asks for something.
static ASKS: Phrases = Phrases::new(
    "follow|like us|find us|join us on|subscribe|sign up|email |click here to subscribe|get the latest|suivez|\
     retrouvez-nous|retrouvez nous|rejoignez-nous sur|abonnez-vous|inscrivez-vous a la newsletter|\
     inscrivez-vous a notre|folgen sie|folge uns|siguenos|seguici|siga",
);

/// Phrases parted by `|`, opened when first asked.
struct Phrases {
    text: &'static str,
    all: OnceLock<Vec<&'static str>>,
}

impl Phrases {
    const fn new(text: &'static str) -> Self {
        Self { text, all: OnceLock::new() }
    }

    fn all(&self) -> &[&'static str] {
        self.all.get_or_init(|| self.text.split('|').collect())
    }

    fn holds(&self, folded: &str) -> bool {
        self.all().contains(&folded)
    }

    /// Whether `folded` starts with one of them, ending at a word's end.
    fn begin(&self, folded: &str) -> bool {
        let start = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
        self.all().iter().any(|phrase| {
            start.strip_prefix(phrase).is_some_and(|rest| {
                !phrase.ends_with(char::is_alphanumeric) || !rest.starts_with(char::is_alphanumeric)
            })
        })
    }
}

/// Whether a line is nothing but a button, label or notice.
pub fn stands_alone(folded: &str) -> bool {
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric() && c != ':' && c != '.');
    ALONE.holds(bare) || ALONE.holds(bare.trim_end_matches([':', ' ', '.']))
}

/// Whether a link is nothing but a button.
pub fn is_button(folded: &str) -> bool {
    BUTTON.holds(folded.trim_matches(|c: char| !c.is_alphanumeric()))
}

/// Whether words without a link stand for the rest of a text.
pub fn opens_more(folded: &str) -> bool {
    let words = folded.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        words,
        "read more"
            | "show more"
            | "see more"
            | "continue reading"
            | "lire la suite"
            | "voir plus"
            | "afficher plus"
            | "weiterlesen"
            | "mehr anzeigen"
            | "leer mas"
            | "close"
            | "fermer"
    )
}

/// Whether a line is what a language switcher leaves: "fr_FR", "en_US fr_FR".
pub fn names_locales(folded: &str) -> bool {
    let is_locale = |word: &str| {
        let letters = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic());
        word.split_once('_').is_some_and(|(lang, place)| letters(lang) && letters(place))
    };
    !folded.is_empty() && folded.split_whitespace().all(is_locale)
}

/// Whether a line asks to follow somebody or to take a letter, and says nothing else.
pub fn asks_to_follow(folded: &str) -> bool {
    let names = NETWORKS.all().iter().filter(|network| folded.contains(*network)).count();
    let letter = ["newsletter", "inbox", "lettre d'info", "infolettre", "mailing list", "daily email"]
        .iter()
        .any(|word| folded.contains(word));
    ASKS.begin(folded) && (names > 0 || letter)
}

/// Whether a line counts pictures: "Image 2 of 5", "photo 3 / 12", "1/4".
pub fn counts_pictures(folded: &str) -> bool {
    let rest = ["image", "photo", "picture", "slide", "bild", "foto"].iter().find_map(|word| folded.strip_prefix(word));
    let Some(rest) = rest else { return false };
    let mut parts = rest.split_whitespace().filter(|part| *part != "/" && *part != "|");
    let number =
        |part: Option<&str>| part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (first, Some("of" | "de" | "sur" | "von" | "di"), last, None) => number(first) && number(last),
        (first, second @ Some(_), None, None) => number(first) && number(second),
        (Some(both), None, None, None) => both.split_once('/').is_some_and(|(a, b)| number(Some(a)) && number(Some(b))),
        _ => false,
    }
}

/// Whether a line begins as one that leads to another page.
pub fn leads_away(folded: &str) -> bool {
    LEADS_AWAY.begin(folded)
}

/// Whether a heading begins a block of cards, links or forms.
pub fn opens_furniture(folded: &str) -> bool {
    OPENS_FURNITURE.begin(folded)
}

/// Whether a line at the end says who wrote the text and how to reach them: "Jane Moor is a reporter for …", "Follow her
/// on Twitter".
pub fn signs_off(folded: &str) -> bool {
    const REACH: &[&str] = &[
        "follow him on",
        "follow her on",
        "follow them on",
        "follow me on",
        "may be reached at",
        "can be reached at",
        "email the author",
        "e-mail the author",
        "have a tip?",
        "got a tip?",
        "send tips to",
        "suivez-le sur",
        "suivez-la sur",
    ];
    const WORK: &[&str] = &[
        "reporter",
        "editor",
        "writer",
        "journalist",
        "correspondent",
        "columnist",
        "contributor",
        "freelance",
        "blogger",
        "redakteur",
        "redakteurin",
        "journaliste a",
    ];
    if folded.len() > 400 {
        return false;
    }
    // A name, then the verb: the third, fourth or fifth word.
    let is_life = || {
        let verb = folded.split_whitespace().take(5).position(|word| matches!(word, "is" | "est" | "ist"));
        verb.is_some_and(|at| at >= 2) && WORK.iter().any(|word| folded.contains(word))
    };
    REACH.iter().any(|words| folded.contains(words)) || is_life()
}

/// Whether a heading opens a list of organisations or people, who may all be links.
pub fn introduces_names(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "signatai",
        "signator",
        "signe par",
        "organisations",
        "membres",
        "members",
        "partenaires",
        "partners",
        "participants",
        "unterzeichne",
        "firmantes",
        "firmatari",
    ];
    folded.len() <= 80 && !folded.trim_end().ends_with('.') && WORDS.iter().any(|word| folded.contains(word))
}

/// Labels of photo credits at the start of a line, folded.
const CREDITS: &[&str] = &[
    "credits photos",
    "credits photo",
    "credit photos",
    "credit photo",
    "credit image",
    "photo credits",
    "photo credit",
    "image credit",
    "photo :",
    "photos :",
    "photo \u{a9}",
    "photo copyright",
    "photo by",
    "photos by",
    "foto:",
    "fotos:",
    "foto \u{a9}",
    "bild:",
    "bildquelle",
    "фото:",
    "\u{a9} photo",
    "copyright",
    "\u{a9}",
    "(c)",
];

/// Characters of the label with which a folded line begins, when it is a photo credit.
pub fn credit_label(words: &str) -> Option<usize> {
    if words.is_empty() || words.chars().count() > 140 {
        return None;
    }
    CREDITS.iter().find(|label| words.starts_with(**label)).map(|label| label.chars().count())
}

/// Whether a credit says that it is one of a picture, and not of the page.
pub fn is_photo_credit(words: &str) -> bool {
    ["photo", "foto", "фото", "image", "bild"].iter().any(|word| super::text::cut(words, 24).contains(word))
}

/// Whether a folded line heads the contacts for journalists.
pub fn is_contact_heading(words: &str) -> bool {
    const HEADS: &[&str] = &[
        "contact presse",
        "contacts presse",
        "contact medias",
        "contacts medias",
        "contact media",
        "contacts media",
        "contact press",
        "press contact",
        "press contacts",
        "media contact",
        "media contacts",
        "contacts pour la presse",
        "relations presse",
        "relations medias",
        "service de presse",
        "for press inquiries",
        "for media inquiries",
        "press inquiries",
        "media inquiries",
        "press office",
        "pressekontakt",
        "contacto de prensa",
        "ufficio stampa",
    ];
    HEADS.iter().any(|head| words.starts_with(head))
}

/// Whether a folded line holds the release back until a date.
pub fn is_embargo(words: &str) -> bool {
    words.starts_with("embargo")
        || words.contains("sous embargo")
        || words.contains("under embargo")
        || words.contains("embargoed until")
}

/// Whether folded words before a date are a label or an article, and no place.
pub fn is_date_label(words: &str) -> bool {
    const LABELS: &[&str] = &[
        "le",
        "du",
        "au",
        "on",
        "the",
        "publie",
        "publie le",
        "poste",
        "poste le",
        "mis en ligne",
        "mis a jour",
        "date",
        "depuis",
        "published",
        "posted",
        "updated",
        "since",
        "until",
        "jusqu",
        "des",
        "par",
        "by",
        "communique",
        "press release",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    LABELS.contains(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_and_sentences() {
        for furniture in ["share this:", "» partager", "publicites", "tags:"] {
            assert!(stands_alone(furniture), "{furniture}");
        }
        assert!(is_button("» print"));
        assert!(
            counts_pictures("image 2 of 5") && counts_pictures("photo 3/12") && !counts_pictures("image of the city")
        );
        assert!(
            asks_to_follow("suivez-nous sur facebook et twitter") && !asks_to_follow("follow the example of dakar")
        );
        assert!(leads_away("lire aussi : la rentree au senegal"));
        assert!(opens_furniture("ces articles pourraient vous interesser"));
        for sentence in ["shared values", "related to this, we ask", "relatedness", "nextcloud"] {
            assert!(!stands_alone(sentence), "{sentence}");
        }
        assert!(!opens_furniture("commentaries on the law"));
    }
}
