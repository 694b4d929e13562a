"""Korean as papers need it: particles, dates, numbers, names, and the Jinja filters made of them.

Pure functions over text. Nothing here imports another package of ours or touches a file.
"""
