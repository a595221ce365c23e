//! The recent orders of all accounts: what `daemon/order_rows.py` does event by event, without an object per order. Rows
//! leave as packed bytes when somebody asks.

use std::collections::{HashMap, VecDeque};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::row_slab::{ByNumber, Chain, Id, ROW, Row, Rows, array};

const RECORD: usize = 80;
const ACCEPTED: u8 = 1;
const FILLED: u8 = 2;
const DONE: u8 = 3;
const AMENDED: u8 = 4;
const REJECTED: u8 = 5;
const PREVENTED: u8 = 7;
const SIDE_BITS: u8 = 3;
/// `OrderState.OPEN` of the schemas.
const OPEN: u8 = 1;

/// Bytes of records from which on the interpreter is let go meanwhile. Whoever takes it may keep it for milliseconds,
/// which a live frame is not to wait for.
const RELEASE_BYTES: usize = 4_096 * RECORD;

/// Outdated stamps that are kept until it is worth going over them.
const QUIET_MIN: usize = 1_024;

#[derive(Default)]
struct Account {
    rows: Chain,
    /// Order id by client order id, for the accounts that ask by it. Clients choose those: the hash has a key.
    names: Option<HashMap<Id, u64>>,
    finished: VecDeque<u64>,
    rejected: VecDeque<Row>,
    /// When it last finished an order, counted; 0: none is remembered.
    stamp: u64,
}

/// What the rows are told by; the numbers stand in `daemon/order_rows.py`.
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
    rows: Rows,
    accounts: ByNumber<Account>,
    /// (stamp, account) of those that finished orders, ascending; true only where the account still has that stamp.
    quiet: VecDeque<(u64, u64)>,
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
            rows: Rows::default(),
            accounts: HashMap::default(),
            quiet: VecDeque::new(),
            stamp: 0,
            finished: 0,
        }
    }

    fn restore(&mut self, account: u64, rows: &[u8], finished: Vec<u64>, rejected: &[u8]) -> PyResult<()> {
        if !rows.len().is_multiple_of(ROW) || !rejected.len().is_multiple_of(ROW) {
            return Err(PyValueError::new_err("rows have another size"));
        }
        let entry = self.accounts.entry(account).or_default();
        entry.rejected = rejected.chunks_exact(ROW).map(|row| Row::read(row, account)).collect();
        entry.finished = finished.into();
        self.finished += entry.finished.len();
        for row in rows.chunks_exact(ROW).map(|row| Row::read(row, account)) {
            self.rows.insert(&mut entry.rows, row);
        }
        if !entry.finished.is_empty() {
            self.stamp += 1;
            entry.stamp = self.stamp;
            self.quiet.push_back((self.stamp, account));
        }
        Ok(())
    }

    fn apply(&mut self, py: Python<'_>, records: &[u8], time_ns: i64) {
        if records.len() < RELEASE_BYTES {
            self.apply_records(records, time_ns);
        } else {
            py.detach(|| self.apply_records(records, time_ns));
        }
    }

    fn find<'py>(&mut self, py: Python<'py>, account: u64, order_id: u64, name: &[u8]) -> Bound<'py, PyBytes> {
        packed(py, self.found(account, order_id, name).into_iter())
    }

    fn newest<'py>(
        &self,
        py: Python<'py>,
        account: u64,
        before: u64,
        open_only: bool,
        market: u32,
        limit: usize,
    ) -> Bound<'py, PyBytes> {
        let before = if before == 0 { u64::MAX } else { before };
        let rows = self.accounts.get(&account).into_iter();
        let rows = rows.flat_map(|known| self.rows.below(&known.rows, account, before));
        let is_asked = |row: &&Row| (!open_only || self.is_open(row)) && (market == 0 || market == row.market);
        packed(py, rows.filter(is_asked).take(limit))
    }

    fn saved<'py>(&self, py: Python<'py>) -> Vec<Saved<'py>> {
        let mut accounts: Vec<_> = self.accounts.iter().collect();
        accounts.sort_unstable_by_key(|(number, _)| **number);
        accounts
            .into_iter()
            .map(|(number, account)| {
                let mut rows: Vec<_> = self.rows.of(&account.rows).collect();
                rows.reverse();
                let finished = account.finished.iter().copied().collect();
                (*number, packed(py, rows.into_iter()), finished, packed(py, account.rejected.iter()))
            })
            .collect()
    }
}

impl OrderRows {
    fn apply_records(&mut self, records: &[u8], time_ns: i64) {
        for record in records.chunks_exact(RECORD) {
            self.apply_record(record, time_ns);
        }
    }

    fn is_open(&self, row: &Row) -> bool {
        row.state == OPEN || row.state == self.partially_filled
    }

    fn found(&mut self, number: u64, order_id: u64, name: &[u8]) -> Option<&Row> {
        if order_id != 0 {
            return self.rows.get(order_id).filter(|row| row.account == number);
        }
        let (account, name) = (self.accounts.get_mut(&number)?, Id::try_from(name).ok()?);
        let rows = &self.rows;
        let names = account.names.get_or_insert_with(|| {
            let mut names = HashMap::new();
            for row in rows.of(&account.rows) {
                names.entry(row.client_order_id).or_insert(row.order_id);
            }
            names
        });
        match names.get(&name) {
            Some(order_id) => self.rows.get(*order_id),
            None => account.rejected.iter().find(|row| row.client_order_id == name),
        }
    }

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
                let account = self.accounts.entry(account).or_default();
                if let Some(names) = &mut account.names {
                    names.insert(name, order_id);
                }
                self.rows.insert(&mut account.rows, row);
            }
            REJECTED => {
                if !self.about_the_id.contains(&(info as u8)) {
                    (row.state, row.reject_reason) = (self.rejected, info as u8);
                    self.reject(row);
                }
            }
            _ => {
                let Some(known) = self.rows.get_mut(order_id).filter(|row| row.account == account) else { return };
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
        self.stamp += 1;
        account.stamp = self.stamp;
        self.note_stamp(number);
        while self.finished > self.finished_all_max {
            let Some(quietest) = self.quiet.pop_front() else { return };
            if self.has_stamp(&quietest) {
                self.forget(quietest.1);
            }
        }
    }

    /// The account is the last that finished an order.
    fn note_stamp(&mut self, account: u64) {
        match self.quiet.back_mut() {
            Some(last) if last.1 == account => last.0 = self.stamp,
            _ => self.quiet.push_back((self.stamp, account)),
        }
        if self.quiet.len() > 2 * self.accounts.len() + QUIET_MIN {
            let mut quiet = std::mem::take(&mut self.quiet);
            quiet.retain(|noted| self.has_stamp(noted));
            self.quiet = quiet;
        }
    }

    fn has_stamp(&self, &(stamp, account): &(u64, u64)) -> bool {
        self.accounts.get(&account).is_some_and(|account| account.stamp == stamp)
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
        if account.rows.is_empty() {
            self.accounts.remove(&number);
        }
    }
}

fn forget_oldest(account: &mut Account, rows: &mut Rows) {
    let Some(order_id) = account.finished.pop_front() else { return };
    let (Some(row), Some(names)) = (rows.remove(&mut account.rows, order_id), &mut account.names) else { return };
    if names.get(&row.client_order_id) == Some(&order_id) {
        names.remove(&row.client_order_id);
    }
}

fn packed<'py, 'a>(py: Python<'py>, rows: impl Iterator<Item = &'a Row>) -> Bound<'py, PyBytes> {
    let mut out = Vec::new();
    rows.for_each(|row| row.write(&mut out));
    PyBytes::new(py, &out)
}
