"""Cut CLIP's byte-pair merges to size: fewer rows in the embedding, the same words.

`python -m training.tokenizer --merges bpe_simple_vocab_16e6.txt.gz --count 16000 --out DIR`

The merges file is OpenAI CLIP's (MIT); the PyPI package open_clip_torch carries it.
A prefix of the merges is itself a valid CLIP tokenizer, since merges apply in order of rank.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import zlib
from pathlib import Path

from fgclip.inputs.clip_tokenizer import Tokenizer, TokenizerError, build_backend, clip_vocabulary

CLIP_MERGES = 48_894  # 49,408 tokens less 512 bytes and 2 marks


def read_merges(path: Path, count: int) -> list[str]:
    """The first `count` merges of CLIP's file, whose first line is a version."""
    if not 1 <= count <= CLIP_MERGES:
        raise TokenizerError(f"--count is {count}, but CLIP has 1 to {CLIP_MERGES} merges")
    try:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            _, *merges = stream.read().splitlines() or [""]
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise TokenizerError(f"{path} is not CLIP's file of merges: {error}") from error
    if len(merges) < count:
        raise TokenizerError(f"{path} has {len(merges)} merges; lower --count from {count}")
    return merges[:count]


def main() -> None:
    """Write `tokenizer.json` to the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--merges", type=Path, required=True)
    parser.add_argument("--count", type=int, default=16_000)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        merges = read_merges(options.merges, options.count)
        Tokenizer(build_backend(clip_vocabulary(merges), merges)).save(options.out)
    except (TokenizerError, OSError) as error:
        sys.exit(f"training.tokenizer: {error}")


if __name__ == "__main__":
    main()
