//! Sample releases: a few pages read in full, so that a person sees what will come out.

use super::Ground;
use crate::cms::address::{Promise, promise};
use crate::crawl::Named;
use crate::extract::{self, Context, Page};
use crate::fetch::Response;
use crate::model::{Draft, PageState};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sample releases wanted.
const SAMPLES: usize = 5;
/// Pages asked for at most to find them.
const TRIES: usize = 15;

/// One page, fully read.
#[derive(Debug, Clone, Serialize)]
pub struct Sample {
    /// What was read.
    pub draft: Draft,
    /// Whether it would be a release, news or tribune.
    pub is_item: bool,
}

impl Sample {
    /// Whether it carries the mark of a translation machine.
    pub fn is_machine_translated(&self) -> bool {
        self.draft.machine_translated.is_some()
    }
}

/// Reads pages, the most promising first, until five are releases; each language of the site has its turn. What is no
/// release is given too where there is nothing better.
pub async fn some(ground: &Ground<'_>, stop: &AtomicBool) -> Vec<Sample> {
    let (mut items, mut others) = (Vec::new(), Vec::new());
    for named in order(ground).into_iter().take(TRIES) {
        if items.len() >= SAMPLES || stop.load(Ordering::Relaxed) {
            break;
        }
        let Ok(response) = ground.page(&named.url).await else { continue };
        if response.status != 200 {
            continue;
        }
        let sample = tokio::task::block_in_place(|| read(ground, named, &response));
        match sample.is_item {
            true => items.push(sample),
            false => others.push(sample),
        }
    }
    let missing = SAMPLES - items.len().min(SAMPLES);
    items.extend(others.into_iter().take(missing));
    items
}

/// Pages by promise: dated and full before bare links, new before old, one language after the other.
fn order<'a>(ground: &'a Ground<'_>) -> Vec<&'a Named> {
    let mut pages: Vec<&Named> = ground.pages().filter(|named| may_be_a_release(ground, named)).collect();
    pages.sort_by_cached_key(|named| {
        let said = &named.said;
        let published = said.iter().filter_map(|candidate| candidate.published).map(|date| date.to_string()).max();
        let best = said.iter().map(|candidate| candidate.source).min();
        (published.is_none(), best, std::cmp::Reverse(published), std::cmp::Reverse(named.url.len()))
    });
    let mut seen = HashSet::new();
    let (mut first_of_language, mut rest) = (Vec::new(), Vec::new());
    for named in pages {
        let path = url::Url::parse(&named.url).map(|url| url.path().to_owned()).unwrap_or_default();
        let prefix = ground.member.language_of(&path).map(|entry| entry.prefix.as_str()).unwrap_or_default();
        match seen.insert(prefix) {
            true => first_of_language.push(named),
            false => rest.push(named),
        }
    }
    first_of_language.truncate(3);
    first_of_language.extend(rest);
    first_of_language
}

fn may_be_a_release(ground: &Ground<'_>, named: &Named) -> bool {
    let said = &named.said;
    promise(&ground.member, &named.url) == Promise::Page
        && !said.iter().any(|candidate| candidate.protected || candidate.standing)
}

fn read(ground: &Ground<'_>, named: &Named, response: &Response) -> Sample {
    let page = Page {
        url: &response.url,
        content_type: response.header("content-type"),
        robots_tag: response.header("x-robots-tag"),
        body: &response.body,
    };
    let context = Context {
        member: Some(&ground.member),
        candidates: &named.said,
        standing: None,
        now: Some(ground.clock.now()),
    };
    let draft = extract::page(&page, &context);
    Sample { is_item: draft.state == PageState::Live && draft.kind.kind.is_item(), draft }
}
