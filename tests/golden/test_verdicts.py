"""The golden verdicts (verdicts.py): what ingress lets into the journal, in which bytes. Rust reads them too."""

from mexchange.codec.commands import COMMAND_TYPES
from tests.golden.verdicts import MALFORMED, read_verdicts, verdict


def test_payloads_are_judged_as_on_the_day_when_the_verdicts_were_made() -> None:
    verdicts = read_verdicts()
    for message_type, payload, said in verdicts:
        assert verdict(message_type, payload) == said
    assert {message_type for message_type, _, _ in verdicts} <= COMMAND_TYPES
    bad = sum(said == MALFORMED for _, _, said in verdicts)
    assert len(verdicts) // 4 < bad < len(verdicts) * 3 // 4
