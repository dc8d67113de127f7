# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Units and containers of processes, from the cgroups that many managers make.
id=4f3c1d2e5b6a79880123456789abcdef4f3c1d2e5b6a79880123456789abcdef
other=aaaa1d2e5b6a79880123456789abcdef4f3c1d2e5b6a79880123456789abcdef
mkdir -p tree/proc/1/fd tree/sys/class/drm tree/sys/class/accel
pid=101

# process COMM LINE...: one with a buffer, and these lines in its cgroup
process()
{
	local dir=tree/proc/$pid

	mkdir -p "$dir/fd" "$dir/fdinfo"
	echo "$1" >"$dir/comm"
	shift
	printf '%s\n' "$@" >"$dir/cgroup"
	echo "400000-452000 r-xp 00000000 08:02 17 /bin/x" >"$dir/maps"
	ln -s /dmabuf: "$dir/fd/5"
	printf 'ino:\t%d\nsize:\t4096\ncount:\t1\nexp_name:\tsystem\n' $pid >"$dir/fdinfo/5"
	pid=$((pid + 1))
}

process pve-lxc 0::/lxc/101/ns/system.slice/plex.service
process pve-lxc-init 0::/lxc/102/ns/init.scope
process pve-vm 0::/qemu.slice/100.scope
process lxd 0::/lxc.payload.web1/system.slice/nginx.service
process lxc3 0::/lxc.payload/web2/system.slice/nginx.service
process lxcmon 0::/lxc.monitor.web1
process nspawn-svc 0::/machine.slice/systemd-nspawn@debian.service/payload/system.slice/sshd.service
process nspawn-scope 0::/machine.slice/machine-debian.scope/payload/init.scope
process libvirt-vm '0::/machine.slice/machine-qemu\x2d37\x2dunifi.scope/libvirt/emulator'
process libvirt-lxc '0::/machine.slice/machine-lxc\x2d1268\x2dsl.scope'
process v1cilium "12:memory:/kubepods/burstable/pod1/$id" \
	"1:name=systemd:/kubepods/burstable/pod1/$id" \
	0::/
process v1docker "12:memory:/docker/$id" \
	"1:name=systemd:/docker/$id" \
	0::/system.slice/containerd.service
process v1pure "2:cpu:/docker/$id" \
	"1:cpuset:/docker/$id"
process crio "0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/crio-$id.scope/container"
process criocolon "0::/kubepods-besteffort-pod1.slice:cri-containerd:$id"
process k8scgroupfs "0::/kubelet/kubepods/burstable/pod1/$id"
process rootless "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-$id.scope/container"
process conmon "0::/machine.slice/libpod-conmon-$id.scope"
process docker-init "0::/system.slice/docker-$id.scope/init.scope"
process android 0::/apps/uid_10123/pid_4567
process insidens 0::/../../user.slice/user-1000.slice/session-2.scope
process ecs 0::/ecs/task1/4f3c1d2e5b6a79880123456789abcdef-1234567890
process flatpak 0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.mozilla.firefox-2345.scope
process snap 0::/user.slice/user-1000.slice/user@1000.service/app.slice/snap.firefox.firefox-1d2e.scope
process dind "0::/docker/$id/docker/$other"
process escunit 0::/system.slice/system-getty.slice/getty@tty1.service

try "dmabuf ps --root tree --columns pid,comm,container,unit 2>/dev/null"
try "dmabuf ps --root tree --json --columns pid,unit,container,cgroup | jq -c '.processes[] | select(.pid == 109 or .pid == 110 or .pid == 112)'"
# Read for a column that is shown or sorted by, and to be saved.
try "dmabuf ps --root tree --columns comm --sort cgroup 2>/dev/null | head -n 4"
try "dmabuf save --root tree saved 2>/dev/null"
try "dmabuf ps --input saved --columns pid,unit 2>/dev/null | head -n 4"
