/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the path of a cgroup tells of those who made it. */
#ifndef CLI_CGROUP_H
#define CLI_CGROUP_H

/*
 * The systemd unit, such as "camera.service": the innermost one. The caller
 * frees the result. Return: it, or NULL when there is none, or no memory.
 */
char *cgroup_unit(const char *path);

/*
 * The container: the first 12 digits of its ID, as Docker, Podman and CRI tools
 * show it, or its name under LXC and systemd-nspawn. Return: as cgroup_unit().
 */
char *cgroup_container(const char *path);

#endif
