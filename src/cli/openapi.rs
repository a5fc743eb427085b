//! `communique openapi`: the description of the API, as the server gives it.

use super::{Failure, Global};
use crate::api;
use clap::Args;

/// Print the OpenAPI 3.1 description of the JSON API.
#[derive(Debug, Args)]
pub struct Openapi {
    /// Address that the description names as its server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080/")]
    base_url: String,
}

/// Runs the command.
pub fn run(command: &Openapi, _global: &Global) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(&api::document(&command.base_url)).map_err(Failure::new)?;
    println!("{text}");
    Ok(())
}
