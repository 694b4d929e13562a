#!/bin/sh
# Says its version, then 30 MB on each of its streams, and makes nothing.
echo 'LibreOffice 7.4.7.2'
head -c 30000000 /dev/zero
head -c 30000000 /dev/zero >&2
