#!/bin/sh
# Does not answer, not even --version; like the real one it is a script whose child lives on when it is killed.
echo $$ >>"$FAULT_LOG"
sleep 600 &
echo $! >>"$FAULT_LOG"
wait
