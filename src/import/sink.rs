//! Where import records go.

use std::io;

use super::record::{Entity, Fact};
use super::snapshot::SnapshotSink;

/// Takes what an importer found, in any order: a fact may come before the entities that it names.
///
/// An entity that comes again is merged with what is known of it, where the two agree or complete each other; where they
/// contradict each other the first one stands and the sink reports a finding. A fact whose id is taken is reported too and left out.
pub trait Sink {
    /// Takes an entity.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn entity(&mut self, entity: Entity) -> io::Result<()>;

    /// Takes a fact and tells what became of it, for an importer that puts aside what was refused.
    ///
    /// # Errors
    ///
    /// The output fails.
    fn fact(&mut self, fact: Fact) -> io::Result<Taken>;

    /// Whether a fact or an entity has that id, for an importer that makes entities only of what goes in.
    fn has(&self, id: &str) -> bool {
        let _ = id;
        false
    }

    /// The sink of a snapshot, if it is one: an importer of many equal rows may fill its columns straight away.
    fn snapshot(&mut self) -> Option<&mut SnapshotSink> {
        None
    }

    /// Says where in the input stands what comes next, for findings of the sink.
    fn place(&mut self, file: &str, line: Option<u64>) {
        let _ = (file, line);
    }
}

/// What an import came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Entities that went in.
    pub entities: u64,
    /// Facts that went in.
    pub facts: u64,
    /// Their claims.
    pub claims: u64,
    /// Facts that the sink refused.
    pub refused: u64,
}

/// What became of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It goes in.
    Kept,
    /// It names an entity that has not come yet; that is decided at the end.
    Waits,
    /// It cannot go in, and the sink reported why.
    Refused,
}

/// Keeps what it is given, for tests and small inputs.
///
/// ```
/// use purvey::import::{Entity, Kept, Sink};
///
/// let mut kept = Kept::default();
/// kept.entity(Entity { id: "russia".to_owned(), name: "Russia".to_owned(), ..Entity::default() })?;
/// assert_eq!(kept.entities.len(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Entities, in the order in which they came.
    pub entities: Vec<Entity>,
    /// Facts, in the order in which they came.
    pub facts: Vec<Fact>,
}

impl Sink for Kept {
    fn entity(&mut self, entity: Entity) -> io::Result<()> {
        self.entities.push(entity);
        Ok(())
    }

    fn fact(&mut self, fact: Fact) -> io::Result<Taken> {
        self.facts.push(fact);
        Ok(Taken::Kept)
    }
}
