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
    pub fn connect(remote: &str, token: Option<&str>, root: &str) -> Result<Spark, EngineError> {
        let address = address(remote)?;
        listens(&address, CONNECT).map_err(|why| {
            EngineError::Connect(format!(
                "no Spark Connect server answers at {address}: {why}; is it running, and is there a route?"
            ))
        })?;
        let mut url = remote.to_owned();
        if let Some(token) = token {
            if !token.bytes().all(|it| it.is_ascii_graphic() && !b";=/".contains(&it) || it == b'=') {
                return Err(EngineError::Connect("the token has letters that no token has".to_owned()));
            }
            let separator = if url.contains("/;") { ";" } else { "/;" };
            url.push_str(&format!("{separator}token={token}"));
        }
        let is_secure = url.contains("use_ssl=true");
        let connected = within(Deadline::new(FIRST), None, move || {
            let session = SparkSession::builder().remote(&url).get_or_create()?;
            let version = session.version()?;
            Ok((session, version))
        });
        let (session, version) = connected.map_err(|error| match error {
            EngineError::Time(_) => EngineError::Connect(format!(
                "{address} takes connections and did not answer as Spark Connect within {} s: is it another service, or {}?",
                FIRST.as_secs(),
                if is_secure {
                    "has it a certificate that this machine does not trust (SSL_CERT_FILE names others)"
                } else {
                    "does it want TLS (;use_ssl=true)"
                }
            )),
            EngineError::Query(why) => EngineError::Connect(refusal(&address, &why)),
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

fn refusal(address: &str, why: &str) -> String {
    let lower = why.to_lowercase();
    if lower.contains("unauthenticated") || lower.contains("authentication") || lower.contains("token") {
        format!("the server at {address} does not accept the token: {why}")
    } else if lower.contains("unimplemented") {
        format!("the server at {address} is too old for this program: {why}")
    } else if lower.contains("cancel") {
        format!("the server at {address} ended the connection: does it want TLS (;use_ssl=true)? {why}")
    } else {
        format!("the server at {address} refused: {why}")
    }
}

/// HOST:PORT of an address.
fn address(remote: &str) -> Result<String, EngineError> {
    let rest = remote.strip_prefix("sc://").ok_or_else(|| {
        EngineError::Connect(format!("`{remote}` is no address of Spark Connect: write sc://HOST:15002"))
    })?;
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() {
        return Err(EngineError::Connect(format!("`{remote}` names no host: write sc://HOST:15002")));
    }
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    Ok(if has_port { host.to_owned() } else { format!("{host}:15002") })
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

    fn register(&mut self, table: &'static Table, _: &[FileSum]) -> Result<(), EngineError> {
        let path = format!("{}/{}-*.parquet", self.root, table.name);
        let session = self.session.clone();
        let found = within(Deadline::new(FIRST), Some(table.name), move || {
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
