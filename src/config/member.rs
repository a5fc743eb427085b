//! `members/<id>.toml` as a member.

use super::{
    mistake::{File, Report},
    section::{Section, kind_of},
    values,
};
use crate::model::{Category, Host, LanguagePrefix, Member, MemberId, Name, Rules, ThemeId};
use jiff::{civil::Date, tz::TimeZone};
use toml_edit::Item;

/// Where dates without a zone are told, unless the file says otherwise.
pub(super) const DEFAULT_TIMEZONE: &str = "Europe/Paris";

/// The keys a member file may have at its top.
#[rustfmt::skip]
pub(super) const TOP: &[&str] = &[
    "categories", "cms", "exclude", "feeds", "home", "hosts", "id", "lang", "languages", "listings", "name", "names",
    "parameters", "protected_names", "rules", "sitemaps", "timezone",
];

/// A member, and the lines of what has to agree with other files.
pub(super) struct ReadMember<'a> {
    pub(super) file: &'a File,
    pub(super) member: Member,
    /// The line of each host, in the order of the member's.
    pub(super) host_lines: Vec<usize>,
    /// The themes of the crosswalk with their lines.
    pub(super) themes: Vec<(ThemeId, usize)>,
}

/// Reads one member file. `None` when what every member needs is missing or wrong; the report says it.
pub(super) fn read<'a>(file: &'a File, root: &Section<'a>) -> Option<ReadMember<'a>> {
    let id = id(file, root);
    let names = names(root);
    let home = root.need("home", values::address, "\"https://example.org/\"");
    let (hosts, host_lines) = hosts(root, home.as_ref());
    let languages = languages(root);
    let mut themes = Vec::new();
    let categories = categories(root, &mut themes);
    let mut rules: Vec<Rules> = root.tables("rules").into_iter().map(rules_of).collect();
    rules.sort_by_key(|rules| std::cmp::Reverse((rules.until.unwrap_or(Date::MAX), rules.since)));
    let addresses = |key| references(root, key, home.as_ref(), &hosts);
    let (feeds, sitemaps, listings) = (addresses("feeds"), addresses("sitemaps"), addresses("listings"));
    let strings = |key, reading| root.list(key, reading).into_iter().map(|(value, _)| value).collect::<Vec<String>>();
    let mut protected_names = strings("protected_names", values::text);
    for name in &names {
        if !protected_names.contains(&name.name) {
            protected_names.push(name.name.clone());
        }
    }
    let zone = root.get("timezone", values::timezone).or_else(|| TimeZone::get(DEFAULT_TIMEZONE).ok());
    let (cms, parameters, exclude) =
        (root.get("cms", values::cms), strings("parameters", values::text), strings("exclude", values::path_prefix));
    let member = Member {
        id: id?,
        names: (!names.is_empty()).then_some(names)?,
        home: home?.into(),
        hosts,
        languages: (!languages.is_empty()).then_some(languages)?,
        cms,
        feeds,
        sitemaps,
        listings,
        parameters,
        exclude,
        timezone: zone.unwrap_or(TimeZone::UTC),
        rules,
        categories,
        protected_names,
    };
    Some(ReadMember { file, member, host_lines, themes })
}

/// The id is the name of the file; written inside, it must be the same.
fn id(file: &File, root: &Section<'_>) -> Option<MemberId> {
    let stem = file.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let written = root.get("id", values::text);
    if let Some(written) = &written
        && written != stem
    {
        root.wrong("id", format!("`id` is `{written}`, but the file is called {stem}.toml: both must be the same"));
    }
    MemberId::new(stem).map_err(|error| root.wrong("id", format!("the name of the file: {error}"))).ok()
}

/// `name`, or `[[names]]` oldest first.
fn names(root: &Section<'_>) -> Vec<Name> {
    let simple = root.get("name", values::text);
    let sections = root.tables("names");
    if root.has("name") && root.has("names") {
        root.wrong("name", "give either `name` or [[names]]");
    }
    if !root.has("name") && !root.has("names") {
        root.wrong(
            "name",
            "`name` is missing, for example: name = \"Example association\", or [[names]] with since and until",
        );
    }
    let mut names: Vec<Name> = simple.map(|name| Name { name, since: None, until: None }).into_iter().collect();
    for section in sections {
        let (since, until) = period(&section);
        if let Some(name) = section.need("name", values::text, "\"Example association\"") {
            names.push(Name { name, since, until });
        }
        section.finish();
    }
    names.sort_by_key(|name| (name.until.unwrap_or(Date::MAX), name.since));
    if names.last().is_some_and(|name| name.until.is_some()) {
        root.wrong("names", "no name is in use today: leave out `until` of the current one");
    }
    names
}

/// `since` and `until` of a table, in the right order.
fn period(section: &Section<'_>) -> (Option<Date>, Option<Date>) {
    let (since, until) = (section.get("since", values::since), section.get("until", values::until));
    if let (Some(from), Some(to)) = (since, until)
        && to < from
    {
        section.wrong("until", format!("`until` ({to}) is before `since` ({from})"));
    }
    (since, until)
}

/// The host of `home`, then `[[hosts]]`; each with its line.
fn hosts(root: &Section<'_>, home: Option<&url::Url>) -> (Vec<Host>, Vec<usize>) {
    let (mut hosts, mut lines): (Vec<Host>, Vec<usize>) = (Vec::new(), Vec::new());
    for section in root.tables("hosts") {
        let (since, until) = period(&section);
        if let Some((name, port)) = section.need("name", values::host, "\"example.org\"") {
            if hosts.iter().any(|known| known.name == name && known.port == port) {
                section.wrong("name", format!("host `{name}` stands here twice"));
            }
            hosts.push(Host { name, port, since, until });
            lines.push(section.line_of("name"));
        }
        section.finish();
    }
    if let Some((name, port)) = home.and_then(values::host_of)
        && !hosts.iter().any(|known| known.name == name && known.port == port)
    {
        hosts.insert(0, Host { name, port, since: None, until: None });
        lines.insert(0, root.line_of("home"));
    }
    (hosts, lines)
}

/// `lang` and `[languages]`, longest prefix first.
fn languages(root: &Section<'_>) -> Vec<LanguagePrefix> {
    let mut languages = Vec::new();
    if let Some(lang) = root.get("lang", values::lang) {
        languages.push(LanguagePrefix { prefix: "/".to_owned(), lang, machine_translated: false });
    }
    let section = root.table("languages");
    for (prefix, item, line) in section.iter().flat_map(Section::entries) {
        let section = section.as_ref().map_or(root, |section| section);
        if !prefix.starts_with('/') || !prefix.ends_with('/') {
            section.wrong(prefix, format!("`{prefix}` is not a path prefix: use \"/en/\", with both slashes"));
            continue;
        }
        if prefix == "/" && root.has("lang") {
            section.wrong(prefix, "the language of `/` stands here and in `lang`: leave one out");
            continue;
        }
        languages.extend(language(section, prefix, item, line));
    }
    if !root.has("lang") && !section.as_ref().is_some_and(|section| section.has("/")) {
        root.wrong("languages", "the language of the site is missing, for example: lang = \"fr\"");
    }
    languages.sort_by(|a, b| b.prefix.len().cmp(&a.prefix.len()).then_with(|| a.prefix.cmp(&b.prefix)));
    languages
}

/// `"/en/" = "en"` or `"/en/" = { lang = "en", machine_translated = true }`.
fn language<'a>(section: &Section<'a>, prefix: &str, item: &'a Item, line: usize) -> Option<LanguagePrefix> {
    let prefix_text = prefix.to_owned();
    if let Some(table) = item.as_table_like() {
        let entry = section.within(table, line);
        let lang = entry.need("lang", values::lang, "\"en\"");
        let machine_translated = entry.get("machine_translated", values::flag).unwrap_or(false);
        entry.finish();
        return Some(LanguagePrefix { prefix: prefix_text, lang: lang?, machine_translated });
    }
    let Some(value) = item.as_value() else {
        section.wrong(prefix, format!("`{prefix}`: a language is wanted, not {}", kind_of(item)));
        return None;
    };
    match values::lang(value) {
        Ok(lang) => Some(LanguagePrefix { prefix: prefix_text, lang, machine_translated: false }),
        Err(problem) => {
            section.wrong(prefix, format!("`{prefix}`: {problem}"));
            None
        }
    }
}

fn categories(root: &Section<'_>, themes: &mut Vec<(ThemeId, usize)>) -> Vec<Category> {
    let mut categories = Vec::new();
    for section in root.tables("categories") {
        let name = section.need("name", values::text, "\"Press releases\"");
        let category = Category {
            name: name.unwrap_or_default(),
            kind: section.get("kind", values::kind),
            theme: section.get("theme", values::theme),
            country: section.get("country", values::country),
        };
        if !["kind", "theme", "country"].iter().any(|key| section.has(key)) {
            section.wrong("name", "a category wants one of `kind`, `theme` and `country`");
        }
        themes.extend(category.theme.clone().map(|theme| (theme, section.line_of("theme"))));
        section.finish();
        categories.push(category);
    }
    categories
}

fn rules_of(section: Section<'_>) -> Rules {
    let (since, until) = period(&section);
    let rules = Rules {
        since,
        until,
        title: section.get("title", values::selector),
        date: section.get("date", values::selector),
        content: section.get("content", values::selector),
        remove: section.list("remove", values::selector).into_iter().map(|(value, _)| value).collect(),
    };
    if !["title", "date", "content", "remove"].iter().any(|key| section.has(key)) {
        section.wrong("since", "a rule wants one of `title`, `date`, `content` and `remove`");
    }
    section.finish();
    rules
}

/// Addresses on hosts of the member; paths are resolved on its home.
fn references(root: &Section<'_>, key: &'static str, home: Option<&url::Url>, hosts: &[Host]) -> Vec<String> {
    let mut addresses = Vec::new();
    for (text, line) in root.list(key, values::reference) {
        let Some(url) = home.and_then(|home| home.join(&text).ok()) else { continue };
        let own = values::host_of(&url);
        if !own.is_some_and(|(name, port)| hosts.iter().any(|host| host.name == name && host.port == port)) {
            root.wrong_at(line, format!("`{key}`: {url} is on no host of this member: add it under [[hosts]]"));
            continue;
        }
        addresses.push(url.into());
    }
    addresses
}

/// Reads the root table of a member file and reports what is left over.
pub(super) fn read_file<'a>(file: &'a File, report: &'a Report, table: &'a toml_edit::Table) -> Option<ReadMember<'a>> {
    let root = Section::top(file, report, table, TOP);
    let member = read(file, &root);
    root.finish();
    member
}
