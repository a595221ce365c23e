"""What can be wrong with settings. Caught at the edge of a program, shown as message and hint, exit code 2.

ConfigError
├── BadFile               a file cannot be read, is not TOML, or holds a name that nobody knows
├── BadValue              a value cannot be understood; says where it came from
├── ForbiddenInProject    `.mx.toml` sets more than market, output and aliases
├── ProfileNotFound       the chosen profile is not in config.toml
├── ServerNotFound        nobody named a server and no market runs here
├── UnsafeFile            a secret is readable by others or belongs to somebody else
└── ServerKeyChanged      a server shows another key than the one known for its address
"""


class ConfigError(Exception):
    """`str(error)` is one sentence for a person; `hint` says what to do next and may be empty."""

    code = "E_CONFIG"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BadFile(ConfigError):
    """A file of settings cannot be used."""

    code = "E_CONFIG_FILE"


class BadValue(ConfigError):
    """One value cannot be understood."""

    code = "E_CONFIG_VALUE"


class ForbiddenInProject(ConfigError):
    """A file in the working directory tried to decide more than it may."""

    code = "E_CONFIG_PROJECT"


class ProfileNotFound(ConfigError):
    """The chosen profile does not exist."""

    code = "E_PROFILE"


class ServerNotFound(ConfigError):
    """There is no server to talk to."""

    code = "E_SERVER"


class UnsafeFile(ConfigError):
    """A secret on disk that others may have read."""

    code = "E_UNSAFE_FILE"


class ServerKeyChanged(ConfigError):
    """The server is not who it was; nothing is sent to it."""

    code = "E_SERVER_KEY"
