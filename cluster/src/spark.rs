//! Apache Spark, by Spark Connect.
//!
//! The client blocks and retries for up to an hour, so it works on a thread of its own and is waited for with a bound.

use std::net::{TcpStream, ToSocketAddrs};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use purvey::plan::{ColumnType, Table};
use spark_connect::row::Value;
use spark_connect::{DataType, SparkSession};

use crate::engine::{Deadline, Engine, EngineError};
use crate::interrupt;
use crate::manifest::FileSum;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the first answer of a server may take.
const FIRST: Duration = Duration::from_secs(60);
/// How often one looks whether the server still listens while it works.
const LOOK: Duration = Duration::from_secs(5);
/// So many times in a row that it does not before it counts as gone.
const GONE: u32 = 3;
/// The oldest version that was tried.
const OLDEST: u32 = 4;
/// Rows that wait to be taken.
const WAITING: usize = 4096;

/// See the module's page.
pub struct Spark {
    session: SparkSession,
    name: String,
    address: String,
    root: String,
}

/// What a thread that works for a session sends.
enum Sent {
    Row(Vec<Value>),
    Done(Result<(), String>),
}

impl Spark {
    /// Connects. `remote` is `sc://HOST:PORT` with options behind it; `root` is the folder of the tables as the cluster sees it.
    pub fn connect(remote: &str, token: Option<&str>, root: &str, deadline: Deadline) -> Result<Spark, EngineError> {
        let Address { host: address, mut url, is_secure } = Address::read(remote)?;
        listens(&address, deadline.left().min(CONNECT)).map_err(|why| {
            EngineError::Connect(format!(
                "no Spark Connect server answers at {address}: {why}; is it running, and is there a route?"
            ))
        })?;
        if let Some(token) = token {
            if !token.bytes().all(|it| it.is_ascii_graphic() && !b";=/".contains(&it) || it == b'=') {
                return Err(EngineError::Connect("the token has letters that no token has".to_owned()));
            }
            let separator = if url.contains("/;") { ";" } else { "/;" };
            url.push_str(&format!("{separator}token={token}"));
        }
        let deadline = deadline.within(FIRST);
        let connected = within(deadline, None, move || {
            let session = SparkSession::builder().remote(&url).get_or_create()?;
            let version = session.version()?;
            Ok((session, version))
        });
        let (session, version) = connected.map_err(|error| match error {
            EngineError::Time(_) => EngineError::Connect(format!(
                "{address} takes connections and did not answer as Spark Connect within {} s: is it another service, or {}?",
                deadline.limit.as_secs(),
                if is_secure {
                    "has it a certificate that this machine does not trust (SSL_CERT_FILE names others)"
                } else {
                    "does it want TLS (;use_ssl=true)"
                }
            )),
            EngineError::Query(why) => EngineError::Connect(refusal(&address, &why, is_secure)),
            other => other,
        })?;
        let major = version.split('.').next().and_then(|it| it.parse::<u32>().ok());
        if major.is_none_or(|it| it < OLDEST) {
            return Err(EngineError::Connect(format!(
                "the server at {address} is Spark {version}: {OLDEST}.0 or later is needed"
            )));
        }
        Ok(Spark { session, name: format!("Spark {version}"), address, root: root.trim_end_matches('/').to_owned() })
    }

    /// Rows of a statement as they come.
    fn run(
        &self,
        sql: &str,
        deadline: Deadline,
        mut take: impl FnMut(&[Value]) -> Result<bool, EngineError>,
    ) -> Result<(), EngineError> {
        let (send, receive) = sync_channel(WAITING);
        let (session, sql) = (self.session.clone(), sql.to_owned());
        thread::spawn(move || {
            let done = rows(&session, &sql, &send);
            // Nobody waits any more if this fails.
            let _ = send.send(Sent::Done(done));
        });
        let done = self.receive(&receive, deadline, &mut take);
        if done.is_err() {
            self.interrupt();
        }
        done
    }

    fn receive(
        &self,
        receive: &Receiver<Sent>,
        deadline: Deadline,
        take: &mut dyn FnMut(&[Value]) -> Result<bool, EngineError>,
    ) -> Result<(), EngineError> {
        let (mut looked, mut gone) = (Instant::now(), 0);
        loop {
            if interrupt::pressed() {
                return Err(EngineError::Interrupted);
            }
            if deadline.left().is_zero() {
                return Err(EngineError::Time(deadline.limit));
            }
            match receive.recv_timeout(deadline.left().min(Duration::from_millis(200))) {
                Ok(Sent::Row(values)) => {
                    if !take(&values)? {
                        self.interrupt();
                        return Ok(());
                    }
                }
                Ok(Sent::Done(Ok(()))) => return Ok(()),
                Ok(Sent::Done(Err(why))) if listens(&self.address, CONNECT).is_err() => {
                    return Err(EngineError::Query(format!("the server at {} no longer listens: {why}", self.address)));
                }
                Ok(Sent::Done(Err(why))) => return Err(EngineError::Query(why)),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(EngineError::Query("the client of Spark ended without a word".to_owned()));
                }
                Err(RecvTimeoutError::Timeout) if looked.elapsed() >= LOOK => {
                    gone = if listens(&self.address, CONNECT).is_ok() { 0 } else { gone + 1 };
                    if gone >= GONE {
                        return Err(EngineError::Query(format!("the server at {} no longer listens", self.address)));
                    }
                    looked = Instant::now();
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Tells the server to stop, and waits for that a moment only.
    fn interrupt(&self) {
        if listens(&self.address, Duration::from_secs(2)).is_ok() {
            let session = self.session.clone();
            let _ = within(Deadline::new(Duration::from_secs(10)), None, move || Ok(session.interrupt_all()?));
        }
    }
}

/// Runs a statement and sends its rows.
fn rows(session: &SparkSession, sql: &str, send: &SyncSender<Sent>) -> Result<(), String> {
    let failed = |it: &dyn std::fmt::Display| first_lines(&it.to_string());
    let frame = session.sql(sql).map_err(|it| failed(&it))?;
    for row in frame.to_local_iterator(false).map_err(|it| failed(&it))? {
        let row = row.map_err(|it| failed(&it))?;
        if send.send(Sent::Row(row.into_values())).is_err() {
            break;
        }
    }
    Ok(())
}

/// An error of Spark without the trace of its calls.
fn first_lines(text: &str) -> String {
    let lines = text.lines().take_while(|it| !it.trim_start().starts_with("at ") && !it.contains("JVM stacktrace"));
    lines.take(6).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn refusal(address: &str, why: &str, is_secure: bool) -> String {
    let lower = why.to_lowercase();
    if lower.contains("unauthenticated") || lower.contains("authentication") || lower.contains("token") {
        format!("the server at {address} does not accept the token: {why}")
    } else if lower.contains("unimplemented") {
        format!("the server at {address} is too old for this program: {why}")
    } else if is_secure {
        format!("the server at {address} refused: {why}")
    } else {
        // How a server that wants TLS ends a connection without it depends on who is first.
        format!("the server at {address} refused: {why}; is it Spark Connect, and does it want TLS (;use_ssl=true)?")
    }
}

/// An address of Spark Connect.
struct Address {
    /// `HOST:PORT`.
    host: String,
    /// As the client of Spark reads it: what is set stands behind `/;`.
    url: String,
    is_secure: bool,
}

impl Address {
    /// Reads `sc://HOST:PORT` with what is set behind it, as in `;use_ssl=true`.
    fn read(remote: &str) -> Result<Address, EngineError> {
        let wrong = |why: &str| EngineError::Connect(format!("`{remote}` is no address of Spark Connect: {why}"));
        let rest = remote.strip_prefix("sc://").ok_or_else(|| wrong("write sc://HOST:15002"))?;
        let (host, settings) = rest.split_once(';').map_or((rest, ""), |(host, settings)| (host, settings));
        let host = host.strip_suffix('/').unwrap_or(host);
        if host.is_empty() {
            return Err(wrong("it names no host: write sc://HOST:15002"));
        }
        if host.contains(['/', '@', '?', '#']) || host.chars().any(|it| it.is_whitespace() || it.is_control()) {
            return Err(wrong(
                "behind the host stands a port and then what is set, as in sc://HOST:15002;use_ssl=true",
            ));
        }
        let has_port = !host.ends_with(']') && host.contains(':');
        if has_port && host.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_err()) {
            return Err(wrong("its port is no number up to 65535"));
        }
        let mut is_secure = false;
        for setting in settings.split(';').filter(|it| !it.is_empty()) {
            match setting.split_once('=') {
                Some(("use_ssl", "true")) => is_secure = true,
                Some(("use_ssl", "false")) => {}
                Some(("use_ssl", _)) => return Err(wrong("use_ssl is true or false")),
                Some(("token", _)) => {
                    return Err(wrong(
                        "a token in an address is seen by others: give it by --token-file or PURVEY_SPARK_TOKEN",
                    ));
                }
                Some((name, _))
                    if name.starts_with("x-") || matches!(name, "user_id" | "user_agent" | "session_id") => {}
                _ => {
                    return Err(wrong(&format!(
                        "`{setting}` is nothing that can be set: there are use_ssl, user_id, user_agent, session_id, and names that begin with x-"
                    )));
                }
            }
        }
        let address = if has_port { host.to_owned() } else { format!("{host}:15002") };
        let url = if settings.is_empty() { format!("sc://{host}") } else { format!("sc://{host}/;{settings}") };
        Ok(Address { host: address, url, is_secure })
    }
}

/// Whether somebody takes connections there.
fn listens(address: &str, limit: Duration) -> Result<(), String> {
    let mut last = "the name stands for no address".to_owned();
    for it in address.to_socket_addrs().map_err(|it| it.to_string())? {
        match TcpStream::connect_timeout(&it, limit) {
            Ok(_) => return Ok(()),
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}

/// Work on a thread of its own, waited for until the deadline.
fn within<T: Send + 'static>(
    deadline: Deadline,
    table: Option<&str>,
    work: impl FnOnce() -> Result<T, Box<spark_connect::SparkError>> + Send + 'static,
) -> Result<T, EngineError> {
    let (send, receive) = sync_channel(1);
    thread::spawn(move || {
        let _ = send.send(work());
    });
    loop {
        if interrupt::pressed() {
            return Err(EngineError::Interrupted);
        }
        match receive.recv_timeout(deadline.left().min(Duration::from_millis(200))) {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => {
                let why = first_lines(&error.to_string());
                return Err(match table {
                    Some(table) => EngineError::Table { table: table.to_owned(), why },
                    None => EngineError::Query(why),
                });
            }
            Err(RecvTimeoutError::Timeout) if deadline.left().is_zero() => {
                return Err(EngineError::Time(deadline.limit));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(EngineError::Query("the client of Spark ended without a word".to_owned()));
            }
        }
    }
}

fn is_type(kind: ColumnType, found: &DataType) -> bool {
    match kind {
        ColumnType::Number => matches!(found, DataType::Long),
        ColumnType::Text => matches!(found, DataType::String { .. }),
        ColumnType::Bytes => matches!(found, DataType::Binary),
    }
}

impl Engine for Spark {
    fn name(&self) -> &str {
        &self.name
    }

    fn register(&mut self, table: &'static Table, _: &[FileSum], deadline: Deadline) -> Result<(), EngineError> {
        let path = format!("{}/{}-*.parquet", self.root, table.name);
        let session = self.session.clone();
        let found = within(deadline, Some(table.name), move || {
            let frame = session.read().parquet(&path);
            let schema = frame.schema()?;
            frame.create_or_replace_temp_view(table.name)?;
            Ok(schema)
        })?;
        let wrong = |why: String| EngineError::Table { table: table.name.to_owned(), why };
        let DataType::Struct { fields } = found else { return Err(wrong("it has no columns".to_owned())) };
        for (name, kind) in table.columns {
            match fields.iter().find(|it| it.name == *name) {
                None => return Err(wrong(format!("it has no column `{name}`"))),
                Some(it) if !is_type(*kind, &it.data_type) => {
                    let (is, should) = (it.data_type.simple_string(), kind.as_str());
                    return Err(wrong(format!("column `{name}` has the type {is} and should be {should}")));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn bytes(&mut self, sql: &str, deadline: Deadline, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), EngineError> {
        self.run(sql, deadline, |values| match values.first() {
            Some(Value::Binary(bytes)) => Ok(take(bytes)),
            other => Err(EngineError::Query(format!("bytes came as {other:?}"))),
        })
    }

    fn rows(
        &mut self,
        sql: &str,
        deadline: Deadline,
        take: &mut dyn FnMut(&[Option<i64>]) -> bool,
    ) -> Result<(), EngineError> {
        self.run(sql, deadline, |values| {
            let number = |value: &Value| match value {
                Value::Null => Ok(None),
                other => match other.as_i64() {
                    Some(it) => Ok(Some(it)),
                    None => Err(EngineError::Query(format!("a number came as {other:?}"))),
                },
            };
            let row = values.iter().map(number).collect::<Result<Vec<_>, _>>()?;
            Ok(take(&row))
        })
    }

    fn cancel(&mut self) {
        self.interrupt();
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_have_what_is_set_behind_the_host() {
        for (text, host, url, is_secure) in [
            ("sc://a", "a:15002", "sc://a", false),
            ("sc://a:1/", "a:1", "sc://a:1", false),
            ("sc://a:1;use_ssl=true", "a:1", "sc://a:1/;use_ssl=true", true),
            ("sc://a:1/;use_ssl=false;x-cluster=7", "a:1", "sc://a:1/;use_ssl=false;x-cluster=7", false),
            ("sc://[::1]:9", "[::1]:9", "sc://[::1]:9", false),
        ] {
            let Address { host: found, url: read, is_secure: secure } = Address::read(text).unwrap();
            assert_eq!((&*found, &*read, secure), (host, url, is_secure), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_before_anything_is_looked_up() {
        for (text, why) in [
            ("http://a", "write sc://HOST:15002"),
            ("sc://", "names no host"),
            ("sc://a:port", "no number"),
            ("sc://me@a:1", "behind the host"),
            ("sc://a:1/;use_ssl=maybe", "true or false"),
            ("sc://a:1/;token=abc", "--token-file"),
            ("sc://a:1/;ssl=true", "`ssl=true` is nothing"),
        ] {
            let error = Address::read(text).err().map(|it| it.to_string()).unwrap();
            assert!(error.contains(why) && error.contains(text), "{error}");
        }
    }
}
