/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_CHURN_H
#define TESTS_GUEST_MKBUFS_CHURN_H

struct world;

void churn_end(struct world *w);
void churn_report(const struct world *w);

#endif
