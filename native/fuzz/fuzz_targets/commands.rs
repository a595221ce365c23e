//! Sequences of small, mostly sensible commands: each operation is a few bytes, so that mutations stay commands.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mexchange_engine::Engine;
use mexchange_engine::codec::commands::encode_command;
use mexchange_engine::codec::generated::{AmendS, Amends, CancelS, Cancels, NewOrderS, NewOrders};
use mexchange_engine::codec::table::Message;
use mexchange_engine::domain::commands::{
    ChangeAccount, ChangeMarket, Command, ConfirmWithdrawal, CreateAsset, CreateMarket, Deposit, MassCancel,
    OpenAccount, ReleaseWithdrawal, SetFees, SetMarketStatus, Transfer, Withdraw,
};
use mexchange_fuzz::{apply, audit, seed};

const OPERATIONS_MAX: usize = 64;
/// After so many operations everything is looked at; each preview is, too.
const AUDIT_EVERY: usize = 16;
const SECOND_NS: i64 = 1_000_000_000;

static START: LazyLock<Vec<u8>> = LazyLock::new(start);

fuzz_target!(init: seed("commands", seeds()), |data: &[u8]| {
    let mut bytes = data.iter().copied();
    let mut engine = Engine::restore(&START).expect("our own snapshot");
    let mut time_ns = engine.time_ns();
    for number in 0..OPERATIONS_MAX {
        let Some(block) = operation(&mut bytes) else { break };
        time_ns += SECOND_NS / 4;
        if number % AUDIT_EVERY == 0 {
            apply(&mut engine, &block, time_ns).expect("a good block");
        } else {
            engine.apply_batch(&block, engine.sequence() + 1, time_ns, &mut Vec::new()).expect("a good block");
        }
    }
    audit(&engine);
});

/// No golden file is made of these operations; a few bytes of each are enough to begin with.
fn seeds() -> Vec<Vec<u8>> {
    (0_u8..20)
        .map(|operation| (0..48_u8).map(|byte| operation.wrapping_add(17_u8.wrapping_mul(byte))).collect())
        .collect()
}

/// Two assets, a market with a rebate, four accounts of three owners with little money.
fn start() -> Vec<u8> {
    let mut engine = Engine::new();
    engine.enable(1, 1);
    let asset = |symbol: &str| {
        let symbol = symbol.to_owned();
        Command::CreateAsset(CreateAsset {
            symbol,
            scale: 8,
            display_decimals: 8,
            supply_max: 1 << 40,
            client_order_id: [0; 16],
        })
    };
    let mut commands = vec![asset("KCN"), asset("EUR")];
    commands.push(Command::CreateMarket(CreateMarket {
        base: 1,
        quote: 2,
        tick_size: 10_000_000,
        lot_size: 100_000,
        reference_price: 16,
        quantity_min: 1,
        quantity_max: 1 << 20,
        notional_min: 0,
        band_ppm: 500_000,
        maker_ppm: -300,
        taker_ppm: 1_100,
        status: 1,
        client_order_id: [0; 16],
    }));
    for (owner, number) in [(1, 0), (2, 0), (3, 0), (1, 1)] {
        commands.push(Command::OpenAccount(OpenAccount { owner, number, client_order_id: [0; 16] }));
    }
    for account in 16..20 {
        for asset in [1, 2] {
            let amount = 100_000_000;
            let client_order_id = id(b'0' + asset as u8);
            commands.push(Command::Deposit(Deposit { account, client_order_id, asset, amount, actor: 0 }));
        }
    }
    for command in commands {
        let block = encode_command(command, 0).expect("a command");
        engine.apply_batch(&block, engine.sequence() + 1, SECOND_NS, &mut Vec::new()).expect("a good block");
    }
    engine.snapshot()
}

/// A text id, or from 0x80 on a UUID.
fn id(byte: u8) -> [u8; 16] {
    let mut id = [0; 16];
    id[0] = if byte < 0x80 { b'a' + byte % 26 } else { 1 };
    id[1] = if byte < 0x80 { b'a' + byte / 26 } else { byte };
    id
}

/// Everything that a command may hold is one byte; large values are the rare ones.
struct Few<'a, I>(&'a mut I);

impl<I: Iterator<Item = u8>> Few<'_, I> {
    fn byte(&mut self) -> u8 {
        self.0.next().unwrap_or(0)
    }

    fn account(&mut self) -> u64 {
        16 + u64::from(self.byte() % 5)
    }

    fn amount(&mut self) -> i64 {
        match self.byte() {
            byte @ 0..240 => i64::from(byte),
            byte => [i64::MAX, i64::MIN, -1, 1 << 48, 1 << 20, 100_000_000, 3_000_000, 1 << 62][usize::from(byte % 8)],
        }
    }

    fn order(&mut self) -> NewOrderS {
        NewOrderS {
            client_order_id: id(self.byte()),
            price: self.amount() % 32,
            quantity: self.amount(),
            expiry_ns: i64::from(self.byte() / 4) * SECOND_NS,
            market: 1,
            side: self.byte() % 3,
            type_tif: [0x11, 0x11, 0x11, 0x21, 0x31, 0x41, 0x22, 0x32][usize::from(self.byte() % 8)],
            stp: self.byte() % 7,
            flags: [0, 0, 0, 1, 3, 4, 8, 12][usize::from(self.byte() % 8)],
        }
    }
}

fn operation(bytes: &mut impl Iterator<Item = u8>) -> Option<Vec<u8>> {
    let operation = bytes.next()?;
    let few = &mut Few(bytes);
    let account = few.account();
    let command = match operation % 20 {
        0..7 => {
            let orders = (0..1 + operation / 128).map(|_| few.order()).collect();
            return NewOrders { account, orders, ..NewOrders::default() }.encode(0).ok();
        }
        7 => {
            let cancel = CancelS {
                client_order_id: id(few.byte()),
                target: id(few.byte()),
                order_id: u64::from(few.byte() % 32),
            };
            return Cancels { account, cancels: vec![cancel], ..Cancels::default() }.encode(0).ok();
        }
        8..11 => {
            let client_order_id = id(few.byte());
            let (price, quantity, expected_filled) = (few.amount() % 32, few.amount(), few.amount() % 4 - 1);
            let amend =
                AmendS { client_order_id, order_id: u64::from(few.byte() % 32), price, quantity, expected_filled };
            return Amends { account, amends: vec![amend], ..Amends::default() }.encode(0).ok();
        }
        11 => Command::MassCancel(MassCancel {
            account,
            client_order_id: id(few.byte()),
            market: u32::from(few.byte() % 3),
            side: few.byte() % 4,
            actor: 0,
            deadline_ns: 0,
        }),
        12 => Command::Withdraw(Withdraw {
            account,
            client_order_id: id(few.byte()),
            asset: 1 + u32::from(few.byte() % 3),
            amount: few.amount(),
            actor: account,
            deadline_ns: 0,
        }),
        13 => Command::Transfer(Transfer {
            account,
            client_order_id: id(few.byte()),
            to_account: few.account(),
            asset: 1 + u32::from(few.byte() % 3),
            amount: few.amount(),
            actor: account,
            deadline_ns: 0,
        }),
        14 => Command::ConfirmWithdrawal(ConfirmWithdrawal {
            account,
            client_order_id: id(few.byte()),
            withdrawal_id: u64::from(few.byte() % 8),
            actor: 0,
        }),
        15 => Command::ReleaseWithdrawal(ReleaseWithdrawal {
            account,
            client_order_id: id(few.byte()),
            withdrawal_id: u64::from(few.byte() % 8),
            actor: 0,
        }),
        16 => Command::SetMarketStatus(SetMarketStatus {
            market: 1,
            status: 1 + few.byte() % 4,
            client_order_id: [0; 16],
        }),
        17 => Command::SetFees(SetFees {
            market: 1,
            tier: u32::from(few.byte() % 17),
            maker_ppm: few.amount() - 100,
            taker_ppm: few.amount(),
            client_order_id: [0; 16],
        }),
        18 => Command::ChangeAccount(ChangeAccount {
            account,
            setting: few.byte() % 7,
            value: few.amount(),
            client_order_id: [0; 16],
            actor: 0,
        }),
        _ => match few.byte() % 3 {
            0 => Command::Deposit(Deposit {
                account,
                client_order_id: id(few.byte()),
                asset: 1 + u32::from(few.byte() % 3),
                amount: few.amount(),
                actor: 0,
            }),
            1 => Command::ChangeMarket(ChangeMarket {
                market: 1,
                quantity_min: few.amount(),
                quantity_max: few.amount(),
                notional_min: few.amount(),
                band_ppm: few.amount(),
                client_order_id: [0; 16],
            }),
            _ => Command::AdvanceTime,
        },
    };
    encode_command(command, 0).ok()
}
