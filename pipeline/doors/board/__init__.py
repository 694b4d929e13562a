"""The board as a page for the browser: static, offline, without a request to anywhere."""
