"""Records of pictures with boxes and phrases, and the files they are kept in."""

from fgclip.data.records import Negative, Record, Region

__all__ = ["Negative", "Record", "Region"]
