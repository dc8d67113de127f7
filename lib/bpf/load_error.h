/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Explains why the kernel did not load a BPF object. */
#ifndef BPF_LOAD_ERROR_H
#define BPF_LOAD_ERROR_H

#include "core/error.h"

/*
 * Sets the reason of a failed load in @error. @log is the text of the verifier,
 * empty when there is none. Return: a negative errno.
 */
int bpf_load_error(struct dmabuf_error *error, int err, const char *log);

#endif
