"""Doors to what comes back: scans, photographs, signed PDFs."""
