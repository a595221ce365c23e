//! The view of recent orders while a journal is replayed: what `daemon/orders.py` does event by event, without an object
//! per order. Rows go in and out as packed bytes; the view in Python goes on with them.

use std::collections::{BTreeMap, HashMap, VecDeque};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

const RECORD: usize = 80;
/// `_ROW` of `daemon/order_replay.py`.
const ROW: usize = 124;
const ACCEPTED: u8 = 1;
const FILLED: u8 = 2;
const DONE: u8 = 3;
const AMENDED: u8 = 4;
const REJECTED: u8 = 5;
const PREVENTED: u8 = 7;
const SIDE_BITS: u8 = 3;
/// `OrderState.OPEN` of the schemas.
const OPEN: u8 = 1;

type Id = [u8; 16];

/// An order as its events left it.
#[derive(Clone, Copy, Default)]
struct Row {
    account: u64,
    order_id: u64,
    client_order_id: Id,
    price: i64,
    quantity: i64,
    leaves: i64,
    expiry_ns: i64,
    placed_sequence: u64,
    last_sequence: u64,
    placed_ns: i64,
    last_ns: i64,
    filled: i64,
    ticks_lots: i128,
    market: u32,
    side: u8,
    type_tif: u8,
    flags: u8,
    state: u8,
    done_reason: u8,
    reject_reason: u8,
}

#[derive(Default)]
struct Account {
    /// How many rows it has.
    rows: usize,
    finished: VecDeque<u64>,
    rejected: VecDeque<Row>,
    /// When it last finished an order, counted; 0: none is remembered.
    stamp: u64,
}

/// What the rows are told by; the numbers stand in `daemon/orders.py`.
#[pyclass(module = "mexchange.native._native")]
pub(crate) struct OrderRows {
    finished_max: usize,
    finished_all_max: usize,
    rejected_max: usize,
    /// State by reason of being done.
    states: Vec<u8>,
    partially_filled: u8,
    rejected: u8,
    /// Reasons of refusals that say nothing about an order.
    about_the_id: Vec<u8>,
    rows: HashMap<u64, Row>,
    accounts: HashMap<u64, Account>,
    /// Stamp → account with finished orders.
    quiet: BTreeMap<u64, u64>,
    stamp: u64,
    finished: usize,
}

/// Account, its rows by order id, its finished orders in their order, its rejected rows in theirs.
type Saved<'py> = (u64, Bound<'py, PyBytes>, Vec<u64>, Bound<'py, PyBytes>);

#[pymethods]
impl OrderRows {
    #[new]
    fn new(
        finished_max: usize,
        finished_all_max: usize,
        rejected_max: usize,
        states: Vec<u8>,
        partially_filled: u8,
        rejected: u8,
        about_the_id: Vec<u8>,
    ) -> Self {
        Self {
            finished_max,
            finished_all_max,
            rejected_max,
            states,
            partially_filled,
            rejected,
            about_the_id,
            rows: HashMap::new(),
            accounts: HashMap::new(),
            quiet: BTreeMap::new(),
            stamp: 0,
            finished: 0,
        }
    }

    fn put(&mut self, account: u64, rows: &[u8], finished: Vec<u64>, rejected: &[u8]) -> PyResult<()> {
        if !rows.len().is_multiple_of(ROW) || !rejected.len().is_multiple_of(ROW) {
            return Err(PyValueError::new_err("rows have another size"));
        }
        let entry = self.accounts.entry(account).or_default();
        entry.rows = rows.len() / ROW;
        entry.rejected = rejected.chunks_exact(ROW).map(|row| Row::read(row, account)).collect();
        entry.finished = finished.into();
        self.finished += entry.finished.len();
        if !entry.finished.is_empty() {
            self.stamp += 1;
            entry.stamp = self.stamp;
            self.quiet.insert(self.stamp, account);
        }
        for row in rows.chunks_exact(ROW).map(|row| Row::read(row, account)) {
            self.rows.insert(row.order_id, row);
        }
        Ok(())
    }

    fn apply(&mut self, py: Python<'_>, records: &[u8], time_ns: i64) {
        py.detach(|| {
            for record in records.chunks_exact(RECORD) {
                self.apply_record(record, time_ns);
            }
        });
    }

    fn accounts<'py>(&self, py: Python<'py>) -> Vec<Saved<'py>> {
        let mut rows: HashMap<u64, Vec<&Row>> = HashMap::new();
        for row in self.rows.values() {
            rows.entry(row.account).or_default().push(row);
        }
        let mut saved: Vec<_> = self.accounts.iter().collect();
        saved.sort_unstable_by_key(|(account, _)| **account);
        saved
            .into_iter()
            .map(|(number, account)| {
                let mut mine = rows.remove(number).unwrap_or_default();
                mine.sort_unstable_by_key(|row| row.order_id);
                let finished = account.finished.iter().copied().collect();
                (*number, packed(py, mine.into_iter()), finished, packed(py, account.rejected.iter()))
            })
            .collect()
    }

    fn quiet(&self) -> Vec<u64> {
        self.quiet.values().copied().collect()
    }
}

impl OrderRows {
    fn apply_record(&mut self, record: &[u8], time_ns: i64) {
        let (account, kind) = (u64::from_le_bytes(array(record, 0)), record[24]);
        if kind > PREVENTED || account == 0 {
            return;
        }
        let sequence = u64::from_le_bytes(array(record, 16));
        let info = u16::from_le_bytes(array(record, 26));
        let market = u32::from_le_bytes(array(record, 28));
        let order_id = u64::from_le_bytes(array(record, 32));
        let name: Id = array(record, 40);
        let value = |number: usize| i64::from_le_bytes(array(record, 40 + 8 * number));
        let mut row = Row {
            account,
            order_id,
            client_order_id: name,
            placed_sequence: sequence,
            last_sequence: sequence,
            placed_ns: time_ns,
            last_ns: time_ns,
            market,
            ..Row::default()
        };
        match kind {
            ACCEPTED => {
                (row.price, row.quantity, row.leaves, row.expiry_ns) = (value(2), value(3), value(3), value(4));
                (row.side, row.type_tif, row.flags) = (record[25] & SIDE_BITS, info as u8, (info >> 8) as u8);
                row.state = OPEN;
                self.accounts.entry(account).or_default().rows += 1;
                self.rows.insert(order_id, row);
            }
            REJECTED => {
                if !self.about_the_id.contains(&(info as u8)) {
                    (row.state, row.reject_reason) = (self.rejected, info as u8);
                    self.reject(row);
                }
            }
            _ => {
                let Some(known) = self.rows.get_mut(&order_id).filter(|row| row.account == account) else { return };
                (known.last_sequence, known.last_ns) = (sequence, time_ns);
                match kind {
                    FILLED => {
                        known.leaves = value(3);
                        known.filled += value(2);
                        known.ticks_lots += i128::from(value(1)) * i128::from(value(2));
                        known.state = self.partially_filled;
                    }
                    AMENDED => (known.price, known.quantity, known.leaves) = (value(2), value(3), value(4)),
                    PREVENTED => known.leaves = value(3),
                    DONE => {
                        (known.leaves, known.filled, known.done_reason) = (value(2), value(3), info as u8);
                        known.state = self.states[usize::from(info as u8)];
                        self.finish(account, order_id);
                    }
                    _ => (),
                }
            }
        }
    }

    /// Named again it keeps its place among them.
    fn reject(&mut self, row: Row) {
        let rejected = &mut self.accounts.entry(row.account).or_default().rejected;
        if let Some(known) = rejected.iter_mut().find(|known| known.client_order_id == row.client_order_id) {
            *known = row;
            return;
        }
        rejected.push_back(row);
        if rejected.len() > self.rejected_max {
            rejected.pop_front();
        }
    }

    fn finish(&mut self, number: u64, order_id: u64) {
        let account = self.accounts.entry(number).or_default();
        account.finished.push_back(order_id);
        self.finished += 1;
        if account.finished.len() > self.finished_max {
            forget_oldest(account, &mut self.rows);
            self.finished -= 1;
        }
        self.quiet.remove(&account.stamp);
        self.stamp += 1;
        account.stamp = self.stamp;
        self.quiet.insert(self.stamp, number);
        while self.finished > self.finished_all_max {
            let Some((_, quietest)) = self.quiet.pop_first() else { return };
            self.forget(quietest);
        }
    }

    /// The finished orders of an account make room for those of others.
    fn forget(&mut self, number: u64) {
        let Some(account) = self.accounts.get_mut(&number) else { return };
        self.finished -= account.finished.len();
        while !account.finished.is_empty() {
            forget_oldest(account, &mut self.rows);
        }
        account.rejected.clear();
        account.stamp = 0;
        if account.rows == 0 {
            self.accounts.remove(&number);
        }
    }
}

fn forget_oldest(account: &mut Account, rows: &mut HashMap<u64, Row>) {
    if let Some(order_id) = account.finished.pop_front() {
        rows.remove(&order_id);
        account.rows -= 1;
    }
}

impl Row {
    fn read(row: &[u8], account: u64) -> Self {
        let signed = |at: usize| i64::from_le_bytes(array(row, at));
        let unsigned = |at: usize| u64::from_le_bytes(array(row, at));
        Self {
            account,
            order_id: unsigned(0),
            client_order_id: array(row, 8),
            price: signed(24),
            quantity: signed(32),
            leaves: signed(40),
            expiry_ns: signed(48),
            placed_sequence: unsigned(56),
            last_sequence: unsigned(64),
            placed_ns: signed(72),
            last_ns: signed(80),
            market: u32::from_le_bytes(array(row, 88)),
            side: row[92],
            type_tif: row[93],
            flags: row[94],
            filled: signed(95),
            ticks_lots: i128::from_le_bytes(array(row, 103)),
            state: row[119],
            done_reason: row[120],
            reject_reason: row[121],
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.order_id.to_le_bytes());
        out.extend(self.client_order_id);
        for value in [self.price, self.quantity, self.leaves, self.expiry_ns] {
            out.extend(value.to_le_bytes());
        }
        out.extend(self.placed_sequence.to_le_bytes());
        out.extend(self.last_sequence.to_le_bytes());
        out.extend(self.placed_ns.to_le_bytes());
        out.extend(self.last_ns.to_le_bytes());
        out.extend(self.market.to_le_bytes());
        out.extend([self.side, self.type_tif, self.flags]);
        out.extend(self.filled.to_le_bytes());
        out.extend(self.ticks_lots.to_le_bytes());
        out.extend([self.state, self.done_reason, self.reject_reason, 0, 0]);
    }
}

fn packed<'py, 'a>(py: Python<'py>, rows: impl Iterator<Item = &'a Row>) -> Bound<'py, PyBytes> {
    let mut out = Vec::new();
    rows.for_each(|row| row.write(&mut out));
    PyBytes::new(py, &out)
}

fn array<const SIZE: usize>(bytes: &[u8], at: usize) -> [u8; SIZE] {
    let mut value = [0; SIZE];
    value.copy_from_slice(&bytes[at..at + SIZE]);
    value
}
