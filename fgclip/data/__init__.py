"""Records of pictures with boxes and phrases, and the files they are kept in."""

from fgclip.data.finehard import FineHardError, read_finehard, write_finehard
from fgclip.data.formats import FORMATS, Format, detect, read_records, write_records
from fgclip.data.reading import FormatError, Lost, Reading
from fgclip.data.records import Negative, Record, Region

__all__ = [
    "FORMATS",
    "FineHardError",
    "Format",
    "FormatError",
    "Lost",
    "Negative",
    "Reading",
    "Record",
    "Region",
    "detect",
    "read_finehard",
    "read_records",
    "write_finehard",
    "write_records",
]
