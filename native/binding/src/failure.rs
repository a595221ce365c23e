//! A panic of the engine as a sentence that names its place, for whoever called.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static CAUGHT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on panics say nothing on standard error: the exception tells what happened and where.
pub(crate) fn install() {
    panic::set_hook(Box::new(|panic| CAUGHT.set(panic.to_string())));
}

/// What `call` returns, or the sentence of its panic.
pub(crate) fn catch<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(call)).map_err(|_| CAUGHT.take())
}
