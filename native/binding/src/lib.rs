//! The engine as a Python class. Only translates: bytes, integers and errors.

mod errors;
mod failure;
mod order_rows;
mod records;
mod row_slab;

use std::collections::BTreeMap;

use errors::{BadSnapshot, EngineFailed};
use mexchange_engine::CodecError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Bytes of input from which on the interpreter is let go meanwhile: 64 orders. To let it go and come back costs as
/// much as half an order.
const RELEASE_BYTES: usize = 64 * 48;

#[pyclass(module = "mexchange.native._native")]
struct Engine {
    engine: mexchange_engine::Engine,
    /// Records of the call in hand; kept for its room.
    records: Vec<u8>,
    /// What went wrong once. The state may be half changed since.
    failure: Option<String>,
}

impl Engine {
    fn of(engine: mexchange_engine::Engine) -> Self {
        Self { engine, records: Vec::new(), failure: None }
    }

    /// What `call` returns; a panic in it is `EngineFailed`, now and ever after.
    fn guarded<T>(&mut self, call: impl FnOnce(&mut mexchange_engine::Engine, &mut Vec<u8>) -> T) -> PyResult<T> {
        if self.failure.is_none() {
            match failure::catch(|| call(&mut self.engine, &mut self.records)) {
                Ok(value) => return Ok(value),
                Err(sentence) => self.failure = Some(sentence),
            }
        }
        Err(EngineFailed::new_err(self.failure.clone()))
    }

    /// The records that `call` writes; the interpreter is let go if there is much to read.
    fn records_of<'py>(
        &mut self,
        py: Python<'py>,
        input_bytes: usize,
        call: impl FnOnce(&mut mexchange_engine::Engine, &mut Vec<u8>) -> Result<(), CodecError> + Send,
    ) -> PyResult<Bound<'py, PyBytes>> {
        self.records.clear();
        let outcome = if input_bytes < RELEASE_BYTES { self.guarded(call) } else { py.detach(|| self.guarded(call)) };
        outcome?.map_err(errors::of_codec)?;
        Ok(PyBytes::new(py, &self.records))
    }
}

#[pymethods]
impl Engine {
    #[new]
    fn new() -> Self {
        Self::of(mexchange_engine::Engine::new())
    }

    #[getter]
    fn sequence(&self) -> u64 {
        self.engine.sequence()
    }

    #[getter]
    fn time_ns(&self) -> i64 {
        self.engine.time_ns()
    }

    #[getter]
    fn next_expiry_ns(&self) -> Option<i64> {
        self.engine.next_expiry_ns()
    }

    #[getter]
    fn features(&self) -> BTreeMap<u32, u64> {
        self.engine.features().into_iter().collect()
    }

    fn enable(&mut self, feature: u32, sequence: u64) -> PyResult<bool> {
        self.guarded(|engine, _| engine.enable(feature, sequence))
    }

    fn apply_batch<'py>(
        &mut self,
        py: Python<'py>,
        blocks: &[u8],
        first_sequence: u64,
        time_ns: i64,
    ) -> PyResult<Bound<'py, PyBytes>> {
        self.records_of(py, blocks.len(), |engine, out| engine.apply_batch(blocks, first_sequence, time_ns, out))
    }

    fn preview<'py>(&mut self, py: Python<'py>, blocks: &[u8], time_ns: i64) -> PyResult<Bound<'py, PyBytes>> {
        self.records_of(py, blocks.len(), |engine, out| engine.preview(blocks, time_ns, out))
    }

    fn query<'py>(&mut self, py: Python<'py>, block: &[u8]) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let replies = self.guarded(|engine, _| engine.query(block))?.map_err(errors::of_codec)?;
        Ok(replies.iter().map(|reply| PyBytes::new(py, reply)).collect())
    }

    fn snapshot<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let data = self.guarded(|engine, _| engine.snapshot())?;
        Ok(PyBytes::new(py, &data))
    }

    #[staticmethod]
    fn restore(data: &[u8]) -> PyResult<Self> {
        let restored = failure::catch(|| mexchange_engine::Engine::restore(data)).map_err(EngineFailed::new_err)?;
        restored.map(Self::of).map_err(|error| BadSnapshot::new_err(error.to_string()))
    }

    fn state_hash<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let hash = self.guarded(|engine, _| engine.state_hash())?;
        Ok(PyBytes::new(py, &hash))
    }
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    failure::install();
    module.add_class::<Engine>()?;
    module.add_class::<order_rows::OrderRows>()?;
    module.add_function(wrap_pyfunction!(records::streams_of, module)?)?;
    module.add_function(wrap_pyfunction!(records::public_changes, module)?)?;
    errors::add_to(module)
}
