"""`python -m geohg`: the command line, as `geohg` and, in a checkout, `python -m engine`."""

import runpy

if __name__ == "__main__":
    runpy.run_module("geohg.engine", run_name="__main__", alter_sys=True)
