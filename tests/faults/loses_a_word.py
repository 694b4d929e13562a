#!/usr/bin/env python3
"""The real LibreOffice, but FAULT_WORD does not reach the page."""

import os
import subprocess
import sys
import zipfile

for name in sys.argv:
    if name.endswith(".docx"):
        with zipfile.ZipFile(name) as package:
            parts = {part: package.read(part) for part in package.namelist()}
        with zipfile.ZipFile(name, "w") as package:
            for part, content in parts.items():
                package.writestr(part, content.replace(os.environ["FAULT_WORD"].encode(), b""))
sys.exit(subprocess.run([os.environ["FAULT_SOFFICE"], *sys.argv[1:]], check=False).returncode)
