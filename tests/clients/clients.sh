#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs in a guest: clients.sh KERNEL PART|SCENE... Each scene is a real client of dma-bufs,
# from Debian's packages, with its buffers in use. dmabuf must agree with the kernel
# (truth.sh) about them, explain every reference, and never call one leaked: while the
# client runs, while it is stopped, and after a kill -9. The scenes are at the end.
# Prints the line protocol of tests/run. shellcheck disable=SC2319
set -u

KERNEL=$1
shift

# shellcheck source=../vm/guest.sh
. ./guest.sh

export PATH=/vm:/bin:/usr/bin:/sbin:/usr/sbin XDG_RUNTIME_DIR=/run
export GST_REGISTRY=/tmp/registry GST_REGISTRY_FORK=no
LIMIT='unexplained>0'

# The display, and the folder that the kernel has about it. vgem cannot show anything.
for dir in /sys/kernel/debug/dri/[0-9]*; do
	if [ -e "$dir/framebuffer" ] && ! grep -q vgem "$dir/name"; then
		DISPLAY_INFO=$dir
		CARD=/dev/dri/card${dir##*/}
		DRIVER=$(cut -d ' ' -f 1 "$dir/name")
	fi
done

# start COMMAND...: starts a client. PIDS are all clients of the scene.
start()
{
	sh enter.sh "$@" >>log 2>&1 &
	LAST=$!
	PIDS="$PIDS $LAST"
}

# tree PID...: prints these processes and all their children
tree()
{
	for pid; do
		echo "$pid"
		# shellcheck disable=SC2046 # numbers
		tree $(cat "/proc/$pid"/task/*/children 2>/dev/null)
	done
}

# everybody: prints all processes of the scene
everybody()
{
	# shellcheck disable=SC2086 # numbers
	tree $PIDS
}

# until_true NAME COMMAND...: waits until the command succeeds. The scene fails if a client
# ends before, or if that takes ten minutes.
until_true()
{
	waits_for=$1 tries=0
	shift
	until "$@"; do
		tries=$((tries + 1))
		if [ $tries -gt 1200 ] || ! kill -0 "$LAST" 2>/dev/null; then
			not_ok "$SCENE_NAME-$waits_for" "$(tail -n 20 log)"
			return 1
		fi
		sleep 0.5
	done
}

has_buffers()
{
	[ "$(buffers_left)" -ge "$1" ]
}

# Counts framebuffers of imported buffers.
shows_imported()
{
	grep -q 'imported=yes' "$DISPLAY_INFO/framebuffer"
}

has_file()
{
	[ -e "$1" ]
}

# The kernel's answer and that of dmabuf: "INO REFS FDS MAPS" for each buffer
agrees_with_kernel()
{
	sh truth.sh >truth
	dmabuf list --json >list.json 2>list.err
	jq -r '.buffers[] | [.ino, .refs, ([.holders[].fds] | add // 0),
		([.holders[].maps] | add // 0)] | map(tostring) | join(" ")' list.json |
		sort -n >got
	cmp -s truth got
	result $? "$SCENE_NAME-agrees" "$(diff truth got; cat list.err)"
}

# alarm: sets status to 4 if dmabuf calls a reference leaked, and to 3 if it cannot tell
alarm()
{
	dmabuf leaks --fail-if "$LIMIT" >alarm 2>&1
	status=$?
}

# no_alarm_running NAME: while buffers move, dmabuf may not be able to tell. It must never
# give an alarm. Sets running to the digits of five exit statuses.
no_alarm_running()
{
	running=
	for _ in 1 2 3 4 5; do
		alarm
		running=$running$status
		case $status:$(cat alarm) in
		0:* | 3:*"not known"*) ;;
		*) break ;;
		esac
	done
	[ ${#running} -eq 5 ]
	result $? "$SCENE_NAME-$1" "exit status $running: $(cat alarm)"
}

no_alarm_stopped()
{
	alarm
	[ $status -eq 0 ]
	result $? "$SCENE_NAME-stopped" "exit status $status: $(cat alarm)"
	[ $status -eq 0 ] || tell_kernel
}

# Prints what dmabuf knows about the first buffer, or about the first that has references
# that are not explained.
tell()
{
	dmabuf show "$(jq -r '[.buffers[]] | sort_by(-(.unexplained // 0))[0].ino' list.json)" |
		sed 's/^/  # show: /'
}

# Prints what the kernel knows, to find what else can keep a buffer.
tell_kernel()
{
	sed 's/^/  # bufinfo: /' /sys/kernel/debug/dma_buf/bufinfo
	cat "$DISPLAY_INFO/framebuffer" "$DISPLAY_INFO/clients" | sed 's/^/  # drm: /'
}

# row: a line of the table of all scenes
row()
{
	jq -r --arg scene "$SCENE_NAME" --arg status "$status, running $running" '
		def sum(f): map(f // 0) | add // 0;
		[.buffers[]] | "  # \($scene): \(length) buffers, \(sum(.refs)) references, \(
			sum(.explained)) explained, \(sum(.unexplained)) not; exit status \($status)"
		' list.json
}

# stop: stops the clients. A thread that has stopped does not drop references any more.
stop()
{
	# shellcheck disable=SC2046 # numbers
	kill -STOP $(everybody)
	for pid in $(everybody); do
		while cat "/proc/$pid"/task/*/status 2>/dev/null |
			grep -q '^State:.[^TZX]'; do
			sleep 0.2
		done
	done
}

# Buffers in use, which is looked at while the clients run and while they do not.
look()
{
	no_alarm_running running
	stop
	agrees_with_kernel
	no_alarm_stopped
	row
	tell
}

# kill_all: kills the client that was started last, looks at what the others keep, and kills
# the others
kill_all()
{
	# shellcheck disable=SC2046 # numbers
	kill -CONT $(everybody)
	# shellcheck disable=SC2046 # numbers
	kill -9 $(tree "$LAST")
	no_alarm_running killed
	# shellcheck disable=SC2046 # numbers
	kill -9 $(everybody)
	wait
} 2>/dev/null

# ended: what is left when all clients have ended. The kernel keeps a buffer of its console
# that was exported once, as long as it has this console.
ended()
{
	if [ "$SCENE_NAME" = ffmpeg ]; then
		SCENE_NAME=console
		agrees_with_kernel
		no_alarm_stopped
		row
		tell
	else
		nothing_left "$SCENE_NAME-freed"
	fi
}

# scene NAME: runs it
scene()
{
	SCENE_NAME=$1 PIDS=
	: >log
	if "scene_$1"; then
		look
	fi
	kill_all
	ended
}

# ------------------------------------------------------------------ the clients

FORMAT=width=320,height=180,pixelformat=BGR4
CAPS=video/x-raw,format=BGRx,width=640,height=480,interlace-mode=progressive

# output: lets the output device, HDMI, have the format of the capture device
output()
{
	sh enter.sh v4l2-ctl -d /dev/video1 -o 1 -x $FORMAT >>log 2>&1
}

# V4L2: buffers of the capture device, queued in the output device as well
scene_v4l2_output()
{
	output
	start v4l2-ctl -d /dev/video0 -v $FORMAT -e /dev/video1 \
		--stream-mmap=4 --stream-out-dmabuf
	until_true buffers has_buffers 4
}

# V4L2: buffers of the output device, queued in the capture device
scene_v4l2_capture()
{
	output
	start v4l2-ctl -d /dev/video0 -v $FORMAT -e /dev/video1 \
		--stream-dmabuf --stream-out-mmap=4
	until_true buffers has_buffers 4
}

# gst CHAIN...: GStreamer with a source of dma-bufs
gst()
{
	start gst-launch-1.0 v4l2src device=/dev/video0 io-mode=dmabuf ! "$CAPS" ! "$@"
	until_true buffers has_buffers 2
}

scene_gst_fakesink()
{
	gst fakesink
}

# Nobody reads from the sink, so it keeps buffers.
scene_gst_appsink()
{
	gst queue ! appsink max-buffers=2 drop=true sync=false
}

# A display that shows each buffer, with a framebuffer for each
scene_gst_kmssink()
{
	gst kmssink "driver-name=$DRIVER" force-modesetting=true sync=false &&
		until_true display shows_imported
}

scene_gst_v4l2sink()
{
	output
	gst v4l2sink device=/dev/video1 io-mode=dmabuf-import sync=false
}

# Containers: the same client of V4L2 in each
scene_crun()
{
	output
	mkdir -p /tmp/bundle
	cp crun.json /tmp/bundle/config.json
	start crun --cgroup-manager=cgroupfs run -b /tmp/bundle camera
	until_true buffers has_buffers 4
}

scene_nspawn()
{
	output
	start systemd-nspawn --quiet --register=no --keep-unit --as-pid2 --console=pipe \
		-D /container --bind=/dev/video0 --bind=/dev/video1 \
		v4l2-ctl -d /dev/video0 -v $FORMAT -e /dev/video1 \
		--stream-mmap=4 --stream-out-dmabuf
	until_true buffers has_buffers 4
}

# linked: links the camera to the client, as a session manager would
linked()
{
	from=$(sh enter.sh pw-link -o 2>>log | grep -m 1 camera) &&
		to=$(sh enter.sh pw-link -i 2>>log | grep -m 1 gst) &&
		sh enter.sh pw-link "$from" "$to" >>log 2>&1
}

# PipeWire: the daemon has the camera, and gives its buffers to a client
scene_pipewire()
{
	start pipewire -c /vm/pipewire.conf
	until_true daemon has_file /run/pipewire-0 || return
	start gst-launch-1.0 pipewiresrc ! fakesink
	until_true link linked || return
	until_true buffers has_buffers 2
}

# A compositor of Wayland with a client. It refuses to run as root; seatd opens the card.
scene_cage()
{
	mkdir -p /run/user
	chown 1000:1000 /run/user
	start env SEATD_VTBOUND=0 /usr/sbin/seatd -g user
	until_true seatd has_file /run/seatd.sock || return
	start env XDG_RUNTIME_DIR=/run/user LIBSEAT_BACKEND=seatd WLR_RENDERER=pixman \
		WLR_DRM_DEVICES="$CARD" WLR_LIBINPUT_NO_DEVICES=1 \
		/usr/bin/setpriv --reuid=1000 --regid=1000 --clear-groups \
		cage -- weston-simple-shm
	until_true buffers has_buffers 2
}

# ------------------------------------------------------------------ the parts

# ffmpeg records the screen, which is the console's buffer, and keeps frames to drop some.
scene_ffmpeg()
{
	start ffmpeg -nostdin -loglevel error -f kmsgrab -device "$CARD" -framerate 5 -i - \
		-vf 'fps=2,hwdownload,format=bgr0|bgr24|rgb24|rgb565le' -f null -
	until_true buffers has_buffers 1
}

# scenes PART: prints the scenes of a part, which is a scene if it has another name
scenes()
{
	case $1 in
	v4l2) echo v4l2_output v4l2_capture ;;
	gst) echo gst_fakesink gst_appsink gst_v4l2sink ;;
	display) echo gst_kmssink ;;
	containers) echo crun nspawn ;;
	desktop) echo pipewire cage ;;
	*) echo "$1" ;;
	esac
}

mkdir -p /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for part; do
	for name in $(scenes "$part"); do
		timed "$name" scene "$name"
	done
done
