//! The program `purvey`. All of it stands in the library.

fn main() -> std::process::ExitCode {
    purvey::cli::run(std::env::args_os())
}
