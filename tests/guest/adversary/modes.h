/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the program can do. Each gets the arguments after its name. */
#ifndef TESTS_GUEST_ADVERSARY_MODES_H
#define TESTS_GUEST_ADVERSARY_MODES_H

/* Return: the exit status. */
int iterators_main(char **args);
int noiommu_main(char **args);
int random_main(char **args);
int hold_main(char **args);

#endif
