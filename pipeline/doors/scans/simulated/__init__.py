"""The simulated scanner: signs issued pages, scans or photographs them badly, and knows the truth of every page.

Deterministic by seed: every function that draws takes a numpy Generator; nothing is kept between calls.
"""
