// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * adversary hold vfio|uio DEVICE BAR: opens and maps a device and uses it until
 * SIGTERM, while another thread opens and closes it, whatever becomes of the
 * device. Prints "ready" when all is open; "asked" when VFIO asks to have the
 * device back; "gone" when UIO says that it is no more. BAR is a file of sysfs
 * for uio.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "adversary/calls.h"
#include "adversary/modes.h"
#include "adversary/report.h"

enum {
	PAGES = 16,
	IOVA = 0x10000000,
	OTHER_IOVA = 0x20000000,
	BAR_SIZE = 1 << 20,
	ROUND_US = 1000,
};

struct world {
	const char *path;
	int device, iommufd, asked;
	__u32 id, ioas;
	char *memory;
	const volatile __u32 *bar;
	bool said;
	long rounds, reads, lost_reads;
	atomic_long opens;
};

static atomic_bool is_over;
static sigjmp_buf lost_memory;

static void end(int signal)
{
	(void)signal;
	is_over = true;
}

static void lose_memory(int signal)
{
	(void)signal;
	siglongjmp(lost_memory, 1);
}

/* Reads a register, whose memory may be gone. */
static void read_bar(struct world *w)
{
	if (sigsetjmp(lost_memory, 1)) {
		w->lost_reads++;
		return;
	}
	(void)*w->bar;
	w->reads++;
}

static void say_once(struct world *w, const char *what)
{
	if (!w->said)
		puts(what);
	w->said = true;
}

/* -------------------------------------------------------------------- VFIO */

/* Return: a descriptor that is readable when VFIO wants the device back. */
static int ask_to_be_asked(int device)
{
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} irq = {
		.set = {
			.argsz = sizeof(irq),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD |
				 VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = VFIO_PCI_REQ_IRQ_INDEX,
			.count = 1,
		},
		.fd = event,
	};

	return ioctl(device, VFIO_DEVICE_SET_IRQS, &irq) ? -errno : event;
}

static const volatile __u32 *map_bar(int fd, off_t offset)
{
	void *bar = mmap(NULL, BAR_SIZE, PROT_READ, MAP_SHARED, fd, offset);

	if (bar == MAP_FAILED)
		give_up("cannot map the BAR: %s", strerror(errno));
	return bar;
}

static void begin_vfio(struct world *w, const char *bar)
{
	struct vfio_region_info region = { .argsz = sizeof(region) };
	int r;

	(void)bar;
	w->memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	w->device = call_open(w->path);
	w->iommufd = call_open("/dev/iommu");
	r = call_bind(w->device, w->iommufd, &w->id);
	r = r < 0 ? r : call_ioas_alloc(w->iommufd, &w->ioas);
	r = r < 0 ? r : call_attach(w->device, w->ioas);
	r = r < 0 ? r
		  : call_map(w->iommufd, w->ioas, w->memory, PAGES * PAGE,
			     IOVA);
	w->asked = r < 0 ? r : ask_to_be_asked(w->device);
	if (w->asked < 0 ||
	    ioctl(w->device, VFIO_DEVICE_GET_REGION_INFO, &region))
		give_up("cannot use %s: %s", w->path,
			strerror(w->asked < 0 ? -w->asked : errno));
	w->bar = map_bar(w->device, (off_t)region.offset);
}

/* Until it is closed, everything works, also while it is wanted back. */
static void use_vfio(struct world *w)
{
	__u64 count, phys;
	int r;

	r = call_get_pa(w->iommufd, w->ioas, IOVA, PAGES * PAGE, &phys);
	r = r < 0 ? r
		  : call_map(w->iommufd, w->ioas, w->memory, PAGES * PAGE,
			     OTHER_IOVA);
	r = r < 0 ? r
		  : call_unmap(w->iommufd, w->ioas, OTHER_IOVA, PAGES * PAGE);
	if (r < 0)
		give_up("an open device does not work: %s", strerror(-r));
	if (call_read(w->asked, &count, sizeof(count)) == sizeof(count))
		say_once(w, "asked");
}

static void end_vfio(struct world *w)
{
	(void)call_detach(w->device);
	(void)call_close(w->device);
	(void)call_close(w->iommufd);
}

/* --------------------------------------------------------------------- UIO */

static void begin_uio(struct world *w, const char *bar)
{
	int fd = call_open(bar);

	w->device = call_open(w->path);
	if (w->device < 0 || fd < 0)
		give_up("cannot open %s and %s", w->path, bar);
	w->bar = map_bar(fd, 0);
	(void)call_close(fd);
}

/* Turns the interrupt on, and reads whether one has come. */
static void use_uio(struct world *w)
{
	const __u32 on = 1;
	__u32 count;

	if (write(w->device, &on, sizeof(on)) < 0 && errno != EAGAIN)
		say_once(w, "gone");
	(void)call_read(w->device, &count, sizeof(count));
}

static void end_uio(struct world *w)
{
	(void)call_close(w->device);
}

static const struct driver {
	const char *name;
	void (*begin)(struct world *w, const char *bar);
	void (*use)(struct world *w);
	void (*end)(struct world *w);
} drivers[] = {
	{ "vfio", begin_vfio, use_vfio, end_vfio },
	{ "uio", begin_uio, use_uio, end_uio },
};

/* Opens the device again and again. It may be another one by then. */
static void *open_and_close(void *arg)
{
	struct world *w = arg;
	int fd;

	while (!is_over) {
		fd = call_open(w->path);
		if (fd >= 0) {
			w->opens++;
			(void)call_close(fd);
		}
		usleep(ROUND_US);
	}
	return NULL;
}

static int hold(struct world *w, const struct driver *driver, const char *bar)
{
	pthread_t opener;

	signal(SIGTERM, end);
	signal(SIGBUS, lose_memory);
	driver->begin(w, bar);
	if (pthread_create(&opener, NULL, open_and_close, w))
		give_up("cannot start a thread");
	puts("ready");
	while (!is_over) {
		driver->use(w);
		read_bar(w);
		w->rounds++;
		usleep(ROUND_US);
	}
	pthread_join(opener, NULL);
	driver->end(w);
	printf("%ld rounds, %ld opens, %ld reads, %ld of memory that was "
	       "gone\n",
	       w->rounds, (long)w->opens, w->reads, w->lost_reads);
	return 0;
}

int hold_main(char **args)
{
	struct world w = { .path = args[1] };
	size_t i;

	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (!strcmp(args[0], drivers[i].name))
			return hold(&w, &drivers[i], args[2]);
	give_up("no driver is called %s", args[0]);
}
