//! Lines put aside in a file that has no name, for reading them when all entities are known.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// Lines with their places, first in, first out.
pub(super) struct Spool {
    out: BufWriter<File>,
}

/// Where a line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) file: u32,
    pub(super) line: u64,
}

impl Spool {
    pub(super) fn new() -> io::Result<Spool> {
        Ok(Spool { out: BufWriter::with_capacity(1 << 16, tempfile::tempfile()?) })
    }

    pub(super) fn push(&mut self, origin: Origin, line: &[u8]) -> io::Result<()> {
        self.out.write_all(&origin.file.to_le_bytes())?;
        self.out.write_all(&origin.line.to_le_bytes())?;
        self.out.write_all(&(line.len() as u64).to_le_bytes())?;
        self.out.write_all(line)
    }

    /// Reads all of it from the beginning.
    pub(super) fn read(self, take: &mut dyn FnMut(Origin, &[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut input = BufReader::with_capacity(1 << 16, file);
        let mut line = Vec::new();
        let mut number = [0_u8; 4];
        loop {
            match input.read_exact(&mut number) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                other => other?,
            }
            let file = u32::from_le_bytes(number);
            let mut long = [0_u8; 8];
            input.read_exact(&mut long)?;
            let at = u64::from_le_bytes(long);
            input.read_exact(&mut long)?;
            line.resize(usize::try_from(u64::from_le_bytes(long)).unwrap_or(usize::MAX), 0);
            input.read_exact(&mut line)?;
            take(Origin { file, line: at }, &line)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_in_order() {
        let mut spool = Spool::new().expect("a file");
        let origin = |line| Origin { file: 1, line };
        spool.push(origin(7), b"one").expect("room");
        spool.push(origin(8), b"").expect("room");
        let mut all = Vec::new();
        spool
            .read(&mut |origin, line| {
                all.push((origin.line, line.to_vec()));
                Ok(())
            })
            .expect("it reads");
        assert_eq!(all, [(7, b"one".to_vec()), (8, Vec::new())]);
    }
}
