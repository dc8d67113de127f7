// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adversary noiommu VFIO-DEVICE UIO-DEVICE: runs the error paths of each call
 * that a device without an IOMMU is used with. After each fault the errno must
 * be ENOMEM or EFAULT, no page may stay pinned, and the same call must succeed.
 *
 * Needs root and a kernel with fault injection. Nobody else may pin pages.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adversary/calls.h"
#include "adversary/failnth.h"
#include "adversary/modes.h"
#include "adversary/pins.h"
#include "adversary/report.h"

enum {
	PAGES = 24,
	/* More than the kernel pins of a file at once */
	FILE_PAGES = 72,
	IOVA = 0x10000000,
	OTHER_IOVA = 0x20000000,
};

struct world {
	const char *path, *uio_path;
	int uio, device, iommufd, memfd;
	__u32 device_id, ioas, other, page_table;
	char *memory;
	__u64 phys, first_phys;
	long pins;
	const struct step *step;
};

enum {
	/* The next steps need its effect. */
	STAYS = 1 << 0,
	/* As in struct operation */
	MAY_NOT_FAIL = 1 << 1,
	/* It must fail without. */
	NEEDS_MEMORY = 1 << 2,
	CHANGES_MAPPINGS = 1 << 3,
};

/*
 * struct step - a call, and what brings back the state before it. The steps are
 * run in the order of a driver, each from the state that the last one left.
 */
struct step {
	const char *name;
	int (*run)(void *world);
	int (*undo)(void *world);
	unsigned int flags;
};

static int nothing(void *world)
{
	(void)world;
	return 0;
}

/* ------------------------------------------------------------------- calls */

static int open_uio(void *world)
{
	struct world *w = world;

	return w->uio = call_open(w->uio_path);
}

static int close_uio(void *world)
{
	struct world *w = world;

	return call_close(w->uio);
}

static int open_device(void *world)
{
	struct world *w = world;

	return w->device = call_open(w->path);
}

static int close_device(void *world)
{
	struct world *w = world;

	return call_close(w->device);
}

static int open_iommufd(void *world)
{
	struct world *w = world;

	return w->iommufd = call_open("/dev/iommu");
}

static int close_iommufd(void *world)
{
	struct world *w = world;

	return call_close(w->iommufd);
}

static int bind(void *world)
{
	struct world *w = world;

	return call_bind(w->device, w->iommufd, &w->device_id);
}

/* Only closing the device ends it. */
static int unbind(void *world)
{
	int r = close_device(world);

	return r < 0 ? r : open_device(world);
}

static int alloc_ioas(void *world)
{
	struct world *w = world;

	return call_ioas_alloc(w->iommufd, &w->ioas);
}

static int destroy_ioas(void *world)
{
	struct world *w = world;

	return call_destroy(w->iommufd, w->ioas);
}

static int alloc_other(void *world)
{
	struct world *w = world;

	return call_ioas_alloc(w->iommufd, &w->other);
}

static int destroy_other(void *world)
{
	struct world *w = world;

	return call_destroy(w->iommufd, w->other);
}

static int map_at(struct world *w, __u32 ioas, __u64 iova)
{
	return call_map(w->iommufd, ioas, w->memory, PAGES * PAGE, iova);
}

static int map(void *world)
{
	struct world *w = world;

	return map_at(w, w->ioas, IOVA);
}

static int unmap(void *world)
{
	struct world *w = world;

	return call_unmap(w->iommufd, w->ioas, IOVA, PAGES * PAGE);
}

static int map_other(void *world)
{
	struct world *w = world;

	return map_at(w, w->other, OTHER_IOVA);
}

static int unmap_other(void *world)
{
	struct world *w = world;

	return call_unmap(w->iommufd, w->other, OTHER_IOVA, PAGES * PAGE);
}

static int map_again(void *world)
{
	struct world *w = world;

	return map_at(w, w->ioas, OTHER_IOVA);
}

static int map_file(void *world)
{
	struct world *w = world;

	return call_map_file(w->iommufd, w->ioas, w->memfd, FILE_PAGES * PAGE,
			     OTHER_IOVA);
}

/* Empties the file, so that mapping it allocates its memory again. */
static int unmap_file(void *world)
{
	struct world *w = world;
	int r = call_unmap(w->iommufd, w->ioas, OTHER_IOVA, FILE_PAGES * PAGE);

	if (r >= 0 &&
	    (ftruncate(w->memfd, 0) || ftruncate(w->memfd, FILE_PAGES * PAGE)))
		give_up("memfd: %s", strerror(errno));
	return r;
}

static int unmap_again(void *world)
{
	struct world *w = world;

	return call_unmap(w->iommufd, w->ioas, OTHER_IOVA, PAGES * PAGE);
}

static int alloc_page_table(void *world)
{
	struct world *w = world;

	return call_hwpt_alloc(w->iommufd, w->device_id, w->ioas,
			       &w->page_table);
}

static int destroy_page_table(void *world)
{
	struct world *w = world;

	return call_destroy(w->iommufd, w->page_table);
}

static int attach(void *world)
{
	struct world *w = world;

	return call_attach(w->device, w->ioas);
}

static int replace(void *world)
{
	struct world *w = world;

	return call_attach(w->device, w->other);
}

static int detach(void *world)
{
	struct world *w = world;

	return call_detach(w->device);
}

static int get_pa(void *world)
{
	struct world *w = world;

	return call_get_pa(w->iommufd, w->ioas, IOVA, PAGES * PAGE, &w->phys);
}

/* Runs calls until one fails. */
static int run_all(struct world *w, int (*const calls[])(void *world))
{
	int r = 0;

	for (; *calls && r >= 0; calls++)
		r = (*calls)(w);
	return r;
}

static int reopen_device(void *world)
{
	static int (*const calls[])(void *world) = { open_device, bind, attach,
						     NULL };

	return run_all(world, calls);
}

/* The device keeps the iommufd until it is closed, too. */
static int close_both(void *world)
{
	int r = close_iommufd(world);

	return r < 0 ? r : close_device(world);
}

static int reopen_both(void *world)
{
	static int (*const calls[])(void *world) = {
		open_device, open_iommufd, bind,      alloc_ioas, map,
		attach,	     alloc_other,  map_other, NULL
	};

	return run_all(world, calls);
}

static const struct step steps[] = {
	{ "uio-open", open_uio, close_uio, STAYS | NEEDS_MEMORY },
	{ "uio-close", close_uio, open_uio, MAY_NOT_FAIL },
	{ "device-open", open_device, close_device, STAYS | NEEDS_MEMORY },
	{ "iommufd-open", open_iommufd, close_iommufd, STAYS | NEEDS_MEMORY },
	{ "bind", bind, unbind, STAYS | NEEDS_MEMORY },
	{ "ioas-alloc", alloc_ioas, destroy_ioas, STAYS | NEEDS_MEMORY },
	{ "map", map, unmap, STAYS | NEEDS_MEMORY | CHANGES_MAPPINGS },
	{ "hwpt-alloc", alloc_page_table, destroy_page_table, NEEDS_MEMORY },
	{ "attach", attach, detach, STAYS | NEEDS_MEMORY },
	{ "ioas-alloc-other", alloc_other, destroy_other,
	  STAYS | NEEDS_MEMORY },
	{ "map-other", map_other, unmap_other,
	  STAYS | NEEDS_MEMORY | CHANGES_MAPPINGS },
	{ "replace", replace, attach, NEEDS_MEMORY },
	{ "map-attached", map_again, unmap_again,
	  NEEDS_MEMORY | CHANGES_MAPPINGS },
	{ "map-file", map_file, unmap_file, NEEDS_MEMORY | CHANGES_MAPPINGS },
	{ "get-pa", get_pa, nothing, 0 },
	{ "unmap", unmap, map, CHANGES_MAPPINGS },
	{ "detach", detach, attach, 0 },
	{ "device-close", close_device, reopen_device, MAY_NOT_FAIL },
	{ "close", close_both, reopen_both, MAY_NOT_FAIL },
};

/* ------------------------------------------------------------------ checks */

/* Memory that is mapped has the same address each time. */
static bool is_whole(void *world)
{
	struct world *w = world;

	return w->step->run != get_pa || w->phys == w->first_phys;
}

static bool is_as_before(void *world, int run, const char *after)
{
	struct world *w = world;
	int again, undo;
	long pins;

	/* iommufd has mapped or unmapped when it cannot copy its answer. */
	if (run == -EFAULT && w->step->flags & CHANGES_MAPPINGS)
		(void)w->step->undo(w);
	again = run < 0 ? w->step->run(w) : 0;
	undo = again < 0 ? 0 : w->step->undo(w);
	if (again < 0)
		give_up("%s: then it fails without a fault: %s", after,
			strerror(-again));
	if (undo < 0)
		give_up("%s: it cannot be undone: %s", after, strerror(-undo));
	pins = pins_count();
	if (pins == w->pins)
		return true;
	remark("%s: %ld pages are pinned, not %ld", after, pins, w->pins);
	w->pins = pins;
	return false;
}

static bool walk_step(int fd, struct world *w, const struct step *step)
{
	struct operation op = { step->name, step->run, is_whole, is_as_before,
				step->flags & MAY_NOT_FAIL };
	bool ok;
	int r;

	w->step = step;
	w->pins = pins_count();
	w->phys = 0;
	if (step->run == get_pa) {
		(void)get_pa(w);
		w->first_phys = w->phys;
	}
	ok = failnth_walk(fd, &op, w);
	op.may_not_fail = !(step->flags & NEEDS_MEMORY);
	ok &= failnth_starve(&op, w);
	r = step->flags & STAYS ? step->run(w) : 0;
	if (r < 0)
		give_up("%s fails without a fault: %s", step->name,
			strerror(-r));
	return ok;
}

int noiommu_main(char **args)
{
	struct world w = { .path = args[0], .uio_path = args[1] };
	long before = pins_count();
	bool ok = true;
	size_t i;
	int fd;

	w.memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	w.memfd = memfd_create("adversary", MFD_CLOEXEC);
	if (w.memfd < 0 || ftruncate(w.memfd, FILE_PAGES * PAGE))
		give_up("memfd: %s", strerror(errno));
	(void)failnth_prepare();
	fd = failnth_open();
	/* No page may be faulted in while faults are on. */
	if (w.memory == MAP_FAILED || mlockall(MCL_CURRENT | MCL_FUTURE))
		give_up("memory: %s", strerror(errno));
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		ok &= walk_step(fd, &w, &steps[i]);
	(void)close_both(&w);
	(void)close_uio(&w);
	ok &= report(pins_wait(before), "failnth-unpinned");
	return ok ? 0 : 1;
}
