"""What can be wrong with an archive as a whole.

ExportError
├── NotAnExport   no ZIP, no JSON, no history inside
├── Encrypted     it asks for a password
├── Damaged       cut off, or its bytes are not those that were packed
├── Bomb          far larger inside than any listening is
└── UnsafeName    a member's name leads out of the archive
"""

from longplay.errors import ExportError


class NotAnExport(ExportError):
    """There is no listening in it."""


class Encrypted(ExportError):
    """It asks for a password."""


class Damaged(ExportError):
    """It was cut off, or its bytes have changed."""


class Bomb(ExportError):
    """It is far larger inside than any listening is."""


class UnsafeName(ExportError):
    """A member's name leads out of the archive."""


AGAIN = "Download it again from Spotify and import the file as it comes."
