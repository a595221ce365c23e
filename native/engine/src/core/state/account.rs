//! One account of one owner: settings, balances, and where its orders and its memory begin.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::balances::Balances;
use super::id_index::IdIndex;
use crate::domain::client_id::{ClientOrderId, NO_ID};
use crate::domain::market::{AccountStatus, OPEN_ORDERS_PER_ACCOUNT};
use crate::domain::order::SelfTradePrevention;
use crate::domain::units::{AccountId, AssetId, Atoms, MarketId, OrderId, OwnerId, TimeNs};

/// One account of one owner. The operator, account 0, is one too, but has a memory only.
#[derive(Clone, Debug)]
pub struct Account {
    /// 0, or from 16 up.
    pub account_id: AccountId,
    /// Who stands behind it.
    pub owner: OwnerId,
    /// Of the last event in the account's stream.
    pub sequence: u64,
    /// Quote atoms that one order may be worth; 0 is no limit.
    pub order_notional_max: Atoms,
    /// Open orders over all markets.
    pub open_orders_max: u32,
    /// Open orders there are.
    pub open_orders: u32,
    /// The open order with the smallest id, as a slot of `Orders`.
    pub first_order: u32,
    /// The one with the greatest.
    pub last_order: u32,
    /// 0 is the main account.
    pub number: u32,
    /// What it may do.
    pub status: AccountStatus,
    /// Below `FEE_TIERS`.
    pub fee_tier: u8,
    /// Of orders that name none.
    pub self_trade_prevention: SelfTradePrevention,
    /// By asset.
    pub balances: Balances,
    /// Client order id → slot of `Answers`.
    pub answers: IdIndex,
    /// The greatest UUID that was forgotten.
    pub evicted: ClientOrderId,
    /// Ids whose commands have ended, in the order in which they may be forgotten; none before the first.
    pub finished: Option<Box<Finished>>,
    /// (market id, open orders there), by market id. A count may be zero.
    pub open_in: Vec<(MarketId, u32)>,
    /// Pending ones, by id.
    pub withdrawals: Vec<Withdrawal>,
}

/// What may be forgotten of an account's client order ids; the rules are in idempotence.rs.
#[derive(Clone, Debug, Default)]
pub struct Finished {
    /// (finished at, UUID), in order of finishing, not yet sixty seconds old when last looked at.
    pub recent: VecDeque<(TimeNs, ClientOrderId)>,
    /// UUIDs that finished longer ago, the smallest first.
    pub settled: BinaryHeap<Reverse<ClientOrderId>>,
    /// Finished text ids, oldest first.
    pub texts: VecDeque<ClientOrderId>,
}

/// An amount that waits for confirmation.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal {
    /// From 1 up.
    pub withdrawal_id: OrderId,
    /// What is held.
    pub asset_id: AssetId,
    /// How much of it.
    pub amount: Atoms,
}

impl Account {
    /// As it is opened.
    pub fn new(account_id: AccountId, owner: OwnerId, number: u32) -> Self {
        Self {
            account_id,
            owner,
            sequence: 0,
            order_notional_max: 0,
            open_orders_max: OPEN_ORDERS_PER_ACCOUNT,
            open_orders: 0,
            first_order: 0,
            last_order: 0,
            number,
            status: AccountStatus::Active,
            fee_tier: 0,
            self_trade_prevention: SelfTradePrevention::CancelTaker,
            balances: Balances::default(),
            answers: IdIndex::default(),
            evicted: NO_ID,
            finished: None,
            open_in: Vec::new(),
            withdrawals: Vec::new(),
        }
    }

    /// How many open orders the account has in this market.
    pub fn open_in(&self, market_id: MarketId) -> u32 {
        match self.open_in.binary_search_by_key(&market_id, |&(each, _)| each) {
            Ok(place) => self.open_in[place].1,
            Err(_) => 0,
        }
    }

    /// The same, to be changed.
    pub fn open_in_mut(&mut self, market_id: MarketId) -> &mut u32 {
        let place = self.open_in.partition_point(|&(each, _)| each < market_id);
        if self.open_in.get(place).is_none_or(|&(each, _)| each != market_id) {
            self.open_in.insert(place, (market_id, 0));
        }
        &mut self.open_in[place].1
    }
}
