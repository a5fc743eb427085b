//! What is counted, in the text form that Prometheus reads.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use std::{sync::Arc, time::Duration};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfMember {
    member: String,
}

/// Numbers of one running server. Cheap to clone; clones share the numbers.
#[derive(Clone)]
pub(super) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    generation: Gauge,
    releases: Family<OfMember, Gauge>,
    undated: Family<OfMember, Gauge>,
    failing: Family<OfMember, Gauge>,
    last_read: Family<OfMember, Gauge>,
}

impl Metrics {
    /// Everything at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("communique");
        let histogram: fn() -> Histogram = || Histogram::new(exponential_buckets(0.0005, 3.0, 10));
        let metrics = Metrics {
            registry: Arc::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            generation: Gauge::default(),
            releases: Family::default(),
            undated: Family::default(),
            failing: Family::default(),
            last_read: Family::default(),
        };
        registry.register("http_requests", "Answers given, by route and status", metrics.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time to an answer",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register("index_generation", "Newest batch that search knows", metrics.generation.clone());
        registry.register("member_releases", "Visible releases by member", metrics.releases.clone());
        registry.register("member_undated", "Visible releases without a date, by member", metrics.undated.clone());
        registry.register("member_failing", "1 while a member's site cannot be read", metrics.failing.clone());
        registry.register(
            "member_last_read_seconds",
            "When a member was last read, Unix time",
            metrics.last_read.clone(),
        );
        Metrics { registry: Arc::new(registry), ..metrics }
    }

    /// Counts one answer; `route` is the pattern of the address, never the address itself.
    pub fn count(&self, route: &str, status: u16, took: Duration) {
        self.requests.get_or_create(&Request { route: route.to_owned(), status }).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Notes how index and members stand, then writes everything.
    pub fn write(&self, generation: u64, members: &[crate::store::MemberStatus]) -> String {
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.generation.set(whole(generation));
        for status in members {
            let member = OfMember { member: status.id.to_string() };
            self.releases.get_or_create(&member).set(whole(status.releases));
            self.undated.get_or_create(&member).set(whole(status.undated));
            self.failing.get_or_create(&member).set(i64::from(status.failing.is_some()));
            if let Some(at) = status.last_read {
                self.last_read.get_or_create(&member).set(at.as_second());
            }
        }
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
