"""From a campaign's spreadsheets to signed, compiled and archived policy agreements."""

__version__ = "0.1.0"
