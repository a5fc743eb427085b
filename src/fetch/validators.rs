//! What a site told us at the last visit, and how to send it back so that an unchanged page costs no body.

use http::header::{HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};

/// `ETag` and `Last-Modified` of the last answer, as received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag` as received.
    pub etag: Option<String>,
    /// `Last-Modified` as received.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Whether there is anything to send.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// Adds the conditional fields to a request; what can't stand in a header is left out.
    pub(super) fn put_into(&self, headers: &mut HeaderMap) {
        let mut put = |name, value: Option<&str>| {
            if let Some(value) = value.and_then(|text| HeaderValue::from_str(text).ok()) {
                headers.insert(name, value);
            }
        };
        put(IF_NONE_MATCH, self.etag.as_deref().and_then(origin_tag).as_deref());
        put(IF_MODIFIED_SINCE, self.last_modified.as_deref());
    }
}

/// The tag that the site itself gave, before the web server in front marked it as compressed.
///
/// nginx turns the tag of a page that it compresses into a weak one, Apache's mod_deflate and mod_brotli append
/// `-gzip` or `-br`; both then hand what we send on to a site (WordPress, for one) that compares texts, finds them
/// different and sends the whole body for ever, whatever If-Modified-Since says. `If-None-Match` compares weakly
/// (RFC 9110, 13.1.2), so `"x"` and `W/"x"` ask the same of everyone who follows the standard, and at worst we get a
/// body that turns out to be equal.
fn origin_tag(etag: &str) -> Option<String> {
    let quoted = etag.strip_prefix("W/").unwrap_or(etag);
    let Some(opaque) = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return (!quoted.is_empty()).then(|| quoted.to_owned());
    };
    let opaque = ["-gzip", "-br"].iter().find_map(|mark| opaque.strip_suffix(mark)).unwrap_or(opaque);
    Some(format!("\"{opaque}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_back_as_the_site_gave_them() {
        for (received, sent) in [
            ("\"abc\"", Some("\"abc\"")),
            ("W/\"abc\"", Some("\"abc\"")),
            ("\"5f-61-gzip\"", Some("\"5f-61\"")),
            ("W/\"5f-61-br\"", Some("\"5f-61\"")),
            ("\"\"", Some("\"\"")),
            ("bare", Some("bare")),
            ("\"half", Some("\"half")),
            ("", None),
            ("\"a\r\nX: b\"", None),
        ] {
            let mut headers = HeaderMap::new();
            let validators = Validators { etag: Some(received.to_owned()), last_modified: None };
            validators.put_into(&mut headers);
            assert_eq!(headers.get(IF_NONE_MATCH).map(|value| value.to_str().unwrap()), sent, "{received:?}");
        }
    }

    #[test]
    fn both_go_out_together() {
        let mut headers = HeaderMap::new();
        let date = "Wed, 21 Oct 2015 07:28:00 GMT";
        Validators { etag: Some("W/\"a\"".into()), last_modified: Some(date.into()) }.put_into(&mut headers);
        assert_eq!(
            (headers[IF_NONE_MATCH].as_bytes(), headers[IF_MODIFIED_SINCE].as_bytes()),
            (&b"\"a\""[..], date.as_bytes())
        );
    }
}
