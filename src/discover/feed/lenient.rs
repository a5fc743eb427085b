//! # What was this JSON meant to be?
//!
//! Mends what programs that glue JSON together get wrong: line ends and tabs within texts, commas before a closing
//! bracket, comments, escapes that do not exist, and a document that was cut: it is closed after its last whole value.

/// The same document with these faults mended. Sound JSON comes back as it was, but for white space.
pub(super) fn mended(text: &str) -> String {
    let mut scan = Scan { out: String::with_capacity(text.len()), open: Vec::new(), whole: (0, 0) };
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let used = match letter {
            '"' => match scan.string(&rest[1..]) {
                Some(used) => used + 1,
                None => break, // cut within a text
            },
            '{' | '[' => {
                scan.open.push(if letter == '{' { '}' } else { ']' });
                scan.out.push(letter);
                1
            }
            '}' | ']' => {
                scan.close(letter);
                1
            }
            ',' => {
                scan.whole = (scan.out.trim_end().len(), scan.open.len());
                scan.out.push(',');
                1
            }
            'a'..='z' | 'A'..='Z'
                if !scan.out.ends_with(|before: char| before.is_ascii_digit() || ".+-".contains(before)) =>
            {
                scan.word(rest)
            }
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ => {
                scan.out.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[used..];
        if scan.open.is_empty() && letter != '/' && !letter.is_whitespace() {
            return scan.out; // the document is complete; what follows is none of it
        }
    }
    let (end, depth) = scan.whole;
    scan.out.truncate(end);
    while scan.open.len() > depth {
        scan.open.pop();
    }
    scan.out.extend(scan.open.iter().rev());
    scan.out
}

struct Scan {
    out: String,
    /// The brackets that close what is open.
    open: Vec<char>,
    /// Length of the output up to the last whole value, and how many brackets were open there.
    whole: (usize, usize),
}

impl Scan {
    fn close(&mut self, bracket: char) {
        while let Some(expected) = self.open.pop() {
            let kept = self.out.trim_end().trim_end_matches(',').len();
            self.out.truncate(kept);
            self.out.push(expected);
            if expected == bracket {
                break;
            }
        }
        self.whole = (self.out.len(), self.open.len());
    }

    /// Writes a word outside of texts as the value of JSON that it stands for; its length.
    fn word(&mut self, text: &str) -> usize {
        let length = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
        self.out.push_str(match &text[..length] {
            "true" | "True" => "true",
            "false" | "False" => "false",
            _ => "null",
        });
        length
    }

    /// Copies a text that starts after its quotation mark; how long it is, its end included.
    fn string(&mut self, text: &str) -> Option<usize> {
        let start = self.out.len();
        self.out.push('"');
        let mut letters = text.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.out.push('"');
                    return Some(at + 1);
                }
                '\\' => {
                    let (_, escaped) = letters.next()?;
                    if !"\"\\/bfnrtu".contains(escaped) {
                        self.out.push(escaped);
                        continue;
                    }
                    self.out.push('\\');
                    self.out.push(escaped);
                }
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                control if control < ' ' => {}
                letter => self.out.push(letter),
            }
        }
        self.out.truncate(start);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn faults_are_mended_and_cuts_closed() {
        let cases = [
            ("{\"a\": [1, 2,], }", "{\"a\": [1, 2]}"),
            ("{\"a\": \"x\ny\tz\", // c\n\"b\": 1}", "{\"a\": \"x\\ny\\tz\", \n\"b\": 1}"),
            ("{\"a\": NaN, \"b\": True, \"c\": 1e5}", "{\"a\": null, \"b\": true, \"c\": 1e5}"),
            ("{\"a\": \"it\\'s\"}", "{\"a\": \"it's\"}"),
            ("{\"items\": [{\"a\": 1}, {\"b\": 2, \"c\": \"x", "{\"items\": [{\"a\": 1}, {\"b\": 2}]}"),
            ("{\"items\": [{\"a\": 1}", "{\"items\": [{\"a\": 1}]}"),
            ("{\"a\": {\"b\": [1, 2", "{\"a\": {\"b\": [1]}}"),
            ("{\"a\": 1} trailing", "{\"a\": 1}"),
            ("{\"a\": [1}", "{\"a\": [1]}"),
            ("", ""),
            ("{", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(mended(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn sound_json_keeps_its_meaning(n in 0..100u32, text in "\\PC{0,20}", list in proptest::collection::vec("[a-z\"\\\\/]{0,5}", 0..4)) {
            let sound = serde_json::json!({"n": n, "t": text, "l": list});
            let again: serde_json::Value = serde_json::from_str(&mended(&sound.to_string())).unwrap();
            proptest::prop_assert_eq!(sound, again);
        }
    }
}
