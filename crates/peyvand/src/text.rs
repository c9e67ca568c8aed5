//! What search sees of a text: one line out for each line in, for people who tune search.

use std::io::{BufRead, BufReader, Write};
use std::process::ExitCode;

use anyhow::Result;

pub fn fold() -> Result<ExitCode> {
    let mut input = BufReader::new(std::io::stdin().lock());
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        while line.last().is_some_and(|last| matches!(last, b'\n' | b'\r')) {
            line.pop();
        }
        // Bytes that are no text separate words, as any other sign does.
        writeln!(output, "{}", language::fold::search_text(&String::from_utf8_lossy(&line)))?;
        // A person or a program that waits for the answer gets it; a file is written in large pieces.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}
