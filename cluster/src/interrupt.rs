//! Whether somebody pressed Ctrl-C, or the time is over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::engine::{Deadline, EngineError};
use crate::tell;

static PRESSED: AtomicBool = AtomicBool::new(false);

/// How long what runs may take to end; whatever does not look here is ended then.
const GRACE: Duration = Duration::from_secs(5);

/// Begins to listen, on a thread of its own. A second Ctrl-C ends the program at once.
pub fn listen() {
    std::thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            PRESSED.store(true, Ordering::SeqCst);
            let _ = tokio::time::timeout(GRACE, tokio::signal::ctrl_c()).await;
            end("interrupted");
        });
    });
}

/// Ends the program some seconds after the deadline, whatever it is busy with then.
pub fn end_after(deadline: Deadline) {
    std::thread::spawn(move || {
        std::thread::sleep(deadline.left().saturating_add(GRACE));
        end(&EngineError::Time(deadline.limit).to_string());
    });
}

fn end(why: &str) {
    tell(why);
    std::process::exit(2);
}

/// Whether it was pressed.
pub fn pressed() -> bool {
    PRESSED.load(Ordering::SeqCst)
}
