"""`python -m recount`: the command line where its script is not on the path."""

from recount.cli import main

main(prog_name="python -m recount")
