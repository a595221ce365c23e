//! Accounts: opening one for an owner, and setting what it may do.

use super::answer::{NO_MARKET, NO_ORDER, admit_operator, admit_target, conclude, next_in_stream, refuse};
use super::digest::Content;
use super::execute::end_all;
use super::state::{Account, State};
use crate::codec::record_packers::{pack_account_changed, pack_account_opened};
use crate::domain::client_id::NO_ID;
use crate::domain::commands::{ChangeAccount, OpenAccount};
use crate::domain::events::EventKind;
use crate::domain::market::{ACCOUNT_NUMBER_MAX, AccountSetting, AccountStatus, FEE_TIER_MAX, OPEN_ORDERS_PER_ACCOUNT};
use crate::domain::order::{DoneReason, SelfTradePrevention};
use crate::domain::rejects::RejectReason;
use crate::domain::units::{Atoms, NOTIONAL_MAX};

/// A new account, or the old one named again, so that whoever asks after a crash asks again.
pub fn open_account(state: &mut State, out: &mut Vec<u8>, command: &OpenAccount, content: &Content) {
    let OpenAccount { owner, number, client_order_id } = command;
    let Some(asking) = admit_operator(state, out, client_order_id, content) else {
        return;
    };
    if *owner == 0 || *number > ACCOUNT_NUMBER_MAX {
        return refuse(state, out, &asking, RejectReason::OwnerInvalid, 0, NO_MARKET, NO_ORDER);
    }
    let known = state.account_ids.get(&(*owner, *number)).copied();
    let account_id = known.unwrap_or(state.head.account_counter + 1);
    let mut account_sequence = 0;
    if known.is_none() {
        state.head.account_counter = account_id;
        let mut account = Account::new(account_id, *owner, *number);
        account_sequence = next_in_stream(&mut account);
        state.accounts.push(account);
        state.account_ids.insert((*owner, *number), account_id);
    }
    pack_account_opened(out, account_id, account_sequence, state.head.sequence, client_order_id, *owner, *number);
    conclude(state, &asking, EventKind::AccountOpened, NO_MARKET, account_id);
}

/// One setting. Closing an account cancels its orders; what it holds may still leave.
pub fn change_account(state: &mut State, out: &mut Vec<u8>, command: &ChangeAccount, content: &Content) {
    let id = &command.client_order_id;
    let Some(asking) = admit_target(state, out, command.account, id, content) else {
        return;
    };
    let account = state.accounts.get_mut(asking.account);
    let setting = match check_setting(account, command) {
        Ok(setting) => setting,
        Err(reason) => return refuse(state, out, &asking, reason, 0, NO_MARKET, NO_ORDER),
    };
    match setting {
        Setting::Status(status) => account.status = status,
        Setting::FeeTier(tier) => account.fee_tier = tier,
        Setting::SelfTradePrevention(mode) => account.self_trade_prevention = mode,
        Setting::OpenOrdersMax(most) => account.open_orders_max = most,
        Setting::OrderNotionalMax(most) => account.order_notional_max = most,
    }
    let account_sequence = next_in_stream(account);
    let (account_id, sequence) = (account.account_id, state.head.sequence);
    pack_account_changed(out, account_id, account_sequence, sequence, id, command.setting, command.value);
    conclude(state, &asking, EventKind::AccountChanged, NO_MARKET, NO_ORDER);
    if matches!(setting, Setting::Status(AccountStatus::Closed)) {
        let slots: Vec<u32> = state.open_orders(asking.account).map(|(slot, _)| slot).collect();
        end_all(state, out, &slots, DoneReason::AccountClosed, &NO_ID, |_, _| ());
    }
}

/// A setting with a value that it takes.
#[derive(Clone, Copy, Debug)]
enum Setting {
    Status(AccountStatus),
    FeeTier(u8),
    SelfTradePrevention(SelfTradePrevention),
    OpenOrdersMax(u32),
    OrderNotionalMax(Atoms),
}

fn check_setting(account: &Account, command: &ChangeAccount) -> Result<Setting, RejectReason> {
    if account.status == AccountStatus::Closed {
        return Err(RejectReason::AccountClosed);
    }
    setting_of(command).ok_or(RejectReason::SettingInvalid)
}

fn setting_of(command: &ChangeAccount) -> Option<Setting> {
    let small = u8::try_from(command.value).ok();
    Some(match AccountSetting::of(command.setting)? {
        AccountSetting::Status => Setting::Status(AccountStatus::of(small?)?),
        AccountSetting::FeeTier => Setting::FeeTier(small.filter(|&tier| tier <= FEE_TIER_MAX)?),
        AccountSetting::SelfTradePrevention => Setting::SelfTradePrevention(SelfTradePrevention::of(small?)?),
        AccountSetting::OpenOrdersMax => {
            let most = u32::try_from(command.value).ok();
            Setting::OpenOrdersMax(most.filter(|&most| most <= OPEN_ORDERS_PER_ACCOUNT)?)
        }
        AccountSetting::OrderNotionalMax => {
            Setting::OrderNotionalMax(Some(command.value).filter(|most| (0..=NOTIONAL_MAX).contains(most))?)
        }
    })
}
