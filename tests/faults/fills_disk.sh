#!/bin/sh
# Writes beside the documents until there is no room, and makes nothing.
case "$*" in *--version*) echo 'LibreOffice 7.4.7.2'; exit ;; esac
while [ "$1" != --outdir ]; do shift; done
cat /dev/zero >"$2/lu1.tmp" 2>/dev/null
exit 0
