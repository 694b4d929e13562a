#!/bin/sh
# A LibreOffice of 2020.
echo 'LibreOffice 6.4.7.2 639b8ac485750d5696d7590a72ef1b496725cfb5'
