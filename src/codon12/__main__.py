"""Run the command line as ``python -m codon12``."""

from codon12.cli import main

if __name__ == "__main__":
    main()
