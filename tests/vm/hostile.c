// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an unprivileged user tries against root; see hostile.sh.
 *
 * hostile pin SECRET:  makes the folder of pinned files, waits for root's file
 *			there, and puts a link to SECRET in its place. Does so
 *			until it is killed, and is without the folder for about
 *			half of the time.
 * hostile link PATH SECRET: makes PATH a link to SECRET, a file of its own, and
 *			nothing, in turn, until it is killed.
 * hostile records:	writes the record of a buffer called "forged".
 * hostile holders:	the same, and the record of a search for its holders.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/records.h"

#define FOLDER	"/sys/fs/bpf/dmabuf"
#define RECORDS FOLDER "/records"

/* Up to about a hundred milliseconds. */
static void pause_some(void)
{
	usleep(random() % 100000);
}

/* Lets a pin begin: it loads its programs first, and refuses the folder then.
 */
static void stay_away(void)
{
	usleep(random() % 2000000);
}

/* Looks as often as it can for a part of the time that a pin may take. */
static void wait_for_records(void)
{
	struct stat st;
	int tries;

	for (tries = 0; tries < 20000; tries++)
		if (!lstat(RECORDS, &st))
			return;
}

static void attack_pin(const char *secret)
{
	for (;;) {
		stay_away();
		if (mkdir(FOLDER, 0777))
			continue;
		wait_for_records();
		if (!unlink(RECORDS) && symlink(secret, RECORDS))
			perror("hostile: " RECORDS);
		pause_some();
		unlink(RECORDS);
		unlink(FOLDER "/prog_dmabufIter_iter_dmabuf");
		rmdir(FOLDER);
	}
}

static void attack_link(const char *path, const char *secret)
{
	char other[256];
	int fd;

	snprintf(other, sizeof(other), "%s.other", path);
	/* In a sticky folder, rename() fails while root's file is at PATH. */
	for (;;) {
		if (symlink(secret, other) || rename(other, path))
			unlink(other);
		fd = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
		if (fd >= 0)
			close(fd);
		if (fd < 0 || rename(other, path))
			unlink(other);
		unlink(path);
	}
}

static int forge(int holders)
{
	const struct dmabuf_rec_buffer buffer = {
		.head = { DMABUF_REC_BUFFER, sizeof(buffer) },
		.key = 1,
		.ino = 1,
		.bytes = 1ULL << 40,
		.refs = 1,
		.have = ~0U,
		.name = "forged",
		.exporter = "system",
	};
	const struct dmabuf_rec_source source = {
		.head = { DMABUF_REC_SOURCE, sizeof(source) },
		.covers = ~0U,
		.collector = "task_iter",
	};

	fwrite(&buffer, sizeof(buffer), 1, stdout);
	if (holders)
		fwrite(&source, sizeof(source), 1, stdout);
	return fflush(stdout) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc == 3 && !strcmp(what, "pin"))
		attack_pin(argv[2]);
	if (argc == 4 && !strcmp(what, "link"))
		attack_link(argv[2], argv[3]);
	if (argc == 2 && !strcmp(what, "records"))
		return forge(0);
	if (argc == 2 && !strcmp(what, "holders"))
		return forge(1);
	fprintf(stderr, "usage: hostile pin SECRET | link PATH SECRET | "
			"records | holders\n");
	return 2;
}
