//! How fast the order book is on one core: the engine's beside a plain one that stays as it is, on every flow.
//!
//!     mexchange-bench [--messages N] [--rounds N] [--json FILE] [FLOW ...]
//!
//! Both books take the same messages and write the same reports, which is checked first. Then they take turns; thread
//! CPU time, the best and the median of the rounds. The ratio is that of the best rounds.

mod baseline;
mod flows;
mod message;
mod options;
mod ours;
mod random;
mod rounds;

use std::process::ExitCode;

use options::Options;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("error: {wrong}");
            return ExitCode::from(2);
        }
    };
    let mut rows = Vec::new();
    println!("{:<20}{:>8}{:>9}{:>10}{:>10}{:>8}", "ns per message", "best", "median", "baseline", "median", "ratio");
    for (name, adversarial, make) in flows::KINDS {
        if options.wants(name) {
            let flow = make(name, options.messages);
            let row = rounds::measure(&flow, adversarial, options.rounds);
            println!("{row}");
            rows.push(row.json());
        }
    }
    if let Some(file) = options.json
        && let Err(wrong) = std::fs::write(&file, format!("[{}]\n", rows.join(",\n ")))
    {
        eprintln!("error: {}: {wrong}", file.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
