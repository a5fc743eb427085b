//! Which address is this?
//!
//! [`resolve`] gives the address to fetch, [`canonical`] the one form that stands for a page, [`same_page`] a key
//! under which the variants of one page meet. What a query parameter is for stands in [`parameters`]: a further
//! tracking or session parameter is one word there.

mod escapes;
mod parameters;
mod same_page;

pub use parameters::{Parameter, names_list, parameter};
pub use same_page::same_page;

use ::url::Url;

/// Longest address that is read, in bytes; browsers and servers stop at about this length too.
const LONGEST: usize = 8 * 1024;

/// An address that is none of ours to fetch or to keep. The address is cut for display.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    /// Not an address at all.
    #[error("`{0}` is not an address")]
    Syntax(String),
    /// A scheme other than http and https.
    #[error("`{0}` is neither http nor https")]
    Scheme(String),
    /// User name or password inside.
    #[error("`{0}` carries credentials")]
    Credentials(String),
}

fn shown(raw: &str) -> String {
    let mut shown: String = raw.chars().filter(|c| !c.is_control()).take(200).collect();
    if shown.len() < raw.trim().len() && shown.chars().count() == 200 {
        shown.push('…');
    }
    shown
}

/// The absolute address that `raw` means on a page at `base`: http or https, without credentials and fragment,
/// entities (`&amp;`) and surrounding blanks mended, spaces and accents encoded. The query stays as it is: this is
/// the form to fetch, also for lists with page numbers.
pub fn resolve(raw: &str, base: Option<&Url>) -> Result<Url, BadUrl> {
    let mended = raw.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if mended.is_empty() || mended.len() > LONGEST {
        return Err(BadUrl::Syntax(shown(raw)));
    }
    let mended = if mended.contains("&#") || mended.contains("&amp;") {
        std::borrow::Cow::Owned(mended.replace("&amp;", "&").replace("&#038;", "&").replace("&#38;", "&"))
    } else {
        std::borrow::Cow::Borrowed(mended)
    };
    let parsed = match base {
        Some(base) => base.join(&mended),
        None => Url::parse(&mended),
    };
    let mut url = parsed.map_err(|_| BadUrl::Syntax(shown(raw)))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(BadUrl::Scheme(shown(raw)));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadUrl::Credentials(shown(raw)));
    }
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_end_matches('.');
    if bare.is_empty() {
        return Err(BadUrl::Syntax(shown(raw)));
    }
    if bare.len() < host.len() {
        let bare = bare.to_owned();
        url.set_host(Some(&bare)).map_err(|_| BadUrl::Syntax(shown(raw)))?;
    }
    url.set_fragment(None);
    Ok(url)
}

/// One form per page: resolved against `base`, scheme and host in lower case, default port, fragment and tracking
/// parameters dropped, query parameters kept only if they identify content (`p`, `page_id`, SPIP's `article` forms,
/// ids, those of a script such as `index.php`, and those in `keep`) and sorted, dot segments and doubled slashes
/// mended, percent-encoding unified. Scheme, `www.` and the final slash stay as they are: whether two variants are
/// one page is for [`same_page`]. Idempotent.
pub fn canonical(raw: &str, base: Option<&Url>, keep: &[String]) -> Result<String, BadUrl> {
    let mut url = resolve(raw, base)?;
    let path = without_doubled_slashes(&escapes::unified(url.path()));
    if path != url.path() {
        url.set_path(&path);
    }
    if let Some(query) = url.query() {
        let kept = parameters::identifying(url.path(), &escapes::unified(query), keep);
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
    Ok(url.into())
}

/// `/a//b` → `/a/b`; an address inside a path (`/web/2020/https://…`) keeps its own.
fn without_doubled_slashes(path: &str) -> String {
    let mut mended = String::with_capacity(path.len());
    for c in path.chars() {
        if !(c == '/' && mended.ends_with('/') && !mended.ends_with(":/")) {
            mended.push(c);
        }
    }
    mended
}

/// Whether `raw` is an absolute http or https address without credentials.
pub fn is_http(raw: &str) -> bool {
    resolve(raw, None).is_ok()
}

/// The host in lower case without `www.` and the port where it is not the scheme's own, as members list them.
/// `None` for what is no address. IPv6 hosts keep their brackets.
pub fn host(address: &str) -> Option<(String, Option<u16>)> {
    let url = resolve(address, None).ok()?;
    let host = url.host_str()?;
    Some((host.strip_prefix("www.").unwrap_or(host).to_owned(), url.port()))
}

/// The path of an address, encoded, with its leading slash; `/` for what is no address.
pub fn path(address: &str) -> String {
    resolve(address, None).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned())
}

/// `raw` on a page at `base`, as text; `None` for what must not be fetched.
pub fn join(base: &str, raw: &str) -> Option<String> {
    let base = Url::parse(base).ok()?;
    resolve(raw, Some(&base)).ok().map(Into::into)
}

/// The last segment of the path, decoded, without a file ending such as `.html`: the words of the address.
pub fn slug(address: &str) -> String {
    let path = path(address);
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = [".html", ".htm", ".php", ".aspx", ".asp"].iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last);
    escapes::decoded(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canon(raw: &str) -> String {
        canonical(raw, None, &[]).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn one_form_per_page() {
        for (raw, wanted) in [
            ("HTTPS://Example.ORG:443/A/../b//c/#top", "https://example.org/b/c/"),
            ("http://example.org:80", "http://example.org/"),
            ("http://example.org:8080/x", "http://example.org:8080/x"),
            (" https://example.org/é t\u{a0}é ", "https://example.org/%C3%A9%20t%C2%A0%C3%A9"),
            ("https://example.org/%7euser/%c3%a9%2F", "https://example.org/~user/%C3%A9%2F"),
            ("https://example.org/100%/x%zz", "https://example.org/100%/x%zz"),
            ("https://example.org./x", "https://example.org/x"),
            ("https://école.example.org/", "https://xn--cole-9oa.example.org/"),
            ("https://example.org/web/2020/https://x.org//y", "https://example.org/web/2020/https://x.org/y"),
            ("https://example.org/a?utm_source=x&utm_medium=y", "https://example.org/a"),
            ("https://example.org/france-bleu/?gclid=EAIaIQ", "https://example.org/france-bleu/"),
            ("https://example.org/en/x/?msclkid=1&utm_source=bing&utm_campaign=c", "https://example.org/en/x/"),
            ("https://example.org/?p=2850", "https://example.org/?p=2850"),
            ("https://example.org/?page_id=3&preview=true", "https://example.org/?page_id=3"),
            ("https://example.org/?attachment_id=77", "https://example.org/?attachment_id=77"),
            ("https://example.org/?eo_month=2019-12", "https://example.org/"),
            ("https://example.org/?anything=at-all", "https://example.org/"),
            ("https://example.org/?p=1&amp;lang=en", "https://example.org/?lang=en&p=1"),
            ("https://example.org/?p=1&#038;lang=en", "https://example.org/?lang=en&p=1"),
            ("https://example.org/spip.php?article12", "https://example.org/spip.php?article12"),
            (
                "https://example.org/?page=article&id_article=12&debut_articles=10",
                "https://example.org/?id_article=12&page=article",
            ),
            ("https://example.org/?page=2", "https://example.org/"),
            ("https://example.org/?q=node/12", "https://example.org/?q=node/12"),
            ("https://example.org/?q=words", "https://example.org/"),
            ("https://example.org/node/12?destination=home", "https://example.org/node/12"),
            (
                "https://example.org/index.php?option=com_content&view=article&id=12:slug&Itemid=101&PHPSESSID=ab",
                "https://example.org/index.php?id=12:slug&option=com_content&view=article",
            ),
            ("https://example.org/detail.php?ref=abc&utm_id=3", "https://example.org/detail.php?ref=abc"),
            ("https://example.org/actu?newsId=44", "https://example.org/actu?newsId=44"),
            ("https://example.org/a/?replytocom=5", "https://example.org/a/"),
            ("https://example.org/a/?amp=1&print=1", "https://example.org/a/"),
            ("https://example.org/a/?", "https://example.org/a/"),
            ("https://example.org/?x=%zz&p=%31", "https://example.org/?p=1"),
        ] {
            assert_eq!(canon(raw), wanted, "{raw}");
        }
        let keep = ["episode".to_owned()];
        let kept = canonical("https://example.org/a?z=1&episode=3", None, &keep).unwrap();
        assert_eq!(kept, "https://example.org/a?episode=3");
    }

    #[test]
    fn relative_addresses_resolve_on_their_page() {
        let base = Url::parse("https://example.org/fr/actualites/").unwrap();
        for (raw, wanted) in [
            ("../en/x", "https://example.org/fr/en/x"),
            ("//cdn.example.org/x", "https://cdn.example.org/x"),
            ("?p=3", "https://example.org/fr/actualites/?p=3"),
            ("a b.html", "https://example.org/fr/actualites/a%20b.html"),
        ] {
            assert_eq!(canonical(raw, Some(&base), &[]).as_deref(), Ok(wanted));
        }
        assert_eq!(join("https://example.org/a/", "b?c=1").as_deref(), Some("https://example.org/a/b?c=1"));
        assert_eq!(join("https://example.org/a/", "javascript:alert(1)"), None);
    }

    #[test]
    fn refused_addresses_say_why() {
        for (raw, wanted) in [
            ("", "`` is not an address"),
            ("/relative", "`/relative` is not an address"),
            ("http://", "`http://` is not an address"),
            ("http://./", "`http://./` is not an address"),
            ("ftp://example.org/", "`ftp://example.org/` is neither http nor https"),
            ("java\tscript:alert(1)", "`javascript:alert(1)` is neither http nor https"),
            ("mailto:a@example.org", "`mailto:a@example.org` is neither http nor https"),
            ("http://good@bad/", "`http://good@bad/` carries credentials"),
            ("http://a:b@example.org/", "`http://a:b@example.org/` carries credentials"),
        ] {
            assert_eq!(canon(raw), wanted);
        }
        assert!(canon(&format!("http://example.org/{}", "a".repeat(1 << 20))).len() < 300);
    }

    #[test]
    fn parts_of_an_address() {
        assert_eq!(host("https://WWW.Example.org:8443/x"), Some(("example.org".to_owned(), Some(8443))));
        assert_eq!(host("http://127.0.0.1:80/"), Some(("127.0.0.1".to_owned(), None)));
        assert_eq!(host("mailto:x@example.org"), None);
        assert_eq!(path("https://example.org/a b?c"), "/a%20b");
        assert_eq!(slug("https://example.org/2020/r%C3%A9ponse-2.html?x=1"), "réponse-2");
        assert!(is_http("https://example.org") && !is_http("file:///etc/passwd"));
    }

    proptest! {
        #[test]
        fn canonical_twice_is_canonical_once(
            path in "[a-zé%/. ?&=;~0-9#:A-F+|]{0,40}",
            query in "(p|id|utm_x|page|lang|q|b%31|%70|é|article3|;| |id_article)(=[a-z0-9%é/&=+#]{0,8})?(&(p|x|id)=[0-9a%]{0,4}){0,3}",
        ) {
            for raw in [format!("https://Example.org/{path}"), format!("https://example.org/{path}?{query}"), format!("http://x.example/a.php?{query}")] {
                if let Ok(once) = canonical(&raw, None, &[]) {
                    prop_assert_eq!(canonical(&once, None, &[]).unwrap(), once.clone());
                    same_page(&once);
                }
            }
        }

        #[test]
        fn nothing_panics(raw in "\\PC{0,60}") {
            let base = Url::parse("https://example.org/a/").unwrap();
            if let Ok(once) = canonical(&raw, Some(&base), &[]) {
                prop_assert_eq!(canonical(&once, None, &[]).unwrap(), once.clone());
            }
            same_page(&raw);
            host(&raw);
            slug(&raw);
        }
    }
}
