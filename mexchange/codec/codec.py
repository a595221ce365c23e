"""One door for every message: `encode` makes a whole block, `decode` reads a payload."""

from typing import Any, Final, get_args

from mexchange.codec._generated import MESSAGES
from mexchange.codec.blocks import pack
from mexchange.codec.commands import encode_command
from mexchange.codec.errors import UnknownMessage
from mexchange.codec.messages import Message, Nested, Row
from mexchange.codec.struct_codec import StructCodec, codec_for
from mexchange.domain.commands import Command

_ROWS: Final = {f"{cls.__name__}S": cls for cls in get_args(Row)}
_NESTED: Final = {cls.__name__: cls for cls in get_args(Nested)}
_CODECS: Final[dict[int, StructCodec[Message]]] = {
    number: codec_for(cls, _ROWS, _NESTED)
    for number, name in MESSAGES.items()
    for cls in get_args(Message)
    if cls.__name__ == name
}
_BY_CLASS: Final[dict[type[Any], tuple[int, StructCodec[Message]]]] = {
    cls: (number, _CODECS[number])
    for number, name in MESSAGES.items()
    for cls in get_args(Message)
    if cls.__name__ == name
}


def encode(message: Message | Command, correlation: int = 0) -> bytes:
    """A whole block. Raises Unencodable if a value does not fit its field."""
    known = _BY_CLASS.get(type(message))
    if known is None:
        return encode_command(message, correlation)  # type: ignore[arg-type]
    number, codec = known
    return pack(number, codec.encode(message), correlation)


def decode(message_type: int, payload: bytes | memoryview) -> Message:
    """The message of a block's payload; for commands there is `commands.decode_commands`.

    Raises Malformed, or UnknownMessage for a type that is not in `messages`.
    """
    codec = _CODECS.get(message_type)
    if codec is None:
        raise UnknownMessage(message_type)
    return codec.decode(payload if type(payload) is bytes else bytes(payload))
