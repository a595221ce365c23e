//! What an account has, asset by asset.

use crate::domain::units::{AssetId, Atoms};

/// Atoms of one asset in one account. Held is what open orders and pending withdrawals need, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// May be used.
    pub available: Atoms,
    /// Is promised.
    pub held: Atoms,
}

/// A row per asset that was ever touched, by asset id. Others have zero.
#[derive(Clone, Debug, Default)]
pub struct Balances(Vec<(AssetId, Balance)>);

impl Balances {
    /// What there is of this asset.
    pub fn get(&self, asset_id: AssetId) -> Balance {
        match self.0.binary_search_by_key(&asset_id, |&(each, _)| each) {
            Ok(place) => self.0[place].1,
            Err(_) => Balance::default(),
        }
    }

    /// To be changed, or looked at where that counts as touching: a row that is not there is made.
    #[inline]
    pub fn get_mut(&mut self, asset_id: AssetId) -> &mut Balance {
        let place = self.0.partition_point(|&(each, _)| each < asset_id);
        if self.0.get(place).is_none_or(|&(each, _)| each != asset_id) {
            self.0.insert(place, (asset_id, Balance::default()));
        }
        &mut self.0[place].1
    }

    /// Every row, by asset id.
    pub fn iter(&self) -> impl Iterator<Item = (AssetId, Balance)> {
        self.0.iter().copied()
    }
}
