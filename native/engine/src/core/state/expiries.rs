//! Which open orders expire, and when.

use std::collections::BTreeSet;

use crate::domain::units::{OrderId, TimeNs};

/// (expiry, order id) of every open GTD order, in that order.
#[derive(Debug, Default)]
pub struct Expiries {
    set: BTreeSet<(TimeNs, OrderId)>,
    log: Option<Vec<Change>>,
}

#[derive(Debug)]
enum Change {
    Added(TimeNs, OrderId),
    Removed(TimeNs, OrderId),
}

impl Expiries {
    /// When the first one does.
    pub fn first_ns(&self) -> Option<TimeNs> {
        self.set.first().map(|&(expiry_ns, _)| expiry_ns)
    }

    /// Ids of the orders whose expiry has come, by expiry, then order id.
    pub fn due(&self, time_ns: TimeNs) -> Vec<OrderId> {
        self.set.range(..=(time_ns, OrderId::MAX)).map(|&(_, order_id)| order_id).collect()
    }

    /// This order expires then.
    pub fn add(&mut self, expiry_ns: TimeNs, order_id: OrderId) {
        self.set.insert((expiry_ns, order_id));
        if let Some(log) = &mut self.log {
            log.push(Change::Added(expiry_ns, order_id));
        }
    }

    /// This order is gone.
    pub fn remove(&mut self, expiry_ns: TimeNs, order_id: OrderId) {
        let was_there = self.set.remove(&(expiry_ns, order_id));
        debug_assert!(was_there);
        if let Some(log) = &mut self.log {
            log.push(Change::Removed(expiry_ns, order_id));
        }
    }

    pub(super) fn record(&mut self) {
        self.log = Some(Vec::new());
    }

    pub(super) fn roll_back(&mut self) {
        for change in self.log.take().unwrap_or_default().into_iter().rev() {
            match change {
                Change::Added(expiry_ns, order_id) => self.set.remove(&(expiry_ns, order_id)),
                Change::Removed(expiry_ns, order_id) => self.set.insert((expiry_ns, order_id)),
            };
        }
    }
}
