//! Puts the `litetx` crate (format version 1) behind the line protocol of the Go programs beside it: a command with
//! tab-separated fields a line on standard input, `ok` or `error`, a tab and the reason on standard output.

mod description;

use description::Description;
use std::error::Error;
use std::io::{self, BufRead, Write};
use std::{fs, panic};

type Outcome = Result<(), Box<dyn Error>>;

fn main() {
    let mut out = io::stdout();
    for line in io::stdin().lock().lines() {
        let line = line.expect("reading commands");
        if line.is_empty() {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        // A panic of the library is an error of this one command: one bad file must not end the batch.
        let outcome = panic::catch_unwind(|| run(&fields).map_err(|e| chain(e.as_ref())))
            .unwrap_or_else(|_| Err("panic".to_string()));
        match outcome {
            Ok(()) => writeln!(out, "ok"),
            Err(reason) => writeln!(out, "error\t{}", reason.replace('\n', " ")),
        }
        .and_then(|()| out.flush())
        .expect("writing an answer");
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(e) = cause {
        text.push_str(&format!(": {e}"));
        cause = e.source();
    }
    text
}

fn run(fields: &[&str]) -> Outcome {
    match fields {
        ["encode", description, pages, out] => encode(description, pages, out),
        ["decode", file, description, pages] => decode(file, description, pages),
        ["verify", file] => read(file).map(|_| ()),
        _ => Err(format!("unknown command or wrong number of fields: {fields:?}").into()),
    }
}

fn encode(description: &str, pages: &str, out: &str) -> Outcome {
    let description = Description::read(description)?;
    let data = fs::read(pages)?;
    let size = description.page_size as usize;
    if data.len() != size * description.pages.len() {
        return Err(format!("{pages}: {} bytes for {} pages", data.len(), description.pages.len()).into());
    }
    let header = description.header()?;
    let mut file = Vec::new();
    let mut encoder = litetx::Encoder::new(&mut file, &header)?;
    for (number, page) in description.pages.iter().zip(data.chunks(size)) {
        encoder.encode_page(litetx::PageNum::new(*number)?, page)?;
    }
    encoder.finish(litetx::Checksum::new(description.post_apply))?;
    Ok(fs::write(out, file)?)
}

fn decode(file: &str, description: &str, pages: &str) -> Outcome {
    let (seen, data) = read(file)?;
    fs::write(pages, data)?;
    Ok(fs::write(description, seen.to_string())?)
}

/// Reads a file to its end, checksum included, and refuses what follows the trailer.
fn read(file: &str) -> Result<(Description, Vec<u8>), Box<dyn Error>> {
    let bytes = fs::read(file)?;
    let mut rest = bytes.as_slice();
    let (mut decoder, header) = litetx::Decoder::new(&mut rest)?;
    let mut seen = Description::of(&header)?;
    let mut page = vec![0; seen.page_size as usize];
    let mut data = Vec::new();
    while let Some(number) = decoder.decode_page(&mut page)? {
        seen.pages.push(number.into_inner());
        data.extend_from_slice(&page);
    }
    seen.post_apply = decoder.finish()?.post_apply_checksum.into_inner();
    if !rest.is_empty() {
        return Err(format!("{} bytes after the trailer", rest.len()).into());
    }
    Ok((seen, data))
}
