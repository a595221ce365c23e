//! What the command line says.

use std::path::PathBuf;
use std::str::FromStr;

use crate::flows::KINDS;

const MESSAGES: usize = 1_000_000;
/// Fewer are not worth a median.
const ROUNDS_MIN: usize = 5;

pub(crate) struct Options {
    pub(crate) messages: usize,
    pub(crate) rounds: usize,
    pub(crate) json: Option<PathBuf>,
    /// All, if none.
    names: Vec<String>,
}

impl Options {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { messages: MESSAGES, rounds: ROUNDS_MIN, json: None, names: Vec::new() };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--messages" => options.messages = number(&value()?)?.max(1),
                "--rounds" => options.rounds = number(&value()?)?.max(ROUNDS_MIN),
                "--json" => options.json = Some(value()?.into()),
                name if KINDS.iter().any(|kind| kind.0 == name) => options.names.push(word),
                other => return Err(format!("{other} is no flow; they are {}", KINDS.map(|kind| kind.0).join(" "))),
            }
        }
        Ok(options)
    }

    pub(crate) fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|wanted| wanted == name)
    }
}

fn number(text: &str) -> Result<usize, String> {
    usize::from_str(text).map_err(|wrong| format!("{text}: {wrong}"))
}
