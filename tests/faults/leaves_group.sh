#!/bin/sh
# Converts nothing and never ends, nor does its child, which is in a session of its own. Leaves both process ids in FAULT_LOG.
case "$*" in *--version*) echo 'LibreOffice 7.4.7.2'; exit ;; esac
setsid sleep 600 &
echo "$$ $!" >>"$FAULT_LOG"
wait
