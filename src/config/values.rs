//! How single values are written in the files.

use super::section::kind_of_value;
use crate::model::{Cms, Kind, Lang, ThemeId};
use ipnet::IpNet;
use jiff::{civil::Date, tz::TimeZone};
use std::{net::IpAddr, net::SocketAddr, path::PathBuf, time::Duration};
use toml_edit::Value;

/// Units of durations, largest first, in milliseconds.
const DURATIONS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
/// Units of sizes, largest first, in bytes.
const SIZES: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

fn string(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("text in quotes is wanted, not {}", kind_of_value(value)))
}

/// Text with something in it, on one line.
pub(super) fn text(value: &Value) -> Result<String, String> {
    let text = string(value)?.trim();
    match text {
        "" => Err("text is wanted, not nothing".to_owned()),
        _ if text.chars().any(char::is_control) => Err("one line of text is wanted".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

pub(super) fn folder(value: &Value) -> Result<PathBuf, String> {
    text(value).map(PathBuf::from)
}

pub(super) fn flag(value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("true or false is wanted, not {}", kind_of_value(value)))
}

fn whole_number(value: &Value) -> Result<u64, String> {
    let number = value.as_integer().ok_or_else(|| format!("a whole number is wanted, not {}", kind_of_value(value)))?;
    u64::try_from(number).map_err(|_| format!("`{number}` is below zero"))
}

/// A count of at least one.
pub(super) fn count(value: &Value) -> Result<u32, String> {
    let number = whole_number(value)?;
    u32::try_from(number).ok().filter(|n| *n > 0).ok_or_else(|| format!("`{number}` is not between 1 and {}", u32::MAX))
}

/// A delay in whole milliseconds, zero to an hour.
pub(super) fn milliseconds(value: &Value) -> Result<Duration, String> {
    match whole_number(value)? {
        number @ 0..=3_600_000 => Ok(Duration::from_millis(number)),
        number => Err(format!("`{number}` milliseconds are more than an hour")),
    }
}

/// `"500ms"`, `"30s"`, `"15m"`, `"24h"`, `"400d"`; more than zero, at most ten years.
pub(super) fn duration(value: &Value) -> Result<Duration, String> {
    let wanted = |text: &str| format!("`{text}` is not a duration: use \"30s\", \"15m\", \"24h\" or \"7d\"");
    let text = match value {
        Value::Integer(number) => return Err(wanted(&number.value().to_string())),
        _ => string(value)?.trim(),
    };
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = text[digits.len()..].trim();
    let factor = DURATIONS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let milliseconds = digits.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    match milliseconds {
        Some(0) => Err(format!("`{text}` is no time at all")),
        Some(milliseconds) if milliseconds <= 3660 * 86_400_000 => Ok(Duration::from_millis(milliseconds)),
        Some(_) => Err(format!("`{text}` is more than ten years")),
        None => Err(wanted(text)),
    }
}

/// A duration in the form that [`duration`] reads.
pub(super) fn show_duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis() as u64;
    // Days only from a week on: a day is easier to see as "24h".
    let fits =
        |factor: u64, unit: &str| milliseconds.is_multiple_of(factor) && (unit != "d" || milliseconds >= 7 * factor);
    let (unit, factor) = DURATIONS.iter().find(|(unit, factor)| fits(*factor, unit)).copied().unwrap_or(("ms", 1));
    format!("{}{unit}", milliseconds / factor)
}

/// `"16MiB"` or whole bytes; at least 1 KiB, at most 4 GiB.
pub(super) fn size(value: &Value) -> Result<u64, String> {
    let (shown, bytes) = match value {
        Value::Integer(_) => {
            let bytes = whole_number(value)?;
            (bytes.to_string(), Some(bytes))
        }
        _ => {
            let text = string(value)?.trim();
            let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
            let unit = text[digits.len()..].trim();
            let factor = SIZES.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).map(|(_, factor)| *factor);
            (text.to_owned(), digits.parse::<u64>().ok().zip(factor).and_then(|(n, factor)| n.checked_mul(factor)))
        }
    };
    match bytes {
        Some(bytes) if (1 << 10..=4 << 30).contains(&bytes) => Ok(bytes),
        Some(_) => Err(format!("`{shown}` is not between 1 KiB and 4 GiB")),
        None => Err(format!("`{shown}` is not a size: use \"512KiB\" or \"16MiB\"")),
    }
}

/// A size in the form that [`size`] reads.
pub(super) fn show_size(bytes: u64) -> String {
    let unit = SIZES.iter().find(|(_, factor)| bytes.is_multiple_of(*factor));
    unit.map_or_else(|| bytes.to_string(), |(unit, factor)| format!("\"{}{unit}\"", bytes / factor))
}

/// `127.0.0.1:8080`, `[::1]:8080`.
pub(super) fn listener(value: &Value) -> Result<SocketAddr, String> {
    let text = string(value)?;
    text.parse()
        .map_err(|_| format!("`{text}` is not an address to listen on: use \"127.0.0.1:8080\" or \"[::]:8080\""))
}

/// A network such as `127.0.0.0/8`, or one address. Wider than /8 (IPv6: /16) opens far more than a person means.
pub(super) fn network(value: &Value) -> Result<IpNet, String> {
    let text = string(value)?;
    let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let net = net.map_err(|_| format!("`{text}` is not a network: use \"127.0.0.0/8\" or \"10.1.2.3\""))?;
    let narrowest = if net.addr().is_ipv4() { 8 } else { 16 };
    if net.prefix_len() < narrowest {
        return Err(format!("`{text}` is too wide: open /{narrowest} at most"));
    }
    Ok(net.trunc())
}

/// A `mailto:` or `https:` address that can stand in a header; empty for none.
pub(super) fn contact(value: &Value) -> Result<String, String> {
    let text = string(value)?.trim();
    let mail = text
        .strip_prefix("mailto:")
        .is_some_and(|to| to.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.')));
    let fits = text.bytes().all(|b| b.is_ascii_graphic());
    if text.is_empty() || fits && (mail || text.starts_with("https://")) {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is no contact: use \"mailto:webmaster@example.org\" or an https address"))
}

/// An http or https address without credentials.
pub(super) fn address(value: &Value) -> Result<url::Url, String> {
    let text = string(value)?.trim();
    let wanted = || format!("`{text}` is not an address: use \"https://example.org/\"");
    let url = url::Url::parse(text).map_err(|_| wanted())?;
    let plain = url.username().is_empty() && url.password().is_none() && url.host_str().is_some();
    if !matches!(url.scheme(), "http" | "https") || !plain {
        return Err(wanted());
    }
    Ok(url)
}

/// The address of the newsroom itself: a folder, so with a final slash.
pub(super) fn base_url(value: &Value) -> Result<Option<String>, String> {
    let mut url = address(value)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("`{url}` must end with its path"));
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(Some(url.into()))
}

/// `example.org` or `example.org:8080`: lower case, `www.` dropped.
pub(super) fn host(value: &Value) -> Result<(String, Option<u16>), String> {
    let text = string(value)?.trim();
    let wanted = || format!("`{text}` is not a host: use \"example.org\", without https:// and path");
    if text.contains(['/', '@', '?', '#', ' ']) {
        return Err(wanted());
    }
    let url = url::Url::parse(&format!("http://{text}/")).map_err(|_| wanted())?;
    host_of(&url).ok_or_else(wanted)
}

/// Host without `www.` and port where it is not the scheme's own.
pub(super) fn host_of(url: &url::Url) -> Option<(String, Option<u16>)> {
    let host = url.host_str()?.trim_end_matches('.');
    let bare = host.strip_prefix("www.").unwrap_or(host);
    (!bare.is_empty()).then(|| (bare.to_owned(), url.port()))
}

/// A path prefix such as `/en/`.
pub(super) fn path_prefix(value: &Value) -> Result<String, String> {
    let text = string(value)?.trim();
    if text.starts_with('/') { Ok(text.to_owned()) } else { Err(format!("`{text}` is not a path: start with a slash")) }
}

/// An address, or a path on the member's home: resolved there.
pub(super) fn reference(value: &Value) -> Result<String, String> {
    let text = string(value)?.trim();
    if text.starts_with('/') && !text.starts_with("//") {
        return Ok(text.to_owned());
    }
    address(value).map(Into::into).map_err(|problem| format!("{problem}, or a path such as \"/feed/\""))
}

pub(super) fn lang(value: &Value) -> Result<Lang, String> {
    string(value)?.parse::<Lang>().map_err(|error| error.to_string())
}

pub(super) fn kind(value: &Value) -> Result<Kind, String> {
    string(value)?.parse::<Kind>().map_err(|error| error.to_string())
}

pub(super) fn theme(value: &Value) -> Result<ThemeId, String> {
    ThemeId::new(string(value)?).map_err(|error| error.to_string())
}

pub(super) fn cms(value: &Value) -> Result<Cms, String> {
    match string(value)? {
        "wordpress" => Ok(Cms::Wordpress),
        "plain" => Ok(Cms::Plain),
        other => {
            Err(format!("`{other}` is no system we know: use \"wordpress\" or \"plain\", or leave it out to detect it"))
        }
    }
}

pub(super) fn timezone(value: &Value) -> Result<TimeZone, String> {
    let name = string(value)?;
    TimeZone::get(name).map_err(|_| format!("`{name}` is not a time zone: use a name such as \"Europe/Paris\""))
}

pub(super) fn selector(value: &Value) -> Result<String, String> {
    let text = text(value)?;
    match scraper::Selector::parse(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(format!("`{text}` is not a CSS selector")),
    }
}

/// The first day meant: `2022-07-01`, or `"2022-07"` and `"2022"` where no more is known.
pub(super) fn since(value: &Value) -> Result<Date, String> {
    days(value).map(|(first, _)| first)
}

/// The last day meant.
pub(super) fn until(value: &Value) -> Result<Date, String> {
    days(value).map(|(_, last)| last)
}

fn days(value: &Value) -> Result<(Date, Date), String> {
    let text = match value {
        Value::Datetime(date) => date.value().to_string(),
        _ => string(value)?.to_owned(),
    };
    let wanted = || format!("`{text}` is not a day: use 2022-07-01, or \"2022-07\" where only the month is known");
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let shaped = digits(parts[0], 4) && parts[1..].iter().all(|part| digits(part, 2)) && parts.len() <= 3;
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<i16>().ok());
    let year = number(0).filter(|year| shaped && (1900..=2100).contains(year)).ok_or_else(wanted)?;
    let day = |month: i16, day: i16| Date::new(year, month as i8, day as i8).map_err(|_| wanted());
    match (number(1), number(2)) {
        (None, _) => Ok((day(1, 1)?, day(12, 31)?)),
        (Some(month), None) => day(month, 1).map(|first| (first, first.last_of_month())),
        (Some(month), Some(number)) => day(month, number).map(|date| (date, date)),
    }
}

/// ISO 3166-1 alpha-2 in lower case.
pub(super) fn country(value: &Value) -> Result<String, String> {
    let text = string(value)?;
    let lower = text.to_ascii_lowercase();
    if lower.len() == 2 && COUNTRIES.split(' ').any(|code| code == lower) {
        return Ok(lower);
    }
    let hint =
        if lower == "uk" { ", did you mean \"gb\"?" } else { ": use its two letters of ISO 3166, such as \"sn\"" };
    Err(format!("`{text}` is not a country{hint}"))
}

const COUNTRIES: &str = "ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br \
    bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et fi \
    fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is \
    it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo \
    mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa \
    re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt \
    tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        text.parse().unwrap()
    }

    #[test]
    fn durations_and_sizes_read_back() {
        for text in ["1ms", "1500ms", "30s", "90s", "15m", "24h", "400d", "36h"] {
            let read = duration(&Value::from(text)).unwrap();
            assert_eq!(show_duration(read), text);
        }
        for bytes in [1024, 1500, 16 << 20, 64 << 20, 4 << 30] {
            assert_eq!(size(&value(&show_size(bytes))), Ok(bytes));
        }
        for bad in
            ["\"\"", "\"30\"", "\"s\"", "\"-3s\"", "\"0s\"", "\"99999999999d\"", "\"1 week\"", "30", "true", "\"é\""]
        {
            assert!(duration(&value(bad)).is_err(), "{bad}");
        }
        for bad in ["\"\"", "\"16\"", "\"16MB\"", "0", "-1", "\"9999999999999GiB\""] {
            assert!(size(&value(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_may_be_months_or_years() {
        for (text, first, last) in [
            ("2022-07-03", "2022-07-03", "2022-07-03"),
            ("\"2022-07-03\"", "2022-07-03", "2022-07-03"),
            ("\"2022-07\"", "2022-07-01", "2022-07-31"),
            ("\"2020-02\"", "2020-02-01", "2020-02-29"),
            ("\"2022\"", "2022-01-01", "2022-12-31"),
        ] {
            assert_eq!(since(&value(text)).unwrap().to_string(), first);
            assert_eq!(until(&value(text)).unwrap().to_string(), last);
        }
        for bad in [
            "\"2022-13\"",
            "\"2022-02-30\"",
            "\"July 2022\"",
            "2022",
            "\"9999-01-01\"",
            "\"2022-7\"",
            "\"-\"",
            "10:00:00",
            "2022-07-03T10:00:00Z",
        ] {
            assert!(since(&value(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn hosts_lose_what_is_no_part_of_them() {
        assert_eq!(host(&Value::from("WWW.Example.org")), Ok(("example.org".to_owned(), None)));
        assert_eq!(host(&Value::from("example.localhost:8471")), Ok(("example.localhost".to_owned(), Some(8471))));
        for bad in ["https://example.org", "example.org/a", "a@b", "", "exa mple.org"] {
            assert!(host(&Value::from(bad)).is_err(), "{bad}");
        }
    }
}
