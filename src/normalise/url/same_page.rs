//! When do two addresses lead to one page?

use ::url::Url;

/// A key that is equal for the variants of one page: http/https, `www.`, final slash, `index.html`, letter case of
/// escapes, AMP and print views, SPIP's spellings of an article. Takes an address that [`super::canonical`] returned;
/// for anything else the key is the text itself. The key is for comparing, never for fetching.
pub fn same_page(canonical: &str) -> String {
    let Ok(url) = Url::parse(canonical) else { return canonical.to_owned() };
    let Some(host) = url.host_str() else { return canonical.to_owned() };
    let host = host.strip_prefix("www.").unwrap_or(host);
    let host = host.strip_prefix("amp.").filter(|rest| rest.contains('.')).unwrap_or(host);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = super::escapes::unified(url.query().unwrap_or_default());
    let path = super::escapes::unified(url.path());
    let path = plain_path(&path);
    match spip_content(&query) {
        Some(content) => {
            let folder = path.strip_suffix("spip.php").unwrap_or(path).trim_end_matches('/');
            format!("{host}{port}{folder}?{content}")
        }
        None if query.is_empty() => format!("{host}{port}{path}"),
        None => format!("{host}{port}{path}?{query}"),
    }
}

/// The path without the endings that only dress the page, and without its final slash.
fn plain_path(path: &str) -> &str {
    let mut plain = path;
    loop {
        let before = plain;
        plain = plain.trim_end_matches('/');
        let cut = plain.rsplit_once('/').filter(|(_, last)| is_dress(last)).map(|(rest, _)| rest);
        plain = cut.unwrap_or(plain);
        for ending in [".amp.html", ".amp"] {
            plain = plain.strip_suffix(ending).filter(|rest| !rest.ends_with('/') && !rest.is_empty()).unwrap_or(plain);
        }
        if plain == before {
            return plain;
        }
    }
}

/// A last segment that names no page of its own.
fn is_dress(segment: &str) -> bool {
    let lower = segment.to_ascii_lowercase();
    let index = ["index.html", "index.htm", "index.php", "index.asp", "index.aspx", "default.aspx", "default.asp"];
    index.contains(&lower.as_str()) || matches!(lower.as_str(), "amp" | "print" | "imprimer")
}

/// `article12` for `article12`, `page=article&id_article=12`, `page=imprime&id_article=12`, `id_article=12`.
fn spip_content(query: &str) -> Option<String> {
    for pair in query.split('&') {
        for kind in ["article", "breve"] {
            let number = match pair.split_once('=') {
                Some((name, value)) => (name.strip_prefix("id_") == Some(kind)).then_some(value),
                None => pair.strip_prefix(kind),
            };
            if let Some(number) = number.filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
                let lang = query.split('&').find(|pair| pair.starts_with("lang="));
                return Some(lang.map_or_else(|| format!("{kind}{number}"), |lang| format!("{kind}{number}&{lang}")));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::same_page;
    use crate::normalise::url::canonical;

    fn key(raw: &str) -> String {
        same_page(&canonical(raw, None, &[]).unwrap())
    }

    #[test]
    fn variants_of_one_page_share_a_key() {
        for group in [
            &[
                "https://www.example.org/informe/x",
                "http://example.org/informe/x/",
                "https://example.org/informe/x/index.html",
                "https://example.org/informe/x/amp/",
                "https://example.org/informe/x?amp=1",
                "https://example.org/informe/x/print/?utm_source=a",
                "https://amp.example.org/informe/x",
            ][..],
            &["https://example.org", "http://www.example.org/index.php", "https://example.org/?eo_month=2019-01"],
            &["https://example.org/%c3%a9", "https://example.org/é", "https://example.org/%C3%A9/"],
            &["https://example.org/?p=12", "http://www.example.org/index.php?p=12"],
            &[
                "https://example.org/spip.php?article12",
                "https://example.org/?article12",
                "https://example.org/?page=article&id_article=12",
                "https://example.org/spip.php?page=imprime&id_article=12",
                "https://example.org/spip.php?id_article=12&id_rubrique=3",
            ],
        ] {
            for other in group {
                assert_eq!(key(other), key(group[0]), "{other}");
            }
        }
    }

    #[test]
    fn different_pages_have_different_keys() {
        let all = [
            "https://example.org/x",
            "https://example.org/X",
            "https://example.org/x-2",
            "https://example.org:8080/x",
            "https://en.example.org/x",
            "https://example.org/?p=1",
            "https://example.org/?p=2",
            "https://example.org/?article1",
            "https://example.org/?lang=en&article1",
            "https://example.org/blog/?article1",
            "https://example.org/?breve1",
            "https://example.org/amp/x",
            "https://example.org/",
        ];
        for (at, left) in all.iter().enumerate() {
            for right in &all[at + 1..] {
                assert_ne!(key(left), key(right), "{left} {right}");
            }
        }
    }
}
