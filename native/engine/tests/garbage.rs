//! Blocks of every kind with bytes turned: whatever the engine makes of them, it stays sound and never panics.
#![allow(clippy::unwrap_used)] // a test

#[allow(dead_code)] // it is shared
mod exchange;

use exchange::{ANN, BASE, BOB, Exchange, QUOTE};
use mexchange_engine::Engine;
use mexchange_engine::codec::commands::encode_command;
use mexchange_engine::codec::generated::{AmendS, CancelS};
use mexchange_engine::domain::commands::{
    ChangeAccount, ChangeAsset, ChangeMarket, Command, ConfirmWithdrawal, CreateAsset, CreateMarket, Deposit,
    MassCancel, OpenAccount, ReleaseWithdrawal, SetFees, SetMarketStatus, Transfer, Withdraw,
};

const BLOCKS: u64 = 12_000;
/// Blocks between two audits of the whole state.
const AUDIT_EVERY: u64 = 1_500;
const HEADER: usize = 8;
/// Where checks have their limits.
const EDGES: [i64; 10] = [0, 1, -1, 1 << 48, (1 << 48) + 1, 1 << 62, (1 << 62) + 1, i64::MAX, i64::MIN, 1_000_000_000];

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % limit
    }
}

/// One of each kind, as it should be.
fn good_block(exchange: &mut Exchange, dice: &mut Dice) -> Vec<u8> {
    let client_order_id = exchange.new_id();
    let (account, actor, deadline_ns) = (if dice.below(2) == 0 { ANN } else { BOB }, 0, 0);
    let (asset, amount) = (if dice.below(2) == 0 { BASE } else { QUOTE }, 1_000);
    let last_order = exchange.engine.state.head.order_counter;
    let order_id = last_order - (dice.below(8) as u64).min(last_order);
    let (price, quantity) = (95 + dice.below(10) as i64, 1 + dice.below(9) as i64);
    let command = match dice.below(40) {
        0 => Command::MassCancel(MassCancel { account, client_order_id, market: 0, side: 0, actor, deadline_ns }),
        1 => Command::OpenAccount(OpenAccount { owner: 4, number: 0, client_order_id }),
        2 => Command::ChangeAccount(ChangeAccount { account, setting: 2, value: 3, client_order_id, actor }),
        3 => Command::Deposit(Deposit { account, client_order_id, asset, amount, actor }),
        4 => Command::Withdraw(Withdraw { account, client_order_id, asset, amount, actor, deadline_ns }),
        5 => Command::ConfirmWithdrawal(ConfirmWithdrawal { account, client_order_id, withdrawal_id: 1, actor }),
        6 => Command::ReleaseWithdrawal(ReleaseWithdrawal { account, client_order_id, withdrawal_id: 2, actor }),
        7 => {
            let to_account = BOB;
            Command::Transfer(Transfer { account, client_order_id, to_account, asset, amount, actor, deadline_ns })
        }
        8 => {
            let symbol = format!("A{}", dice.below(1_000));
            let (scale, display_decimals, supply_max) = (8, 8, 1 << 62);
            Command::CreateAsset(CreateAsset { symbol, scale, display_decimals, supply_max, client_order_id })
        }
        9 => Command::ChangeAsset(ChangeAsset { asset, display_decimals: 4, supply_max: 0, client_order_id }),
        10 => Command::CreateMarket(CreateMarket {
            base: 3,
            quote: QUOTE,
            tick_size: 10_000_000,
            lot_size: 100_000,
            reference_price: 100,
            quantity_min: 1,
            quantity_max: 1 << 48,
            notional_min: 0,
            band_ppm: 50_000,
            maker_ppm: -100,
            taker_ppm: 1_000,
            status: 1,
            client_order_id,
        }),
        11 => {
            let (quantity_min, quantity_max, notional_min, band_ppm) = (1, -1, 0, -1);
            let market = 1;
            Command::ChangeMarket(ChangeMarket {
                market,
                quantity_min,
                quantity_max,
                notional_min,
                band_ppm,
                client_order_id,
            })
        }
        12 => Command::SetMarketStatus(SetMarketStatus { market: 1, status: 1, client_order_id }),
        13 => {
            let (market, tier, maker_ppm, taker_ppm) = (1, 3, -200, 1_000);
            Command::SetFees(SetFees { market, tier, maker_ppm, taker_ppm, client_order_id })
        }
        14 => Command::AdvanceTime,
        15..20 => {
            let row = AmendS { client_order_id, order_id, price, quantity, expected_filled: -1 };
            return exchange::amend_block(account, &row);
        }
        20..24 => return exchange::cancel_block(account, &CancelS { client_order_id, target: [0; 16], order_id }),
        dice_side => {
            let row = exchange.row(1 + (dice_side % 2) as u8, quantity, price);
            return exchange::place_block(account, &row);
        }
    };
    encode_command(command, 0).unwrap()
}

fn bend(block: &mut [u8], dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let at = HEADER + dice.below(block.len() - HEADER);
        if dice.below(2) == 0 {
            block[at] = [0, 1, 2, 3, 4, 5, 127, 128, 255][dice.below(9)];
        } else {
            let word = at / 8 * 8;
            block[word..word + 8].copy_from_slice(&EDGES[dice.below(EDGES.len())].to_le_bytes());
        }
    }
}

#[test]
fn no_byte_upsets_the_engine() {
    let (mut exchange, mut dice) = (Exchange::open(), Dice(7));
    let (mut out, mut refused) = (Vec::new(), 0);
    for number in 1..=BLOCKS {
        let mut block = good_block(&mut exchange, &mut dice);
        if block.len() > HEADER && dice.below(3) == 0 {
            bend(&mut block, &mut dice);
        }
        exchange.now_ns += 1;
        out.clear();
        let engine = &mut exchange.engine;
        refused += u32::from(engine.preview(&block, exchange.now_ns, &mut out).is_err());
        out.clear();
        let _ = engine.apply_batch(&block, engine.sequence() + 1, exchange.now_ns, &mut out);
        if number % AUDIT_EVERY == 0 {
            let snapshot = engine.snapshot();
            let restored = Engine::restore(&snapshot).unwrap(); // audits holds, sums and books
            assert!(restored.snapshot() == snapshot);
            exchange.engine = restored;
        }
    }
    assert!(refused > 300, "{refused}");
    assert!(exchange.engine.state.books[0].trade_id() > 300);
}
