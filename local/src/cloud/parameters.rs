//! SSM's Parameter Store, as far as secrets need it: put without overwriting, get. Kept
//! in a file that only its owner may read.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use shared::clock::Clock;

use crate::{
    data::{DataError, Folder, PARAMETERS},
    stack::{ACCOUNT, REGION},
};

use super::reply::{Fault, reply};

pub(super) struct Parameters {
    by_name: Mutex<BTreeMap<String, Parameter>>,
    folder: Option<Folder>,
    clock: Clock,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Parameter {
    value: String,
    r#type: String,
    version: u64,
    /// Seconds since the Unix epoch.
    modified_at: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    name: String,
    value: String,
    #[serde(default = "plain")]
    r#type: String,
    #[serde(default)]
    overwrite: bool,
}

fn plain() -> String {
    "String".to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Get {
    name: String,
    #[serde(default)]
    with_decryption: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetMany {
    names: Vec<String>,
    #[serde(default)]
    with_decryption: bool,
}

impl Parameters {
    pub(super) fn open(folder: Option<&Folder>, clock: Clock) -> Result<Self, DataError> {
        let parameters =
            folder.map(|folder| folder.read(PARAMETERS)).transpose()?.flatten().unwrap_or_default();
        Ok(Self { by_name: Mutex::new(parameters), folder: folder.cloned(), clock })
    }

    pub(super) fn call(&self, operation: &str, body: &[u8]) -> Response<Bytes> {
        reply(match operation {
            "PutParameter" => read(body).and_then(|request| self.put(request)),
            "GetParameter" => read(body).and_then(|request| self.get(&request)),
            "GetParameters" => read(body).map(|request| self.get_many(&request)),
            other => Err(Fault::unknown_operation(&format!("SSM operation {other}"))),
        })
    }

    fn put(&self, request: Put) -> Result<Value, Fault> {
        let mut parameters = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let version = match parameters.get(&request.name) {
            Some(_) if !request.overwrite => {
                let message = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
                return Err(Fault::new("ParameterAlreadyExists", message));
            }
            Some(present) => present.version + 1,
            None => 1,
        };
        let parameter = Parameter {
            value: request.value,
            r#type: request.r#type,
            version,
            modified_at: self.clock.now().seconds(),
        };
        parameters.insert(request.name, parameter);
        if let Some(folder) = &self.folder {
            folder
                .save(PARAMETERS, &*parameters)
                .map_err(|error| Fault::new("InternalServerError", error.to_string()))?;
        }
        Ok(json!({ "Version": version, "Tier": "Standard" }))
    }

    fn get(&self, request: &Get) -> Result<Value, Fault> {
        let parameters = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        match parameters.get(&request.name) {
            Some(parameter) => {
                Ok(json!({ "Parameter": parameter.show(&request.name, request.with_decryption) }))
            }
            None => Err(Fault::new("ParameterNotFound", "")),
        }
    }

    fn get_many(&self, request: &GetMany) -> Value {
        let parameters = self.by_name.lock().unwrap_or_else(PoisonError::into_inner);
        let (found, missing): (Vec<_>, Vec<_>) =
            request.names.iter().partition(|name| parameters.contains_key(*name));
        let found: Value = found
            .into_iter()
            .filter_map(|name| Some(parameters.get(name)?.show(name, request.with_decryption)))
            .collect();
        json!({ "Parameters": found, "InvalidParameters": missing })
    }
}

impl Parameter {
    fn show(&self, name: &str, decrypted: bool) -> Value {
        // A caller that omits the decryption must not get the plain text here either.
        let hidden = self.r#type == "SecureString" && !decrypted;
        json!({
            "Name": name,
            "Type": self.r#type,
            "Value": if hidden { "(encrypted)" } else { &self.value },
            "Version": self.version,
            "LastModifiedDate": self.modified_at,
            "ARN": format!("arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}"),
            "DataType": "text",
        })
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::malformed(&error))
}
