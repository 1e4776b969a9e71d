#!/bin/sh
# Runs a command in a chroot that sees this machine's /dev, /proc and /sys, a Node of this machine at /opt/tapbook/node, a
# checkout (read-only) at /opt/tapbook/project and a folder to work in at /opt/tapbook/work.
#
#     in-chroot.sh CHROOT NODE PROJECT WORK COMMAND [ARGUMENT]...
#
# The mounts are made in a mount namespace of the command's own: nobody else sees them, and they are gone when the
# command ends, however it ends. Every step is an exec, so the process that was started is the one that runs.
set -eu
if [ "${1:-}" != --mounted ]; then
  exec unshare --mount --propagation private -- "$0" --mounted "$@"
fi
shift
chroot=$1 node=$2 project=$3 work=$4
shift 4
for folder in dev proc sys; do mount --rbind "/$folder" "$chroot/$folder"; done
mkdir -p "$chroot/opt/tapbook/project" "$chroot/opt/tapbook/work"
touch "$chroot/opt/tapbook/node"
mount --bind "$node" "$chroot/opt/tapbook/node"
mount --bind "$project" "$chroot/opt/tapbook/project"
mount -o remount,bind,ro "$chroot/opt/tapbook/project"
mount --bind "$work" "$chroot/opt/tapbook/work"
exec chroot "$chroot" "$@"
