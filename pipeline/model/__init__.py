"""Values that pass from hand to hand: frozen, typed, without behaviour that touches the world.

Nothing here imports another package of ours.
"""
