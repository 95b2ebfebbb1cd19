//! The program `panopto-analytics`; everything is in the library, so that the installer's program can share it.

fn main() -> std::process::ExitCode {
    cli::main()
}
