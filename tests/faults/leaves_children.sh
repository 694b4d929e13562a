#!/bin/sh
# Makes nothing, and leaves two processes that hold its streams: one in its group, one in a session of its own.
case "$*" in *--version*) echo 'LibreOffice 7.4.7.2'; exit ;; esac
sleep 600 &
setsid sleep 600 &
echo "$! " >>"$FAULT_LOG"
exit 0
