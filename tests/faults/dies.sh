#!/bin/sh
# Crashes at once.
case "$*" in *--version*) echo 'LibreOffice 7.4.7.2'; exit ;; esac
kill -SEGV $$
