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
	{ "/lxc.payload.build/system.slice/sshd.service", "sshd.service",
	  "build" },
	{ "/lxc.payload.", NULL, NULL },
	{ "/machine.slice/machine-guest.scope", "machine-guest.scope",
	  "guest" },
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
