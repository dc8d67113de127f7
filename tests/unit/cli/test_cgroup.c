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
