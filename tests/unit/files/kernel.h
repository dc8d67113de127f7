/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up kernel. Its objects are memory of the test, which lib/files/ reads
 * instead of a kernel's. Nothing else can be read.
 */
#ifndef TESTS_UNIT_FILES_KERNEL_H
#define TESTS_UNIT_FILES_KERNEL_H

#include "tests/unit/unit.h"

#include "files/reach.h"

/*
 * Makes a search that has all members in its layout, and nothing to find.
 * @state takes the struct reach.
 */
int kernel_setup(void **state);
int kernel_teardown(void **state);

#define KERNEL_TEST(function)                                                  \
	cmocka_unit_test_setup_teardown(function, kernel_setup, kernel_teardown)

/* The task_struct of the reader. */
extern uint64_t kernel_reader;

/* How many pieces were read, and how often something was read. */
extern size_t kernel_reads, kernel_runs;

/* Called after each piece is read, with its address: the kernel goes on. */
extern void (*kernel_after_read)(uint64_t address);

/* Makes an object, all zero: one for any struct, or one that is shorter. */
uint64_t kernel_object(void);
uint64_t kernel_object_of(size_t bytes);

/* Sets a number in an object. */
void kernel_put(uint64_t object, uint32_t offset, uint64_t value);
void kernel_put32(uint64_t object, uint32_t offset, uint32_t value);
void kernel_put16(uint64_t object, uint32_t offset, uint16_t value);

#define PUT(reach, object, type, member, value)                                \
	kernel_put(object, OFFSET(reach, type, member), value)

/* Makes an empty list of a head, and adds nodes at its end. */
void kernel_list(uint64_t head);
void kernel_list_add(uint64_t head, uint64_t node);

/* Makes a buffer with its file. */
uint64_t kernel_buffer(struct reach *reach);
uint64_t kernel_file_of(struct reach *reach, uint64_t buffer);

/* Makes another file. */
uint64_t kernel_file(struct reach *reach, uint16_t mode, uint32_t rdev,
		     uint64_t private_data);

/* Gives a file to a process. */
void kernel_root(struct reach *reach, uint64_t file, uint32_t pid);

/* Counts the references of a type to a buffer. @last: the last of them. */
size_t kernel_refs(const struct reach *reach, uint64_t buffer, uint32_t type,
		   const struct dmabuf_rec_ref **last);

/* Return: the reference of a type to a buffer, of which there is just one. */
const struct dmabuf_rec_ref *kernel_ref(const struct reach *reach,
					uint64_t buffer, uint32_t type);

#endif
