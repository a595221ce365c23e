"""Bytes to domain and back: blocks, messages, records. The only package that knows generated classes."""

from mexchange.codec.codec import decode, encode
from mexchange.codec.commands import decode_commands, encode_amends, encode_cancels, encode_orders
from mexchange.codec.errors import CodecError, Malformed, Unencodable, UnknownMessage
from mexchange.codec.message_type import MessageType

__all__ = [
    "CodecError",
    "Malformed",
    "MessageType",
    "Unencodable",
    "UnknownMessage",
    "decode",
    "decode_commands",
    "encode",
    "encode_amends",
    "encode_cancels",
    "encode_orders",
]
