//! What is a query parameter for?
//!
//! Sites answer the same page under any parameter, so only those that choose the content are part of an address.

use crate::model::Lang;

/// What a query parameter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// Chooses the content: `p=12`, `id_article=12`, `article12`, `lang=en`.
    Content,
    /// Says where the visitor came from: `utm_source`, `gclid`.
    Tracking,
    /// Belongs to one visit: `PHPSESSID`, `nonce`.
    Session,
    /// Chooses a part, order or month of a list: `paged`, `debut_articles`, `eo_month`, `s`.
    Listing,
    /// The same content in another dress: `amp`, `print`, `replytocom`, `preview`.
    Variant,
    /// Unknown.
    Other,
}

/// Names of campaign and click ids; a final `*` is a prefix. Sources: the vendors' own documentation of their link
/// decoration, as collected by browsers that strip it.
#[rustfmt::skip]
const TRACKING: &[&str] = &[
    "utm_*", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "gad_source", "gad_campaignid", "srsltid", "fbclid",
    "fb_*", "msclkid", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_gac", "_ke", "_kx", "_hsenc", "_hsmi",
    "__hs*", "hsctatracking", "hsa_*", "igshid", "igsh", "twclid", "ttclid", "li_fat_id", "yclid", "ysclid",
    "ymclid", "_openstat", "openstat", "wickedid", "vero_*", "oly_*", "mtm_*", "matomo_*", "piwik_*", "pk_*",
    "at_*", "xtor", "xtatc", "cmpid", "ncid", "ocid", "ref_src", "ref_url", "s_cid", "s_kwcid", "ef_id", "epik",
    "rb_clickid", "sc_*", "trk", "trkcampaign", "trkinfo", "campaign_id", "campaignid", "adid", "ad_id", "adset*",
    "adgroup*", "network", "matchtype", "keyword", "device", "placement", "spm", "sfmc_*", "sfnsn", "mibextid",
    "rdt_cid", "wt_*", "wt.*", "elqtrack*", "elqtrackid", "bsft_*", "trc_*", "tblci", "ns_*", "share", "shared",
    "sharesource", "from_source", "cn-reloaded", "nb", "guccounter", "guce_*", "__twitter_impression", "__cf_chl*",
    "usqp",
];
#[rustfmt::skip]
const SESSION: &[&str] = &[
    "phpsessid", "jsessionid", "sessionid", "session_id", "session", "sid", "sessid", "aspsessionid*", "cfid",
    "cftoken", "nonce", "_wpnonce", "token", "csrf*", "form_build_id", "cachebuster", "nocache", "no_cache",
    "cache", "_", "t", "ts", "timestamp", "rand", "random", "ver", "v", "var_mode", "recalcul", "chash", "cookie*",
    "consent", "fl_builder", "et_fb", "et_blog", "elementor-preview", "doing_wp_cron", "wpnonce", "redirect_to",
    "redirect", "return", "returnurl", "destination", "back", "retour", "referer", "referrer", "from", "source",
    "src", "origin", "highlight", "hilite", "hl_words", "sf_paged", "connect", "login", "logout", "loggedout",
];
#[rustfmt::skip]
const LISTING: &[&str] = &[
    "paged", "page", "pg", "pagenum", "page_num", "start", "limitstart", "limit", "offset", "debut_*", "eo_month",
    "s", "q", "search", "recherche", "query", "keys", "keywords", "orderby", "order", "sort*", "tri", "dir",
    "filter*", "f[*", "field_*", "cat", "category", "category_name", "categorie", "tag", "taxonomy", "term",
    "author", "year", "month", "mois", "annee", "monthnum", "day", "m", "w", "date", "cal_*", "tribe*",
    "eventdisplay", "tribe-bar-date", "ical", "outlook-ical", "id_mot", "id_rubrique", "id_auteur", "id_secteur",
    "catid", "post_type", "view_mode", "display", "per_page", "perpage", "feed", "rss", "archive*", "e-page*",
    "query-*", "jsf", "et_pb*", "product_*", "min_price", "max_price", "add-to-cart", "archives",
];
#[rustfmt::skip]
const VARIANT: &[&str] = &[
    "amp", "outputtype", "print", "printable", "imprimer", "impression", "pdf", "format", "tmpl", "layout",
    "replytocom", "preview", "preview_*", "comments", "comment*", "theme", "skin", "template", "mobile", "desktop",
    "noamp", "nonamp", "embed", "unapproved", "moderation-hash", "itemid", "action", "ajax", "wpmp_switcher",
    "no_redirect", "lightbox", "popup", "modal", "cb", "wordfence_*", "iframe", "showall", "like_comment",
];
/// Names that choose one content on the systems we know: WordPress, SPIP, Drupal, Joomla, TYPO3, and home-made ones.
#[rustfmt::skip]
const CONTENT: &[&str] = &[
    "p", "page_id", "attachment_id", "id_article", "id_breve", "id_document", "id_syndic_article", "id_evenement",
    "id", "ids", "nid", "node", "aid", "article", "articleid", "art", "idart", "story", "storyid", "newsid", "news",
    "actu", "actualite", "idactu", "doc", "docid", "idnews", "post", "postid", "contentid", "content_id", "item",
    "uid", "num", "numero", "no", "ref", "slug", "titre", "title", "permalink", "lang", "language", "langue", "l",
    "hl", "tx_news_pi1[news]", "tx_ttnews[tt_news]", "fiche", "communique", "cp", "release", "releaseid", "dossier",
];
/// SPIP's bare forms: `spip.php?article12`. Sections and authors are lists.
const SPIP_CONTENT: [&str; 4] = ["article", "breve", "document", "site"];
const SPIP_LISTS: [&str; 3] = ["rubrique", "auteur", "mot"];

/// What the parameter `name` (in any case) with `value` is for. A bare parameter has an empty value.
pub fn parameter(name: &str, value: &str) -> Parameter {
    let lower = name.to_ascii_lowercase();
    let lower = lower.as_str();
    if value.is_empty() && has_number_after(lower, &SPIP_CONTENT) {
        return Parameter::Content;
    }
    if value.is_empty() && has_number_after(lower, &SPIP_LISTS) {
        return Parameter::Listing;
    }
    match lower {
        // SPIP: the template's name; elsewhere the number of a list's page.
        "page" if value.starts_with(|c: char| c.is_ascii_alphabetic()) => return Parameter::Content,
        "q" if value.starts_with("node/") => return Parameter::Content,
        "lang" | "language" | "langue" | "hl" | "l" if value.parse::<Lang>().is_err() => return Parameter::Other,
        _ => {}
    }
    for (table, what) in [
        (CONTENT, Parameter::Content),
        (TRACKING, Parameter::Tracking),
        (SESSION, Parameter::Session),
        (VARIANT, Parameter::Variant),
        (LISTING, Parameter::Listing),
    ] {
        if table.iter().any(|entry| matches_entry(lower, entry)) {
            return what;
        }
    }
    if is_id_name(name) && is_id_value(value) { Parameter::Content } else { Parameter::Other }
}

/// Whether a query names a list of pages on the systems we know, and nothing else: a section, category, tag, author or
/// month (`spip.php?rubrique2`, `?cat=3`). One parameter only: filters that combine have no end.
pub fn names_list(query: &str) -> bool {
    const LISTS: &[&str] =
        &["cat", "category_name", "tag", "author", "m", "id_rubrique", "id_secteur", "id_mot", "id_auteur", "catid"];
    let (name, value) = query.split_once('=').unwrap_or((query, ""));
    let name = name.to_ascii_lowercase();
    let is_list = match value {
        "" => has_number_after(&name, &SPIP_LISTS),
        _ => LISTS.contains(&name.as_str()) && value.len() <= 64,
    };
    is_list && !query.contains('&')
}

fn has_number_after(name: &str, words: &[&str]) -> bool {
    words.iter().filter_map(|word| name.strip_prefix(word)).any(|rest| !rest.is_empty() && is_digits(rest))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn matches_entry(name: &str, entry: &str) -> bool {
    match entry.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == entry,
    }
}

/// `articleId`, `news_id`, `id-actu`, `idActu`.
fn is_id_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let parted = lower.split(['_', '-', '[', ']', '.']).any(|part| part == "id");
    parted
        || name.ends_with("Id")
        || name.ends_with("ID")
        || name.strip_prefix("id").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn is_id_value(value: &str) -> bool {
    (1..=64).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
}

/// Whether a path ends in a program, of which the parameters choose the content.
fn is_script(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let Some((_, ending)) = last.rsplit_once('.') else { return false };
    let known = ["php", "php3", "php5", "asp", "aspx", "jsp", "cgi", "pl", "cfm", "do"];
    known.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The parameters of `query` that are part of the identity of a page at `path`, sorted, each pair once.
pub(super) fn identifying(path: &str, query: &str, keep: &[String]) -> String {
    let script = is_script(path);
    let mut kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let wanted = match parameter(name, value) {
                Parameter::Content => !value.is_empty() || name.ends_with(|c: char| c.is_ascii_digit()),
                Parameter::Other => script,
                _ => false,
            };
            !name.is_empty() && (wanted || keep.iter().any(|keep| keep == name))
        })
        .collect();
    kept.sort_unstable();
    kept.dedup();
    kept.join("&")
}

#[cfg(test)]
mod tests {
    use super::{Parameter::*, *};

    #[test]
    fn parameters_by_their_purpose() {
        for (name, value, wanted) in [
            ("utm_source", "x", Tracking),
            ("UTM_Campaign", "x", Tracking),
            ("fbclid", "x", Tracking),
            ("_ga", "1", Tracking),
            ("PHPSESSID", "1", Session),
            ("eo_month", "2019-12", Listing),
            ("debut_articles", "10", Listing),
            ("paged", "2", Listing),
            ("page", "2", Listing),
            ("page", "article", Content),
            ("rubrique3", "", Listing),
            ("article3", "", Content),
            ("replytocom", "3", Variant),
            ("amp", "", Variant),
            ("print", "1", Variant),
            ("lang", "fr", Content),
            ("lang", "all the world", Other),
            ("option", "com_content", Other),
            ("idActu", "7", Content),
            ("news_id", "7", Content),
            ("news_id", "a b", Other),
            ("wid", "7", Other),
        ] {
            assert_eq!(parameter(name, value), wanted, "{name}={value}");
        }
    }

    #[test]
    fn a_list_has_one_parameter_that_names_it() {
        let lists = ["rubrique2", "mot17", "cat=3", "author=1", "tag=filles", "m=202403"];
        assert!(lists.iter().all(|query| names_list(query)));
        let others = ["", "article2", "rubrique", "cat=", "cat=3&tag=filles", "f1=a", "s=filles"];
        assert!(!others.iter().any(|query| names_list(query)));
    }
}
