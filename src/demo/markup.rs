//! The little markup of content files, as HTML: blocks between blank lines, inline HTML as it stands.

/// HTML of a text: `## ` heading, `**` strong, `- ` list, `> ` quotation, a block that begins with `<` as it is, else a paragraph.
pub(super) fn html(text: &str) -> String {
    let mut out = String::new();
    let text = bold(text);
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        if let Some(heading) = block.strip_prefix("## ") {
            out.push_str(&format!("<h2>{heading}</h2>\n"));
        } else if let Some(heading) = block.strip_prefix("### ") {
            out.push_str(&format!("<h3>{heading}</h3>\n"));
        } else if let Some(quotation) = block.strip_prefix("> ") {
            let quotation = quotation.replace("\n> ", " ");
            out.push_str(&format!("<blockquote><p>{quotation}</p></blockquote>\n"));
        } else if let Some(items) = block.strip_prefix("- ") {
            let items = items.replace("\n- ", "</li>\n<li>");
            out.push_str(&format!("<ul>\n<li>{items}</li>\n</ul>\n"));
        } else if is_block(block) {
            out.push_str(&format!("{block}\n"));
        } else {
            out.push_str(&format!("<p>{block}</p>\n"));
        }
    }
    out
}

/// `**words**` as `<strong>`.
fn bold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, part) in text.split("**").enumerate() {
        if number > 0 {
            out.push_str(if number % 2 == 1 { "<strong>" } else { "</strong>" });
        }
        out.push_str(part);
    }
    out
}

fn is_block(text: &str) -> bool {
    ["<p", "<div", "<figure", "<h", "<ul", "<ol", "<table", "<form", "<blockquote", "<section", "<img", "<svg"]
        .iter()
        .any(|tag| text.starts_with(tag))
}

/// French typography outside tags: no-break spaces by marks, numbers and quotation marks.
pub(super) fn french(html: &str) -> String {
    let letters: Vec<char> = html.chars().collect();
    let mut out = String::with_capacity(html.len() + 64);
    let mut inside = false;
    for (at, &letter) in letters.iter().enumerate() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ => {}
        }
        let tied = letter == ' ' && !inside && is_tied(&letters[..at], &letters[at + 1..]);
        out.push(if tied { '\u{a0}' } else { letter });
    }
    out
}

fn is_tied(before: &[char], after: &[char]) -> bool {
    let next = after.first().copied().unwrap_or(' ');
    let last = before.last().copied().unwrap_or(' ');
    let thousands = last.is_ascii_digit()
        && after.len() >= 3
        && after[..3].iter().all(char::is_ascii_digit)
        && !after.get(3).is_some_and(char::is_ascii_digit);
    last == '«' || thousands || matches!(next, ':' | ';' | '!' | '?' | '»' | '%' | '€')
}

/// What WordPress makes of a text (wptexturize): curly apostrophes, and references for marks outside ASCII's reach.
pub(super) fn texturised(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ => {}
        }
        match letter {
            _ if inside => out.push(letter),
            '\'' | '’' => out.push_str("&#8217;"),
            '–' => out.push_str("&#8211;"),
            '…' => out.push_str("&#8230;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            _ => out.push(letter),
        }
    }
    out
}

/// Plain text as it may stand in HTML or XML, in an attribute too.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
