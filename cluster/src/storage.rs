//! Where the Parquet files are: in the folder of the manifest, or in object storage.

use std::path::PathBuf;

#[cfg(feature = "object-storage")]
use datafusion::execution::context::SessionContext;
use url::Url;

use crate::engine::EngineError;
use crate::manifest::{FileSum, TablesError, check_file};

/// Where DataFusion reads the files of the tables.
pub enum Storage {
    /// A folder of this machine.
    Folder(PathBuf),
    /// Object storage, by an address as `s3://bucket/folder`.
    #[cfg(feature = "object-storage")]
    Objects(remote::Objects),
}

impl Storage {
    /// Object storage at an address; credentials and endpoint come from the environment.
    #[cfg(feature = "object-storage")]
    pub fn at(address: &str) -> Result<Storage, EngineError> {
        remote::Objects::open(address).map(Storage::Objects)
    }

    /// This build has none.
    #[cfg(not(feature = "object-storage"))]
    pub fn at(_: &str) -> Result<Storage, EngineError> {
        let why = "this build reads no object storage: build it with `cargo build --features object-storage`";
        Err(EngineError::Connect(why.to_owned()))
    }

    /// Makes the storage known to DataFusion, which knows folders by itself.
    #[cfg(feature = "object-storage")]
    pub fn register(&self, context: &SessionContext) {
        if let Storage::Objects(it) = self {
            it.register(context);
        }
    }

    /// A file as people know it.
    pub fn shown(&self, file: &FileSum) -> String {
        match self {
            Storage::Folder(folder) => folder.join(&file.name).display().to_string(),
            #[cfg(feature = "object-storage")]
            Storage::Objects(it) => it.url(file).map_or_else(|_| file.name.clone(), String::from),
        }
    }

    /// The address of a file. Paths become addresses too, so that no letter of a path is a pattern.
    pub fn url(&self, file: &FileSum) -> Result<Url, String> {
        match self {
            Storage::Folder(folder) => {
                let path = std::path::absolute(folder.join(&file.name)).map_err(|it| it.to_string())?;
                Url::from_file_path(&path).map_err(|()| format!("`{}` is no path", path.display()))
            }
            #[cfg(feature = "object-storage")]
            Storage::Objects(it) => it.url(file),
        }
    }

    /// Compares a file with what the manifest says: its size, and with `whole` its bytes.
    pub async fn check(&self, file: &FileSum, whole: bool) -> Result<(), TablesError> {
        match self {
            Storage::Folder(folder) => check_file(&folder.join(&file.name), file, whole),
            #[cfg(feature = "object-storage")]
            Storage::Objects(it) => it.check(file, whole).await,
        }
    }
}

#[cfg(feature = "object-storage")]
mod remote {
    use std::sync::Arc;

    use datafusion::execution::context::SessionContext;
    use futures::StreamExt;
    use object_store::path::Path;
    use object_store::{ObjectStore, ObjectStoreExt, parse_url_opts};
    use sha2::{Digest, Sha256};
    use url::Url;

    use crate::engine::EngineError;
    use crate::manifest::{FileSum, TablesError, hexadecimal};

    /// See [`super::Storage::Objects`].
    pub struct Objects {
        root: Url,
        folder: Path,
        store: Arc<dyn ObjectStore>,
    }

    impl Objects {
        pub fn open(address: &str) -> Result<Objects, EngineError> {
            let wrong = |why: &str| {
                EngineError::Connect(format!(
                    "`{address}` is no place of tables: {why}; write s3://BUCKET/FOLDER, gs://BUCKET/FOLDER or az://CONTAINER/FOLDER"
                ))
            };
            if address.starts_with(['/', '.']) || address.starts_with("file:") {
                return Err(wrong("a folder of this machine goes behind --tables"));
            }
            let mut root = Url::parse(address).map_err(|it| wrong(&it.to_string()))?;
            if root.query().is_some() || root.fragment().is_some() {
                return Err(wrong("it has a `?` or a `#`; in a name they are %3F and %23"));
            }
            if !matches!(root.scheme(), "s3" | "s3a" | "gs" | "az" | "abfs" | "abfss") {
                return Err(wrong("it has another scheme"));
            }
            // Names of files are put behind it.
            if !root.path().ends_with('/') {
                root.set_path(&format!("{}/", root.path()));
            }
            let (store, folder) = parse_url_opts(&root, settings()?).map_err(|it| wrong(&it.to_string()))?;
            // DataFusion takes the whole path of an address, and where a store takes less they would miss each other.
            if Path::from_url_path(root.path()).ok().as_ref() != Some(&folder) {
                return Err(wrong("its path names more than a folder"));
            }
            Ok(Objects { root, folder, store: Arc::from(store) })
        }

        pub fn register(&self, context: &SessionContext) {
            context.register_object_store(&self.root, Arc::clone(&self.store));
        }

        pub fn url(&self, file: &FileSum) -> Result<Url, String> {
            self.root.join(&file.name).map_err(|it| it.to_string())
        }

        pub async fn check(&self, file: &FileSum, whole: bool) -> Result<(), TablesError> {
            let shown = self.url(file).map_or_else(|_| file.name.clone(), String::from);
            let path = self.folder.clone().join(file.name.as_str());
            let unreadable = |error: object_store::Error| TablesError::Unreadable {
                path: shown.clone(),
                error: std::io::Error::other(reason(&error)),
            };
            let found = self.store.head(&path).await.map_err(unreadable)?.size;
            if found != file.bytes {
                return Err(TablesError::Size { path: shown, found, expected: file.bytes });
            }
            if whole {
                let mut hash = Sha256::new();
                let mut bytes = self.store.get(&path).await.map_err(unreadable)?.into_stream();
                while let Some(part) = bytes.next().await {
                    hash.update(part.map_err(unreadable)?);
                }
                if hexadecimal(&hash.finalize()) != file.sha256 {
                    return Err(TablesError::Hash { path: shown });
                }
            }
            Ok(())
        }
    }

    /// What the environment sets for clients of object storage, as far as it can be used: the clients take it as it is and end
    /// the program over what they cannot send.
    fn settings() -> Result<Vec<(String, String)>, EngineError> {
        let of_storage = |name: &str| ["AWS_", "GOOGLE_", "AZURE_"].iter().any(|it| name.starts_with(it));
        let mut settings = Vec::new();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str().filter(|it| of_storage(it)) else { continue };
            let wrong = |why: &str| EngineError::Connect(format!("the environment variable {name} {why}"));
            let value = value.to_str().ok_or_else(|| wrong("is no text"))?;
            if value.trim() != value || value.chars().any(char::is_control) {
                return Err(wrong("has spaces around it, or a line break or the like in it"));
            }
            if value.is_empty() {
                continue;
            }
            if name.contains("ENDPOINT") {
                let url = Url::parse(value).ok().filter(|it| matches!(it.scheme(), "http" | "https") && it.has_host());
                let url = url.ok_or_else(|| wrong("is no address: write https://HOST or http://HOST:PORT"))?;
                let is_allowed = std::env::var("AWS_ALLOW_HTTP").is_ok_and(|it| it.eq_ignore_ascii_case("true"));
                if name.starts_with("AWS_") && url.scheme() == "http" && !is_allowed {
                    return Err(wrong("is an address without TLS: set AWS_ALLOW_HTTP=true if that is meant"));
                }
            }
            settings.push((name.to_owned(), value.to_owned()));
        }
        Ok(settings)
    }

    /// What is to be done is said first; what the storage says comes behind it.
    fn reason(error: &object_store::Error) -> String {
        use object_store::Error;
        match error {
            Error::NotFound { .. } => "it is not there: is the address that of the exported files?".to_owned(),
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
                "the storage refuses the credentials of the environment".to_owned()
            }
            other => format!(
                "{} (credentials come from the environment, as in AWS_ACCESS_KEY_ID, else from the service that a machine in a cloud has for that)",
                other.to_string().lines().next().unwrap_or_default()
            ),
        }
    }
}
