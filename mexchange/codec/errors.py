"""What can be wrong with bytes, or with a message that shall become bytes.

CodecError
+-- Malformed          bytes that are not what they claim to be; the sender's fault
+-- UnknownMessage     a message type that this version does not know
+-- Unencodable        a value that its field on the wire cannot hold; also a ValueError
"""


class CodecError(Exception):
    """Root of this package's errors."""


class Malformed(CodecError):
    """The bytes break a rule of the format. Nothing of them may be used."""


class UnknownMessage(CodecError):
    """No message has this number here; a newer peer may know it."""

    def __init__(self, message_type: int) -> None:
        super().__init__(f"message type {message_type} is not known")
        self.message_type = message_type


class Unencodable(CodecError, ValueError):
    """A value is too large, too long or of the wrong kind for its field."""
