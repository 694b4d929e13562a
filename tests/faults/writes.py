#!/usr/bin/env python3
"""Writes the bytes of the file FAULT_PDF for every document, whatever it says."""

import os
import shutil
import sys
from pathlib import Path

if "--version" in sys.argv:
    sys.stdout.write("LibreOffice 7.4.7.2\n")
    sys.exit()
for name in sys.argv[sys.argv.index("--outdir") + 2 :]:
    shutil.copy(os.environ["FAULT_PDF"], Path(name).with_suffix(".pdf"))
