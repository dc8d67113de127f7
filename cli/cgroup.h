/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the path of a cgroup tells of those who made it. */
#ifndef CLI_CGROUP_H
#define CLI_CGROUP_H

/*
 * The systemd unit, such as "camera.service"; that of the user, if the user's
 * systemd has one. In a container, it is the unit that the host knows, and the
 * innermost one behind it: "docker-ID.scope/nginx.service". If the host knows
 * none, it is "/nginx.service". The caller frees the result.
 * Return: it, or NULL when there is none, or no memory.
 */
char *cgroup_unit(const char *path);

/*
 * The outermost container, which the host knows: the first 12 digits of its ID,
 * as Docker, Podman and CRI tools show it, or its name under LXC,
 * systemd-nspawn, crun and runc. A virtual machine is not a container. Return:
 * as cgroup_unit().
 */
char *cgroup_container(const char *path);

#endif
