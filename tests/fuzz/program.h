/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the program dmabuf, whose main() has another name, in this process. */
#ifndef TESTS_FUZZ_PROGRAM_H
#define TESTS_FUZZ_PROGRAM_H

#include "fuzz.h"
#include "util/array.h"

int dmabuf_main(int argc, char **argv);

/* Runs the program, which closes stdout at its end, and opens that again. */
static inline int program_main(int argc, char **argv)
{
	const int out = dup(STDOUT_FILENO);
	const int status = dmabuf_main(argc, argv);

	must(out >= 0 && dup2(out, STDOUT_FILENO) == STDOUT_FILENO);
	close(out);
	stdout = stdout ?: fdopen(STDOUT_FILENO, "w");
	must(stdout);
	return status;
}

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
	status = program_main(argc, argv);
	/* 0 whole answer, 1 failed, 3 with gaps, 4 a condition; 2 is usage. */
	must(status == 0 || status == 1 || status == 3 || status == 4);
	return status;
}

#endif
