"""Where blocks are made: in this process, in worker processes, on a Dask cluster."""
