"""The benchmark: ours and the alternatives side by side, on the same work, in one run.

    python -m tools.bench [--quick] [--only ID]... [--output FILE]

Absolute times say something about a machine and its other work; ratios from interleaved rounds say something about the
program. So every row runs both sides in turn, takes the median of each, and proves that both did the same work.
"""
