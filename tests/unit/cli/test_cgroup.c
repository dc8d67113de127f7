// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/unit.h"

#include "cli/cgroup.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *path, *unit, *container;
} paths[] = {
	{ "", NULL, NULL },
	{ "/", NULL, NULL },
	{ "//", NULL, NULL },
	{ "/system.slice", NULL, NULL },
	{ "/system.slice/camera.service", "camera.service", NULL },
	{ "/system.slice/camera.service/worker", "camera.service", NULL },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/"
	  "app-gst-17.scope",
	  "app-gst-17.scope", NULL },
	{ "/system.slice/.service", NULL, NULL },
	{ "camera.service", "camera.service", NULL },
	{ "/system.slice/docker-" ID ".scope", "docker-" ID ".scope",
	  "0123456789ab" },
	{ "/docker/" ID, NULL, "0123456789ab" },
	{ "/docker/" ID "/init", NULL, "0123456789ab" },
	{ "/machine.slice/libpod-" ID ".scope/container", "libpod-" ID ".scope",
	  "0123456789ab" },
	{ "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope",
	  "cri-containerd-" ID ".scope", "0123456789ab" },
	{ "/lxc.payload.build/system.slice/sshd.service", "/sshd.service",
	  "build" },
	{ "/lxc.payload.", NULL, NULL },
	{ "/machine.slice/machine-guest.scope", "machine-guest.scope",
	  "guest" },
	{ "/system.slice/docker-" ID ".scope/system.slice/nginx.service",
	  "docker-" ID ".scope/nginx.service", "0123456789ab" },
	{ "/system.slice/docker-" ID ".scope/init.scope",
	  "docker-" ID ".scope/init.scope", "0123456789ab" },
	{ "/machine.slice/machine-guest.scope/payload/system.slice/"
	  "sshd.service",
	  "machine-guest.scope/sshd.service", "guest" },
	/* A container of a user, who has units too. */
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID
	  ".scope/container",
	  "libpod-" ID ".scope", "0123456789ab" },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID
	  ".scope/init.scope",
	  "libpod-" ID ".scope/init.scope", "0123456789ab" },
	{ "/user.slice/user-1000.slice/user@1000.service/init.scope",
	  "init.scope", NULL },
	{ "/user.slice/user-1000.slice/user@1000.service", "user@1000.service",
	  NULL },
	/* What a reader in a cgroup namespace sees. */
	{ "/../../user.slice/user-1000.slice/session-2.scope",
	  "session-2.scope", NULL },
	{ "/../docker-" ID ".scope/system.slice/nginx.service",
	  "docker-" ID ".scope/nginx.service", "0123456789ab" },
	{ "/../" ID "/system.slice/nginx.service", "/nginx.service",
	  "0123456789ab" },
	{ "/..", NULL, NULL },
	/* A controller may have files that begin with its name. */
	{ "/system.slice/_memory.service", "memory.service", NULL },
	/* Other makers of containers. */
	{ "/lxc/101/ns/system.slice/plex.service", "/plex.service", "101" },
	{ "/lxc/101", NULL, "101" },
	{ "/lxc", NULL, NULL },
	{ "/lxc/" ID, NULL, "0123456789ab" },
	{ "/lxc.payload/web2/init.scope", "/init.scope", "web2" },
	{ "/lxc.monitor.web1", NULL, NULL },
	{ "/lxc.monitor/101", NULL, NULL },
	{ "/machine.slice/systemd-nspawn@debian.service/payload/init.scope",
	  "systemd-nspawn@debian.service/init.scope", "debian" },
	{ "/machine.slice/systemd-nspawn@cam\\x2dfront.service/payload",
	  "systemd-nspawn@cam-front.service", "cam-front" },
	{ "/system.slice/crun-camera.scope", "crun-camera.scope", "camera" },
	{ "/system.slice/runc-camera.scope", "runc-camera.scope", "camera" },
	{ "/kubepods-pod1.slice:cri-containerd:" ID, NULL, "0123456789ab" },
	{ "/ecs/task1/0123456789abcdef0123456789abcdef-1234567890", NULL,
	  "0123456789ab" },
	{ "/ecs/task1/0123456789abcdef0123456789abcdef-", NULL, NULL },
	{ "/ecs/task1/0123456789abcdef0123456789abcdef-12x", NULL, NULL },
	/* The host knows the outer one of two. */
	{ "/docker/" ID "/lxc.payload.inner", NULL, "0123456789ab" },
	{ "/lxc/101/ns/system.slice/docker-" ID ".scope",
	  "/docker-" ID ".scope", "101" },
	/* Monitors and virtual machines are no containers. */
	{ "/machine.slice/libpod-conmon-" ID ".scope",
	  "libpod-conmon-" ID ".scope", NULL },
	{ "/qemu.slice/100.scope", "100.scope", NULL },
	{ "/machine.slice/machine-qemu\\x2d37\\x2dunifi.scope/libvirt/emulator",
	  "machine-qemu-37-unifi.scope", NULL },
	{ "/machine.slice/machine-lxc\\x2d37\\x2dunifi.scope",
	  "machine-lxc-37-unifi.scope", "lxc-37-unifi" },
	{ "/machine.slice/machine-qemu\\x2dcam.scope", "machine-qemu-cam.scope",
	  "qemu-cam" },
	/* Escapes that are none, and a NUL, which no name has. */
	{ "/x/crun-a\\x2.scope", "/crun-a\\x2.scope", "a\\x2" },
	{ "/x/crun-a\\x00b\\x5cx2d.scope", "/crun-a\\x00b\\x2d.scope",
	  "a\\x00b\\x2d" },
	/* Not quite an ID. */
	{ "/x/0" ID, NULL, NULL },
	{ "/x/g123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	  NULL, NULL },
	{ "/x/123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	  NULL, NULL },
};

static void test_paths(void **state)
{
	char *unit, *container;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		unit = cgroup_unit(paths[i].path);
		container = cgroup_container(paths[i].path);
		assert_string_equal(unit ?: "-", paths[i].unit ?: "-");
		assert_string_equal(container ?: "-",
				    paths[i].container ?: "-");
		free(unit);
		free(container);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
