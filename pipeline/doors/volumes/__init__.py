"""Binding volumes (pikepdf, reportlab)."""
