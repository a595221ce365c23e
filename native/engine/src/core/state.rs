//! Everything the engine knows: accounts, markets, orders. Integers only.
//!
//! Whatever is mutable is reached so that it can be taken back: through `get_mut` of a [`Paged`], or through an operation
//! that is logged while the state records. [`State::record`] and [`State::roll_back`] are how a preview leaves no trace.

mod account;
mod answers;
mod balances;
mod books;
mod expiries;
mod id_index;
mod market;
mod orders;

use std::collections::{BTreeMap, HashMap};

use super::features::Features;
use super::match_::Step;
use crate::domain::client_id::ClientOrderId;
use crate::domain::market::Asset;
use crate::domain::units::{AccountId, AssetId, MarketId, OrderId, OwnerId, Sequence, TimeNs};
use crate::paged::Paged;

pub use account::{Account, Finished, Withdrawal};
pub use answers::{Answer, Answers};
pub use balances::{Balance, Balances};
pub use books::{Book, Books};
pub use expiries::Expiries;
pub use id_index::IdIndex;
pub use market::{Fee, MarketState};
pub use orders::{Order, Orders};

/// Mirror of everything deposited: negative by what the exchange owes.
pub const EXTERNAL: AccountId = 1;
/// May be negative: rebates are paid from here.
pub const FEES: AccountId = 2;
/// For later.
pub const INSURANCE: AccountId = 3;
/// For later.
pub const ROUNDING: AccountId = 4;
/// How many system accounts there are, from 1 up.
pub const SYSTEM_ACCOUNTS: usize = 4;
/// The id of the first account of a user.
pub const FIRST_USER_ACCOUNT: AccountId = 16;
/// Order and withdrawal ids are `SHARD << SHARD_BITS | counter`.
pub const SHARD_BITS: u32 = 48;
/// Of this exchange.
pub const SHARD: u64 = 0;
/// The place of the operator, account 0, among the accounts.
pub const OPERATOR: usize = 0;
/// Accounts of users follow the operator.
const USERS_FROM: AccountId = FIRST_USER_ACCOUNT - 1;

/// The numbers of the state that every command may move.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Of the last command applied.
    pub sequence: Sequence,
    /// Of the last frame applied.
    pub time_ns: TimeNs,
    /// Runs over the output bytes of every command.
    pub digest: [u8; 16],
    /// What is done otherwise than in the first version.
    pub features: Features,
    /// The last account id given.
    pub account_counter: AccountId,
    /// Orders placed so far.
    pub order_counter: u64,
    /// Withdrawals asked for so far.
    pub withdrawal_counter: u64,
}

/// The whole of it. Given the same commands, the same on every machine.
#[derive(Debug)]
pub struct State {
    /// Sequence, time, counters.
    pub head: Head,
    /// Asset id − 1 → asset.
    pub assets: Paged<Asset, 64>,
    /// By symbol.
    pub asset_ids: BTreeMap<String, AssetId>,
    /// Market id − 1 → rules.
    pub markets: Paged<MarketState, 64>,
    /// Market id − 1 → book.
    pub books: Books,
    /// By (base, quote).
    pub market_ids: BTreeMap<(AssetId, AssetId), MarketId>,
    /// The operator, who has a memory only, then users: see [`State::account_place`].
    pub accounts: Paged<Account, 1024>,
    /// (owner, number) → account id.
    pub account_ids: HashMap<(OwnerId, u32), AccountId>,
    /// Account id − 1 → balances, of the system accounts.
    pub system: [Balances; SYSTEM_ACCOUNTS],
    /// Every open order.
    pub orders: Orders,
    /// First answers to client order ids, of all accounts.
    pub answers: Answers,
    /// Every open order that expires.
    pub expiries: Expiries,
    /// Of the walk in hand; kept between commands for its memory only.
    pub steps: Vec<Step>,
    recorded: Option<Box<Recorded>>,
}

/// What is small enough to be copied whole when recording begins.
#[derive(Debug)]
struct Recorded {
    head: Head,
    system: [Balances; SYSTEM_ACCOUNTS],
}

impl State {
    /// An exchange in which nothing has happened.
    pub fn new() -> Self {
        let mut accounts = Paged::new();
        accounts.push(Account::new(0, 0, 0));
        Self {
            head: Head {
                sequence: 0,
                time_ns: 0,
                digest: [0; 16],
                features: Features::default(),
                account_counter: USERS_FROM,
                order_counter: 0,
                withdrawal_counter: 0,
            },
            assets: Paged::new(),
            asset_ids: BTreeMap::new(),
            markets: Paged::new(),
            books: Books::default(),
            market_ids: BTreeMap::new(),
            accounts,
            account_ids: HashMap::new(),
            system: Default::default(),
            orders: Orders::new(),
            answers: Answers::new(),
            expiries: Expiries::default(),
            steps: Vec::new(),
            recorded: None,
        }
    }

    /// Where the account of a user is, if there is one of this id.
    #[inline]
    pub fn account_place(&self, account_id: AccountId) -> Option<usize> {
        let place = usize::try_from(account_id.checked_sub(USERS_FROM)?).ok()?;
        (place > OPERATOR && place < self.accounts.len()).then_some(place)
    }

    /// The account of a user.
    pub fn account(&self, account_id: AccountId) -> Option<&Account> {
        self.account_place(account_id).map(|place| &self.accounts[place])
    }

    /// Where the market is, among `markets` and `books`, if there is one of this id.
    #[inline]
    pub fn market_place(&self, market_id: MarketId) -> Option<usize> {
        let place = (market_id as usize).checked_sub(1)?;
        (place < self.markets.len()).then_some(place)
    }

    /// The asset with this id.
    pub fn asset(&self, asset_id: AssetId) -> Option<&Asset> {
        self.assets.get((asset_id as usize).checked_sub(1)?)
    }

    /// Balances of a system account.
    pub fn system(&self, account_id: AccountId) -> &Balances {
        &self.system[account_id as usize - 1]
    }

    /// The same, to be changed.
    pub fn system_mut(&mut self, account_id: AccountId) -> &mut Balances {
        &mut self.system[account_id as usize - 1]
    }

    /// A number never given before.
    pub fn next_order_id(&mut self) -> OrderId {
        self.head.order_counter += 1;
        SHARD << SHARD_BITS | self.head.order_counter
    }

    /// A number never given before.
    pub fn next_withdrawal_id(&mut self) -> OrderId {
        self.head.withdrawal_counter += 1;
        SHARD << SHARD_BITS | self.head.withdrawal_counter
    }

    /// What the memory of this account says of a client order id.
    #[inline]
    pub fn answer(&self, account: usize, client_order_id: &ClientOrderId) -> Option<&Answer> {
        self.answers.find(&self.accounts[account].answers, client_order_id)
    }

    /// The account's open orders, by order id.
    pub fn open_orders(&self, account: usize) -> impl Iterator<Item = (u32, &Order)> {
        let first = self.accounts[account].first_order;
        self.orders.list(first)
    }

    /// Looks at an open order and what is linked to it, so that they are near when they are asked for. Says nothing.
    #[inline]
    pub fn glance(&self, order_id: OrderId) -> u64 {
        let slot = self.orders.find(order_id);
        if slot == 0 {
            return 0;
        }
        let order = self.orders.get(slot);
        let neighbours = self.orders.get(order.previous).order_id ^ self.orders.get(order.next).order_id;
        neighbours ^ self.books[order.market_id as usize - 1].order(order.handle).id
    }

    /// From now on, until `roll_back`, every change is one that can be taken back.
    pub fn record(&mut self) {
        self.recorded = Some(Box::new(Recorded { head: self.head, system: self.system.clone() }));
        self.assets.record();
        self.markets.record();
        self.books.record();
        self.accounts.record();
        self.orders.record();
        self.answers.record();
        self.expiries.record();
    }

    /// As it was at `record`.
    pub fn roll_back(&mut self) {
        let Some(recorded) = self.recorded.take() else { return };
        self.head = recorded.head;
        self.system = recorded.system;
        for asset in self.assets.added() {
            self.asset_ids.remove(&asset.symbol);
        }
        for market in self.markets.added() {
            self.market_ids.remove(&(market.base, market.quote));
        }
        for account in self.accounts.added() {
            self.account_ids.remove(&(account.owner, account.number));
        }
        self.assets.roll_back();
        self.markets.roll_back();
        self.books.roll_back();
        self.accounts.roll_back();
        self.orders.roll_back();
        self.answers.roll_back();
        self.expiries.roll_back();
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}
