"""The steps: one a file, value in, `(value, findings)` out. A step never imports a step; `run` joins them.

read → check → plan → render → convert
"""
