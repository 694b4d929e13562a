"""Seals: what a person signs with, signing PDFs and other files, and judging what is signed (pyHanko)."""
