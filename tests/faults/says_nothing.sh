#!/bin/sh
# A program that is no LibreOffice, or one whose installation is broken: it does not even tell its version.
exit 1
