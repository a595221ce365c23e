"""Answers who wants to come in: codes by mail, keys of devices, sessions of browsers for gateways."""

from collections.abc import Callable

from mexchange.codec import MessageType
from mexchange.codec.messages import (
    CodeRequest,
    CodeSent,
    DeviceSignedIn,
    DeviceSignIn,
    WebRefresh,
    WebSignIn,
    WebSignOut,
    WebTokens,
)
from mexchange.daemon.identity_answers import IdentityAnswers
from mexchange.daemon.identity_wire import caller_of, done, host_of, read, web_tokens
from mexchange.daemon.views import Handler
from mexchange.domain.rejects import RejectReason
from mexchange.domain.units import OwnerId, TimeNs
from mexchange.identity.identity import Identity
from mexchange.identity.sign_in import Claim
from mexchange.protocol.server_session import ServerSession
from mexchange.store.identity import Key


class SignInDesk:
    """Handlers of the messages from 610 to 617. `look_again`: whether sessions are good."""

    def __init__(
        self,
        *,
        identity: Identity,
        answers: IdentityAnswers,
        look_again: Callable[[], None],
        server_key: bytes,
        is_demo: bool,
    ) -> None:
        """`is_demo`: some come in without a code."""
        self._identity = identity
        self._answers = answers
        self._look_again = look_again
        self._server_key = server_key
        self._is_demo = is_demo

    def handlers(self) -> dict[MessageType, Handler]:
        """Of this."""
        return {
            MessageType.CODE_REQUEST: self._code_request,
            MessageType.DEVICE_SIGN_IN: self._device_sign_in,
            MessageType.WEB_SIGN_IN: self._web_sign_in,
            MessageType.WEB_REFRESH: self._web_refresh,
            MessageType.WEB_SIGN_OUT: self._web_sign_out,
        }

    def _code_request(self, session: ServerSession, correlation: int, block: bytes) -> None:
        request, caller = read(CodeRequest, MessageType.CODE_REQUEST, block), caller_of(session)
        host = host_of(caller, request.host)
        self._answers.start(
            session,
            correlation,
            lambda: self._identity.sign_in.ask(request.email, host=host),
            lambda issued: self._answers.answer(
                session, correlation, CodeSent(issued.request_id, TimeNs(issued.expires_ns))
            ),
        )

    def _device_sign_in(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = read(DeviceSignIn, MessageType.DEVICE_SIGN_IN, block), caller_of(session)
        claim = Claim(asked.request_id, asked.code, asked.second_factor, asked.intent, caller.host, asked.label)

        def finish(result: tuple[Key, bool]) -> None:
            key, is_new = result
            self._answers.answer(session, correlation, DeviceSignedIn(key.key_id, OwnerId(key.owner), is_new))

        self._answers.start(
            session,
            correlation,
            lambda: self._identity.sign_in.device(
                claim, asked.public_key, asked.signature, server_key=self._server_key
            ),
            finish,
        )

    def _web_sign_in(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = read(WebSignIn, MessageType.WEB_SIGN_IN, block), caller_of(session)
        host = host_of(caller, asked.host)
        claim = Claim(asked.request_id, asked.code, asked.second_factor, asked.intent, host, asked.label)

        if asked.email and not self._is_demo:
            self._answers.refuse(session, correlation, RejectReason.SCOPE_MISSING)
            return

        async def sign_in() -> WebTokens:
            if asked.email:
                tokens, is_new = await self._identity.sign_in.unproven(asked.email, label=asked.label, host=host)
            else:
                tokens, is_new = await self._identity.sign_in.browser(claim)
            profile = await self._identity.profile(tokens.owner)
            return web_tokens(tokens, is_new=is_new, email=profile.email)

        self._answers.reply(session, correlation, sign_in)

    def _web_refresh(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked, caller = read(WebRefresh, MessageType.WEB_REFRESH, block), caller_of(session)
        host = host_of(caller, asked.host)

        async def refresh() -> WebTokens:
            return web_tokens(await self._identity.web.refresh(asked.refresh, host=host))

        self._answers.reply(session, correlation, refresh, then=self._look_again)

    def _web_sign_out(self, session: ServerSession, correlation: int, block: bytes) -> None:
        asked = read(WebSignOut, MessageType.WEB_SIGN_OUT, block)
        self._answers.reply(
            session, correlation, lambda: done(self._identity.web.sign_out(asked.token)), then=self._look_again
        )
