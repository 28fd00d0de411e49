//! Chromium without a window, asked over the pipes of its protocol for developers.
//! <https://chromedevtools.github.io/devtools-protocol/>

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

/// A page that is open.
pub struct Browser {
    child: Child,
    to: File,
    from: mpsc::Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// What the browser told without being asked.
    pub events: Vec<Value>,
    _folder: tempfile::TempDir,
}

/// Longer than a page of ours can take, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

impl Browser {
    /// Opens a file, and waits until it is loaded; none where no Chromium is installed.
    pub fn open(file: &Path) -> Option<Browser> {
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let name = names.into_iter().find(|it| Command::new(it).arg("--version").output().is_ok())?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (to, from) = (folder.path().join("to"), folder.path().join("from"));
        let made = Command::new("mkfifo").args([&to, &from]).status().expect("mkfifo runs");
        assert!(made.success());
        // The browser reads what it is asked from file 3 and answers on file 4.
        let child = Command::new("sh")
            .args([
                "-c",
                "exec \"$0\" \"$@\" 3<\"$TO\" 4>\"$FROM\"",
                name,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
            ])
            .args(["--remote-debugging-pipe", "--no-first-run", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .env("TO", &to)
            .env("FROM", &from)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the shell runs");
        // Each of these waits until the shell opens the other end, in this order.
        let to = File::options().write(true).open(to).expect("the pipe");
        let from = File::open(from).expect("the pipe");
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for message in BufReader::new(from).split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { break };
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser =
            Browser { child, to, from: receiver, session: None, last: 0, events: Vec::new(), _folder: folder };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.ask("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        browser.ask("Page.navigate", json!({"url": format!("file://{}", file.display())}));
        while !browser.events.iter().any(|it| it["method"] == "Page.loadEventFired") {
            let event = browser.receive();
            browser.events.push(event);
        }
        Some(browser)
    }

    /// Asks, and waits for the answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        loop {
            let answer = self.receive();
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    /// What an expression gives on the page.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let result = self.ask("Runtime.evaluate", json!({"expression": expression, "returnByValue": true}));
        assert!(result["exceptionDetails"].is_null(), "{expression}: {result}");
        result["result"]["value"].clone()
    }

    /// Presses the Tab key.
    pub fn tab(&mut self) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9});
            self.ask("Input.dispatchKeyEvent", key);
        }
    }

    fn receive(&mut self) -> Value {
        self.from.recv_timeout(PATIENCE).expect("the browser answers")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
