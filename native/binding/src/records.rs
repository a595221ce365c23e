//! Frames taken apart: `mexchange_engine::codec::records` for Python.

use mexchange_engine::codec::records::{self, Level, PublicChange, Trade, Traded};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyTuple};

/// As `mexchange.codec.records.streams_of`.
#[pyfunction]
pub(crate) fn streams_of<'py>(py: Python<'py>, records: &[u8]) -> PyResult<Bound<'py, PyTuple>> {
    let streams = records::streams_of(records);
    let runs = streams.runs.iter().map(|run| (run.account, run.first, PyBytes::new(py, &run.events)));
    let loose = streams.loose.iter().map(|(account, event)| (*account, PyBytes::new(py, event)));
    (PyList::new(py, runs.collect::<Vec<_>>())?, PyList::new(py, loose.collect::<Vec<_>>())?).into_pyobject(py)
}

/// As `mexchange.codec.records.public_changes`.
#[pyfunction]
pub(crate) fn public_changes<'py>(
    py: Python<'py>,
    records: &[u8],
    trades_max: usize,
    with_levels: bool,
) -> PyResult<Vec<Bound<'py, PyTuple>>> {
    records::public_changes(records, trades_max, with_levels).iter().map(|change| change_of(py, change)).collect()
}

fn change_of<'py>(py: Python<'py>, change: &PublicChange) -> PyResult<Bound<'py, PyTuple>> {
    let levels = PyDict::new(py);
    for Level { side, price, quantity, orders } in &change.levels {
        levels.set_item((*side, *price), (*quantity, *orders))?;
    }
    let traded = change.traded.as_ref().map(|traded| traded_of(py, traded)).transpose()?;
    (change.market, change.levels_sequence, levels, traded).into_pyobject(py)
}

fn traded_of<'py>(py: Python<'py>, traded: &Traded) -> PyResult<Bound<'py, PyTuple>> {
    let Traded { open, high, low, close, volume, turnover, trades, first_id, newest } = traded;
    let newest: Vec<_> = newest
        .iter()
        .map(|Trade { trade_id, sequence, price, quantity, side, account }| {
            (*trade_id, *sequence, *price, *quantity, *side, *account)
        })
        .collect();
    (*open, *high, *low, *close, *volume, *turnover, *trades, *first_id, newest).into_pyobject(py)
}
