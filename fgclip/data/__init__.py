"""Records of pictures with boxes and phrases, and the files they are kept in."""

from fgclip.data.finehard import FineHardError, read_finehard, write_finehard
from fgclip.data.records import Negative, Record, Region

__all__ = ["FineHardError", "Negative", "Record", "Region", "read_finehard", "write_finehard"]
