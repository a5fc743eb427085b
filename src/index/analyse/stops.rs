//! # Which words say too little to be asked for?
//!
//! Dropped from questions only, and only where other words remain: phrases need them, and "The Who" is a question too.
//! One list for both languages; what carries meaning in either is left out of it (`est` and `été` are the east and
//! the summer).

/// Whether the folded word is a stop word.
pub fn is_stop(folded: &str) -> bool {
    STOPS.binary_search(&folded).is_ok()
}

/// Folded, sorted.
const STOPS: &[&str] = &[
    "a", "about", "above", "afin", "after", "again", "against", "ai", "ainsi", "all", "alors", "also", "am", "among",
    "an", "and", "any", "apres", "are", "as", "at", "au", "aucun", "aucune", "aussi", "autre", "autres", "aux",
    "avait", "avant", "avec", "avez", "avoir", "avons", "ayant", "be", "because", "been", "before", "being", "below",
    "between", "both", "but", "by", "can", "car", "ce", "ceci", "cela", "celle", "celles", "celui", "ces", "cet",
    "cette", "ceux", "chaque", "chez", "comme", "comment", "contre", "could", "d", "dans", "de", "depuis", "des",
    "did", "do", "does", "doing", "donc", "dont", "down", "du", "during", "each", "elle", "elles", "en", "encore",
    "entre", "es", "et", "etaient", "etait", "etant", "etre", "eu", "eux", "fait", "few", "for", "from", "further",
    "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "il", "ils", "in",
    "into", "is", "it", "its", "itself", "j", "je", "jusqu", "l", "la", "le", "les", "leur", "leurs", "lors", "lui",
    "m", "ma", "mais", "me", "meme", "memes", "mes", "moi", "mon", "more", "most", "must", "my", "n", "ne", "ni", "no",
    "nor", "nos", "not", "notre", "nous", "of", "off", "on", "ont", "or", "other", "ou", "our", "out", "over", "own",
    "par", "parce", "pas", "pendant", "peu", "peut", "peuvent", "plus", "pour", "pourquoi", "quand", "que", "quel",
    "quelle", "quelles", "quels", "qui", "quoi", "s", "sa", "same", "sans", "se", "selon", "sera", "seront", "ses",
    "shall", "she", "should", "si", "so", "soient", "soit", "some", "son", "sont", "sous", "such", "suis", "sur", "t",
    "ta", "tandis", "te", "tel", "telle", "telles", "tels", "tes", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "through", "to", "toi", "ton", "too", "tous", "tout", "toute", "toutes",
    "tres", "tu", "un", "under", "une", "until", "up", "upon", "us", "vers", "very", "via", "vos", "votre", "vous",
    "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will", "with", "would", "y",
    "you", "your",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_searched() {
        assert!(STOPS.is_sorted());
        for word in ["de", "la", "the", "which", "dans"] {
            assert!(is_stop(word), "{word}");
        }
        for word in ["ete", "est", "femmes", "women", "health", "eau"] {
            assert!(!is_stop(word), "{word}");
        }
    }
}
