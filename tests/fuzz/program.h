/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the program dmabuf, whose main() has another name, in this process. */
#ifndef TESTS_FUZZ_PROGRAM_H
#define TESTS_FUZZ_PROGRAM_H

#include "fuzz.h"
#include "util/array.h"

int dmabuf_main(int argc, char **argv);

enum { PROGRAM_ARGS = 12 };

/*
 * Runs a line of words, in which "%" stands for @file. Output goes where the
 * fuzzer sends stdout.
 */
static inline int program_run(const char *line, const char *file)
{
	char words[256], *argv[PROGRAM_ARGS + 1] = { (char *)"dmabuf" };
	char *word, *rest = NULL;
	int argc = 1, status;

	must(strlen(line) < sizeof(words));
	strcpy(words, line);
	for (word = strtok_r(words, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest)) {
		must(argc < PROGRAM_ARGS);
		argv[argc++] = strcmp(word, "%") ? word : (char *)file;
	}
	argv[argc] = NULL;
	status = dmabuf_main(argc, argv);
	/* 0 whole answer, 1 failed, 3 with gaps, 4 a condition; 2 is usage. */
	must(status == 0 || status == 1 || status == 3 || status == 4);
	return status;
}

#endif
