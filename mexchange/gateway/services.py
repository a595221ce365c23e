"""What the handlers of requests work with; put together in app.py."""

from dataclasses import dataclass

from mexchange.config.gateway import GatewaySettings
from mexchange.gateway.bots import Bots
from mexchange.gateway.code_requests import CodeRequests
from mexchange.gateway.cookies import Cookies
from mexchange.gateway.hub import Hub
from mexchange.gateway.link import Link
from mexchange.gateway.origins import Origins
from mexchange.gateway.people import People
from mexchange.gateway.sign_in_limits import SignInLimits
from mexchange.gateway.trading import Trading


@dataclass(frozen=True, slots=True)
class Services:
    """Everything, once."""

    settings: GatewaySettings
    link: Link
    people: People
    hub: Hub
    trading: Trading
    bots: Bots
    sign_ins: SignInLimits
    cookies: Cookies
    origins: Origins
    code_requests: CodeRequests
