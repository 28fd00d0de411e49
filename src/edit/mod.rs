//! Writing facts down: data files laid out, records put in, taken out and renamed, with every other byte as it was.
//!
//! [`Folder`] holds the files as texts; [`add`], [`remove`], [`rename`] and [`lay_out`] change them in memory; [`Folder::load`]
//! checks what came of it, and [`write_all`] brings it to the disk, whole or not at all.

mod disk;
mod folder;
mod ids;
mod items;
mod layout;
mod lock;
mod records;
mod replace;
mod value;
mod store;
mod tree;

pub use disk::{Disk, NewFile, RealDisk};
pub use folder::Folder;
pub use lock::{LOCK, Lock};
pub use records::{EditError, Place, Removed, Renamed, Use, add, as_text, lay_out, remove, rename, uses};
pub use replace::replace_file;
pub use store::{Change, WriteError, write_all};
pub use value::Ron;
