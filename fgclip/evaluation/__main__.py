"""`python -m fgclip.evaluation BENCHMARK --data DIR [--model NAME] [--out DIR]`."""

from fgclip.cli.evaluate import main

if __name__ == "__main__":
    main()
