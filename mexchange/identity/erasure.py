"""A person is forgotten: address, second factor, keys, labels, sessions, codes, the hosts they came from.

What stays is a number: the owner in the journal, whose balances nobody has touched, and that number's lines in the
audit log. The account can then be reached by an operator only.
"""

from typing import Final

from mexchange.identity.audit import Audit, AuditKind
from mexchange.store.audit import AuditRows
from mexchange.store.codes import CodeRows
from mexchange.store.database import Database
from mexchange.store.identity import People
from mexchange.store.web_sessions import WebSessionRows

LABEL: Final = "erased"


async def erase(database: Database, audit: Audit, owner: int, time_ns: int) -> bool:
    """Forget the person of that number; False if there is none. Their sessions end."""
    async with database.writing() as connection:
        people, codes = People(connection), CodeRows(connection)
        known = await people.owner(owner)
        if known is None:
            return False
        await codes.forget(subject_mac=known.email_mac, owner=owner)
        await WebSessionRows(connection).forget(owner)
        await people.delete_keys(owner)
        await people.set_backup_codes(owner, ())
        await people.set_owner(
            owner,
            label=LABEL,
            email_mac=None,
            email_sealed=None,
            totp_sealed=None,
            totp_draft_sealed=None,
            totp_step=0,
            disabled_ns=known.disabled_ns or time_ns,
            erased_ns=known.erased_ns or time_ns,
        )
        await people.changed()
        await AuditRows(connection).erase_hosts(owner)
        await audit.write(connection, audit.entry(AuditKind.USER_ERASED, time_ns, owner=owner))
    return True
