//! Both books in turns, and what came of it.

#![expect(clippy::cast_precision_loss, clippy::float_arithmetic, reason = "these are times, not money")]

use std::fmt;

use mexchange_engine::book::Desk;
use rustix::time::{ClockId, clock_gettime};

use crate::baseline::Baseline;
use crate::flows::Flow;
use crate::message::{Checksum, Ring};
use crate::ours;

/// What a flow costs, in ns per message.
pub(crate) struct Row {
    name: &'static str,
    adversarial: bool,
    ours: Cost,
    baseline: Cost,
    messages: usize,
    reports: usize,
    live: usize,
    levels: usize,
    checksum: u64,
}

#[derive(Clone, Copy)]
struct Cost {
    best: f64,
    median: f64,
}

impl Cost {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self { best: times[0], median: times[times.len() / 2] }
    }
}

/// # Panics
/// If the two books do not write the same reports.
pub(crate) fn measure(flow: &Flow, adversarial: bool, rounds: usize) -> Row {
    let checksum = compare(flow);
    let (mut our_times, mut baseline_times) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        baseline_times.push(baseline_round(flow));
        our_times.push(our_round(flow));
    }
    Row {
        name: flow.name,
        adversarial,
        ours: Cost::of(our_times),
        baseline: Cost::of(baseline_times),
        messages: flow.messages.len(),
        reports: checksum.count,
        live: flow.live,
        levels: flow.levels,
        checksum: checksum.value,
    }
}

/// The checksum that both books share.
pub(crate) fn compare(flow: &Flow) -> Checksum {
    let (mut ours, mut baseline) = (Checksum::default(), Checksum::default());
    let (mut desk, mut plain) = (Desk::<()>::new(), Baseline::default());
    for messages in [&flow.setup, &flow.messages] {
        ours::send_all(&mut desk, messages, &mut ours);
        for message in messages {
            plain.send(message, &mut baseline);
        }
    }
    assert_eq!(ours, baseline, "{}: the reports differ", flow.name);
    assert_eq!((desk.book().len(), plain.len()), (flow.live, flow.live));
    ours
}

#[inline(never)]
fn our_round(flow: &Flow) -> f64 {
    let (mut desk, mut ring) = (Desk::<()>::new(), Ring::new());
    ours::send_all(&mut desk, &flow.setup, &mut ring);
    let start = cpu_ns();
    ours::send_all(&mut desk, &flow.messages, &mut ring);
    let ns = cpu_ns() - start;
    assert_eq!((desk.book().len(), ring.count > 0), (flow.live, true));
    ns / flow.messages.len() as f64
}

#[inline(never)]
fn baseline_round(flow: &Flow) -> f64 {
    let (mut book, mut ring) = (Baseline::default(), Ring::new());
    for message in &flow.setup {
        book.send(message, &mut ring);
    }
    let start = cpu_ns();
    for message in &flow.messages {
        book.send(message, &mut ring);
    }
    let ns = cpu_ns() - start;
    assert_eq!((book.len(), ring.count > 0), (flow.live, true));
    ns / flow.messages.len() as f64
}

/// Of this thread.
fn cpu_ns() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

impl Row {
    fn ratio(&self) -> f64 {
        self.ours.best / self.baseline.best
    }

    /// As the other benches write their rows, with what is particular to this one.
    pub(crate) fn json(&self) -> String {
        let Self { name, adversarial, ours, baseline, messages, reports, live, levels, checksum } = self;
        format!(
            "{{\"name\": \"book_{name}\", \"value\": {:.2}, \"unit\": \"ns/message\", \"baseline\": {:.2}, \
             \"ratio\": {:.4}, \"median\": {:.2}, \"baseline_median\": {:.2}, \"adversarial\": {adversarial}, \
             \"messages\": {messages}, \"reports\": {reports}, \"live_orders\": {live}, \"levels\": {levels}, \
             \"checksum\": \"{checksum:016x}\"}}",
            ours.best,
            baseline.best,
            self.ratio(),
            ours.median,
            baseline.median,
        )
    }
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, ours, baseline, .. } = self;
        write!(formatter, "{name:<20}{:>8.1}{:>9.1}", ours.best, ours.median)?;
        write!(formatter, "{:>10.1}{:>10.1}{:>8.3}", baseline.best, baseline.median, self.ratio())
    }
}

#[cfg(test)]
mod tests {
    use mexchange_engine::book::Side;

    use super::*;
    use crate::flows::KINDS;
    use crate::message::Message;

    /// Each time the book is empty again, and how many levels wait for orders has settled.
    #[test]
    fn a_flow_that_is_sent_again_and_again_needs_no_more_memory() {
        for (name, _, make) in KINDS.iter().filter(|kind| !["sparse", "live200k", "levels100k"].contains(&kind.0)) {
            let flow = make(name, 5_000);
            let (mut desk, mut ring) = (Desk::<()>::new(), Ring::new());
            let mut pass = || {
                ours::send_all(&mut desk, &flow.setup, &mut ring);
                ours::send_all(&mut desk, &flow.messages, &mut ring);
                while let Some(order) = Side::BOTH.iter().find_map(|&side| desk.book().orders(side).next()) {
                    let id = order.0.id;
                    ours::send_all(&mut desk, &[Message::cancel(id)], &mut ring);
                }
            };
            (0..6).for_each(|_| pass());
            let allocated = allocation_counter::measure(pass);
            assert_eq!((allocated.count_total, desk.book().len()), (0, 0), "{name}");
        }
    }

    #[test]
    fn both_books_write_the_same_reports_on_every_flow() {
        for (name, _, make) in KINDS {
            let flow = make(name, 5_000);
            let sum = compare(&flow);
            assert_eq!(sum.refused, 0, "{name}");
            assert!(sum.count > flow.messages.len(), "{name}");
        }
    }
}
