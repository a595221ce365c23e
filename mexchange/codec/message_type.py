"""The numbers of the messages, from schemas/message_type.fbs."""

from mexchange.codec._generated import MessageType

__all__ = ["MessageType"]
