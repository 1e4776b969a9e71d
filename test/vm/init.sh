#!/bin/busybox sh
# The first process of a guest. Its root becomes what the machine around it has, read-only and covered by a layer in memory,
# so that Node, the build and node_modules are simply there. TAPBOOK_SHARE comes from the kernel's command line: the one
# folder that both sides write to, with the command to run in it.
export PATH=/bin
for tool in mount mkdir insmod cat echo chroot poweroff ifconfig ulimit; do busybox ln -s busybox /bin/$tool; done

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
for module in $(cat /modules/order); do insmod /modules/$module.ko || echo "init: cannot load $module"; done

mount -t tmpfs tmpfs /upper
mkdir /upper/changes /upper/work
mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose,ro host /host || poweroff -f
mount -t overlay -o lowerdir=/host,upperdir=/upper/changes,workdir=/upper/work overlay /guest || poweroff -f
for folder in proc sys dev; do mount -o rbind /$folder /guest/$folder; done
mount -t bpf bpf /guest/sys/fs/bpf
mount -t debugfs debugfs /guest/sys/kernel/debug
mount -t tracefs tracefs /guest/sys/kernel/tracing
mount -t cgroup2 cgroup2 /guest/sys/fs/cgroup
mount -t tmpfs tmpfs /guest/run
mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=none share "/guest$TAPBOOK_SHARE" || poweroff -f
ifconfig lo 127.0.0.1 up

echo started >"/guest$TAPBOOK_SHARE/state"
chroot /guest /bin/sh "$TAPBOOK_SHARE/command.sh" >"/guest$TAPBOOK_SHARE/output" 2>&1 </dev/null
echo "ended $?" >"/guest$TAPBOOK_SHARE/state"
poweroff -f
