"""Commands of the command line, by what they are about; `pipeline.cli` joins them."""
