//! Packs what `web` serves, at build time: the OpenAPI document and the part of each
//! group, the pages of problems and of domain events, Swagger UI, `ReDoc`, the pages of
//! accounts and of events, and the components of pages. What is served is in the binary once, packed by
//! gzip; a client without it is rare and gets it unpacked.

#[path = "build/document.rs"]
mod document;
#[path = "build/pages.rs"]
mod pages;

use std::{
    borrow::Cow,
    env,
    error::Error,
    fmt::Write as _,
    fs,
    hash::{DefaultHasher, Hasher as _},
    io::{Cursor, Read as _, Write as _},
    path::{Path, PathBuf},
};

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder},
};
use serde_json::Value;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

type Done<T = ()> = Result<T, Box<dyn Error>>;

/// Files that are served as they are: the path, and the file below `assets`.
const FILES: [(&str, &str); 5] = [
    ("/docs", "docs/docs.html"),
    ("/docs/docs.js", "docs/docs.js"),
    ("/docs/pages.css", "docs/pages.css"),
    ("/redoc", "docs/redoc.html"),
    ("/redoc/redoc.js", "docs/redoc.js"),
];

/// Folders below `assets` that are served whole. A page's path has no extension; `index.html`
/// is the page of its folder, and a name in braces stands for every name (`Asset::find`).
const FOLDERS: [&str; 3] = ["account", "components", "events"];

/// The two files of Swagger UI. Embedding all of it would add 2.6 MB.
const SWAGGER_UI: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

#[expect(clippy::disallowed_methods, reason = "a build script is told by variables")]
fn main() -> Done {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=assets");
    println!("cargo::rerun-if-changed=../../docs/events");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    let mut assets = Assets { folder, table: String::new(), count: 0 };
    for (path, file) in FILES {
        assets.add(path, &fs::read(Path::new("assets").join(file))?)?;
    }
    for folder in FOLDERS {
        add_folder(&mut assets, Path::new(folder))?;
    }
    assets.add_packed("/redoc/redoc.standalone.js", &fs::read("assets/docs/redoc.standalone.js.gz")?)?;
    add_swagger_ui(&mut assets)?;
    let document: Value = serde_json::from_str(&fs::read_to_string("assets/openapi.json")?)?;
    assets.add_document("/openapi.json", &document)?;
    for tag in document::tags(&document) {
        assets.add_document(&format!("/openapi/{tag}.json"), &document::part(&document, tag))?;
        for page in ["docs", "redoc"] {
            assets.add(&format!("/{page}/{tag}"), &fs::read(format!("assets/docs/{page}.html"))?)?;
        }
    }
    for (path, page) in pages::problems(&document) {
        assets.add(&path, page.as_bytes())?;
    }
    let events: Vec<Value> = serde_json::from_str(&fs::read_to_string("assets/events.json")?)?;
    assets.add("/domain-events", pages::events(&events).as_bytes())?;
    for kind in events.iter().filter_map(|event| event["type"].as_str()) {
        let schema = fs::read(format!("../../docs/events/{kind}.schema.json"))?;
        assets.add(&format!("/domain-events/{kind}.schema.json"), &schema)?;
    }
    let lint = "#[expect(clippy::unreadable_literal, reason = \"nobody reads them\")]";
    let table = format!("{lint}\nconst ASSETS: &[Asset] = &[\n{}];\n", assets.table);
    fs::write(assets.folder.join("assets.rs"), table)?;
    Ok(())
}

/// Adds the files of a folder below `assets`, and of the folders in it.
fn add_folder(assets: &mut Assets, folder: &Path) -> Done {
    for entry in fs::read_dir(Path::new("assets").join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            add_folder(assets, &path)?;
        } else {
            let path = path.to_str().ok_or("a file's name is no text")?;
            let path =
                path.strip_suffix(".html").map_or(path, |page| page.strip_suffix("/index").unwrap_or(page));
            let path = format!("/{path}");
            assets.add(&path, &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn add_swagger_ui(assets: &mut Assets) -> Done {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    let names = archive.file_names().collect::<Result<Vec<_>, _>>()?;
    let names: Vec<String> = names.into_iter().map(Cow::into_owned).collect();
    for name in SWAGGER_UI {
        // The archive's one folder has the version in its name.
        let path = names
            .iter()
            .find(|path| path.split_once('/').is_some_and(|(_, it)| it == format!("dist/{name}")));
        let mut content = Vec::new();
        archive.by_name(path.ok_or(name)?)?.read_to_end(&mut content)?;
        assets.add(&format!("/docs/{name}"), &content)?;
    }
    Ok(())
}

/// The packed files in `OUT_DIR`, and the source of the table that names them.
struct Assets {
    folder: PathBuf,
    table: String,
    count: usize,
}

impl Assets {
    fn add(&mut self, path: &str, content: &[u8]) -> Done {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(content)?;
        self.add_packed(path, &gzip.finish()?)
    }

    fn add_packed(&mut self, path: &str, packed: &[u8]) -> Done {
        let file = self.write(packed)?;
        self.row(path, packed, &format!("Packed::Whole(include_bytes!({file:?}))"))
    }

    /// Adds a document but for its beginning, which names the server: that is known
    /// where it is served.
    fn add_document(&mut self, path: &str, document: &Value) -> Done {
        let mut rest = document.clone();
        rest.as_object_mut().ok_or("the document is no object")?.remove("servers");
        let text = rest.to_string();
        let rest = text.strip_prefix('{').ok_or("the document is no object")?.as_bytes();
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
        deflate.write_all(rest)?;
        let packed = deflate.finish()?;
        let file = self.write(&packed)?;
        let (checksum, length) = (crc32fast::hash(rest), u32::try_from(rest.len())?);
        let rest = format!(
            "Packed::Rest {{ bytes: include_bytes!({file:?}), checksum: {checksum:#x}, length: {length} }}"
        );
        self.row(path, &packed, &rest)
    }

    fn write(&mut self, packed: &[u8]) -> Done<String> {
        self.count += 1;
        let file = self.folder.join(format!("{}.packed", self.count));
        fs::write(&file, packed)?;
        Ok(file.display().to_string())
    }

    fn row(&mut self, path: &str, packed: &[u8], expression: &str) -> Done {
        let extension = Path::new(path).extension().and_then(|it| it.to_str());
        let content_type = match extension {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("json") => "application/json",
            _ => "text/html; charset=utf-8",
        };
        let mut hasher = DefaultHasher::new();
        hasher.write(packed);
        writeln!(
            self.table,
            "Asset {{ path: {path:?}, content_type: {content_type:?}, tag: \"{:016x}\", packed: {expression} }},",
            hasher.finish()
        )?;
        Ok(())
    }
}
