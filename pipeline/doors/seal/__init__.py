"""Seals (pyHanko): certificates, signatures in PDFs and beside files, and what they prove."""
