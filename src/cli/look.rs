//! One look at one address, for the commands that read files and addresses alike.

use super::{Failure, Global, house, system_clock};
use crate::{
    config::FetchSettings,
    fetch::{self, Request, Response},
};

/// Whether an argument is an address and not a file.
pub fn is_address(argument: &str) -> bool {
    argument.starts_with("http://") || argument.starts_with("https://")
}

/// Fetches one address, with the settings of the configuration where there is one. An answer other than 2xx is a
/// failure.
pub fn look(request: Request, global: &Global) -> Result<Response, Failure> {
    let settings = match global.config.join("communique.toml").exists() {
        true => house::configuration(global)?.settings.fetch,
        false => FetchSettings::default(),
    };
    let url = request.url.clone();
    let answer = fetch::look(&settings, system_clock(), request).map_err(Failure::new)?;
    let response = answer.map_err(|problem| Failure::new(format!("{url}: {problem}")))?;
    match response.status {
        200..=299 => Ok(response),
        status => Err(Failure::new(format!("{url} answered {status}"))),
    }
}
