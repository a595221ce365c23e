"""A backup that is taken while money arrives and leaves: in the exchange that is restored nothing is there twice."""

import os
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from mexchange.client.blocking import BlockingClient
from mexchange.codec.messages import DepositInfo, DepositState, WithdrawalState
from tests.integration.daemon.market import Market
from tests.integration.history.test_history import mx
from tests.integration.wallet.test_deposits import GRANT
from tests.integration.wallet.test_faucet import connect
from tests.integration.wallet.test_sub_accounts import EUR, EURO, euros
from tests.integration.wallet.test_withdrawals import SMALL, asked, demo_user, mailed, until


def everything(client: BlockingClient) -> list[DepositInfo]:
    return client.deposits(limit=10_000).deposits


def test_money_on_its_way_during_a_backup_is_counted_once_after_it(database: str, tmp_path: Path) -> None:
    data, copy, again = tmp_path / "data", tmp_path / "backup", tmp_path / "again"
    data.mkdir(mode=0o700)
    live, restored = Market(data, MX_DAEMON_DATABASE=database, **SMALL), Market(again, **SMALL)
    try:
        live.start()
        with connect(live, demo_user(live)) as ann:
            sent = asked(ann, 100 * EURO, "before-the-backup")
            ann.confirm_withdrawal(sent.request_id, mailed(live, "before-the-backup"))
            with ThreadPoolExecutor(1) as beside:
                backup = beside.submit(mx, "daemon", "backup", os.fspath(copy), data=data, setting=database)
                while not backup.done():
                    ann.simulate_deposit(EUR, EURO)
                    time.sleep(0.03)
            assert backup.result().returncode == 0, backup.result().stderr
        restore = mx("daemon", "restore", os.fspath(copy), "--data", os.fspath(again), data=again, setting="")
        assert restore.returncode == 0, restore.stderr
        restored.start()
        with connect(restored, demo_user(restored)) as ann:
            with closing(sqlite3.connect(again / "chain.db")) as chain:
                (outside,) = chain.execute("SELECT count(*), sum(amount) FROM transactions").fetchall()
            until(lambda: [each.state for each in everything(ann)] == [DepositState.CREDITED] * outside[0])
            (gone,) = ann.withdrawals()
            until(lambda: ann.withdrawals()[0].state == WithdrawalState.PAID)
            assert sum(each.amount for each in everything(ann)) == outside[1]
            assert euros(ann) == GRANT + outside[1] - gone.amount
    finally:
        live.end()
        restored.end()
