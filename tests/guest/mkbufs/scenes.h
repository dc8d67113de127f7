/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_GUEST_MKBUFS_SCENES_H
#define TESTS_GUEST_MKBUFS_SCENES_H

#include <stddef.h>

struct world;

/* A set of buffers and what holds them. */
struct scene {
	const char *name;
	const char *desc;
	void (*make)(struct world *w);
	/* Called before and after the children end; NULL: not needed. */
	void (*stop)(struct world *w);
	void (*report)(const struct world *w);
};

extern const struct scene scenes[];
extern const size_t nscenes;

const struct scene *scene_find(const char *name);

/* The functions of the table of scenes. */
void basic_make(struct world *w);
void empty_make(struct world *w);
void names_make(struct world *w);
void many_make(struct world *w);
void churn_make(struct world *w);
void churn_stop(struct world *w);
void churn_report(const struct world *w);
void attach_make(struct world *w);
void shared_make(struct world *w);
void maps_make(struct world *w);
void tables_make(struct world *w);
void kept_make(struct world *w);
void leaking_make(struct world *w);
void clean_make(struct world *w);
void released_make(struct world *w);
void same_memory_make(struct world *w);
void nested_make(struct world *w);
void rss_make(struct world *w);
void waiting_make(struct world *w);
void waiting_stop(struct world *w);
void scanout_make(struct world *w);
void scanout_stop(struct world *w);
void hostile_files_make(struct world *w);
void garbage_make(struct world *w);
void forgotten_make(struct world *w);
void births_make(struct world *w);
void short_lived_make(struct world *w);
void events_make(struct world *w);
void stuck_make(struct world *w);

#endif
