//! Takes the two files of Swagger UI that `/docs` is made of out of the archive
//! that `utoipa-swagger-ui-vendored` pins, and packs each by itself. Embedding all
//! of it would add 2.6 MB to the binary. And takes the white space out of the OpenAPI
//! document, which is more than half of it.

use std::{
    borrow::Cow,
    env,
    error::Error,
    fs::{self, File},
    io::{self, Cursor},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

#[expect(clippy::disallowed_methods, reason = "a build script is told by variables")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets/openapi.json");
    let folder = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    let document = fs::read_to_string("assets/openapi.json")?;
    fs::write(Path::new(&folder).join("openapi.json"), compact(&document))?;
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    let names = archive.file_names().collect::<Result<Vec<_>, _>>()?;
    let names: Vec<String> = names.into_iter().map(Cow::into_owned).collect();
    for name in ["swagger-ui.css", "swagger-ui-bundle.js"] {
        // The archive's one folder has the version in its name.
        let path = names
            .iter()
            .find(|path| path.split_once('/').is_some_and(|(_, it)| it == format!("dist/{name}")));
        let mut packed = archive.by_name(path.ok_or(name)?)?;
        let file = File::create(Path::new(&folder).join(format!("{name}.gz")))?;
        let mut gzip = GzEncoder::new(file, Compression::best());
        io::copy(&mut packed, &mut gzip)?;
        gzip.finish()?;
    }
    Ok(())
}

/// JSON without white space between its tokens, in its order.
fn compact(json: &str) -> String {
    let (mut in_text, mut escaped) = (false, false);
    let is_kept = |character: &char| {
        let kept = in_text || !character.is_ascii_whitespace();
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = in_text,
            '"' => in_text = !in_text,
            _ => {}
        }
        kept
    };
    json.chars().filter(is_kept).collect()
}
