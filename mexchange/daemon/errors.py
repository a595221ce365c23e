"""Why a daemon ends, as exit codes. The rest of the tree is store's and config's.

0   stopped cleanly: snapshot taken, journal closed
2   could not start as asked: settings, data directory, port
70  a defect of ours, or a poison command: nothing of the frame in hand was released
74  the disk failed a write or a sync
"""

from typing import Final

EXIT_OK: Final = 0
EXIT_USAGE: Final = 2
EXIT_DEFECT: Final = 70
EXIT_DISK: Final = 74
