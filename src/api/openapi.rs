//! OpenAPI 3.1, from the code.

use super::{answer, item, lists, problem, routes};
use utoipa::OpenApi;
use utoipa::openapi::{Contact, Server};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Communiqué API",
        description = "Press releases of the members of an alliance: search, single releases, themes, members and countries. \
            Reads only, no key. Parameters are strict: an unknown one is an error.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "releases", description = "Search and single releases"),
        (name = "search", description = "Help while typing"),
        (name = "lists", description = "What can be filtered by"),
    ),
    paths(
        routes::releases, routes::release, routes::related, lists::suggest, lists::themes, lists::members,
        lists::countries,
    ),
    components(schemas(answer::Answer, item::Item, problem::Problem)),
)]
struct Description;

/// The description, served at `base_url` (with a final slash).
pub fn document(base_url: &str) -> utoipa::openapi::OpenApi {
    let mut document = Description::openapi();
    document.info.contact = Some(Contact::builder().name(Some("The newsroom")).url(Some(base_url)).build());
    // Reads need no key: said, because silence could mean that it was forgotten.
    document.security = Some(Vec::new());
    document.servers = Some(vec![Server::new(base_url.trim_end_matches('/'))]);
    document
}
