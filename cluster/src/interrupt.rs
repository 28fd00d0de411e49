//! Whether somebody pressed Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

static PRESSED: AtomicBool = AtomicBool::new(false);

/// How long what runs may take to end; whatever does not look here is ended then.
const GRACE: Duration = Duration::from_secs(15);

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
            eprintln!("purvey-cluster: interrupted");
            std::process::exit(2);
        });
    });
}

/// Whether it was pressed.
pub fn pressed() -> bool {
    PRESSED.load(Ordering::SeqCst)
}
