// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of IOMMU_IOAS_NOIOMMU_GET_PA: where the memory of an IOAS is, for the
 * DMA of a device that no IOMMU translates for. They need such a device, bound
 * to a VFIO driver, and do not have it do any DMA.
 */
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define __EXPORTED_HEADERS__
#include <linux/capability.h>
#include <linux/iommufd.h>
#include <linux/vfio.h>

#include "../kselftest_harness.h"

#define DEVICES		"/dev/vfio/devices/noiommu-vfio*"
#define NO_DEVICE	"no " DEVICES ": boot without an IOMMU, set " \
			"vfio.enable_unsafe_noiommu_mode=1, and then bind " \
			"a PCI device to vfio-pci"
#define HUGE_PAGES	"/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"
#define HUGE_SIZE	(2UL << 20)

#define NR_PAGES	64
#define IOVA		0x10000000UL
#define OTHER_IOVA	0x20000000UL

/* How long to wait for what is sure to come, in ms */
#define PATIENCE	5000

/* A device, an IOAS for it, and memory to be mapped there at an IOVA */
struct target {
	char path[sizeof(DEVICES) + 16];
	int iommufd;
	int device;
	__u32 device_id;
	__u32 ioas;
	char *mem;
	size_t size;
	__u64 iova;
};

/* What there is at an IOVA, if rc, a negative errno, is 0 */
struct run {
	int rc;
	__u64 phys;
	__u64 length;
};

static size_t page_size;

static __attribute__((constructor)) void init_page_size(void)
{
	page_size = sysconf(_SC_PAGE_SIZE);
}

static int request(int fd, unsigned long nr, void *cmd)
{
	return ioctl(fd, nr, cmd) < 0 ? -errno : 0;
}

static int alloc_ioas(struct target *t)
{
	struct iommu_ioas_alloc cmd = { .size = sizeof(cmd) };
	int rc = request(t->iommufd, IOMMU_IOAS_ALLOC, &cmd);

	t->ioas = cmd.out_ioas_id;
	return rc;
}

static int map(const struct target *t)
{
	struct iommu_ioas_map cmd = {
		.size = sizeof(cmd), .ioas_id = t->ioas, .iova = t->iova,
		.user_va = (uintptr_t)t->mem, .length = t->size,
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE |
			 IOMMU_IOAS_MAP_WRITEABLE,
	};

	return request(t->iommufd, IOMMU_IOAS_MAP, &cmd);
}

/* What may be done with the memory: IOMMU_IOAS_MAP_READABLE and _WRITEABLE */
static int map_file(const struct target *t, int fd, __u64 start, __u32 access)
{
	struct iommu_ioas_map_file cmd = {
		.size = sizeof(cmd), .ioas_id = t->ioas, .iova = t->iova,
		.fd = fd, .start = start, .length = t->size,
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | access,
	};

	return request(t->iommufd, IOMMU_IOAS_MAP_FILE, &cmd);
}

static int map_memfd(const struct target *t, int fd, __u64 start)
{
	return map_file(t, fd, start,
			IOMMU_IOAS_MAP_READABLE | IOMMU_IOAS_MAP_WRITEABLE);
}

static int unmap(const struct target *t)
{
	struct iommu_ioas_unmap cmd = {
		.size = sizeof(cmd), .ioas_id = t->ioas, .iova = t->iova,
		.length = t->size,
	};

	return request(t->iommufd, IOMMU_IOAS_UNMAP, &cmd);
}

static int forbid_large_pages(const struct target *t)
{
	struct iommu_option cmd = {
		.size = sizeof(cmd), .option_id = IOMMU_OPTION_HUGE_PAGES,
		.op = IOMMU_OPTION_OP_SET, .object_id = t->ioas,
	};

	return request(t->iommufd, IOMMU_OPTION, &cmd);
}

/* As a container of VFIO does, which can unmap a part of what was mapped at once */
static int unmap_part(const struct target *t, size_t offset, size_t size)
{
	struct iommu_vfio_ioas choice = {
		.size = sizeof(choice), .ioas_id = t->ioas,
		.op = IOMMU_VFIO_IOAS_SET,
	};
	struct vfio_iommu_type1_dma_unmap cmd = {
		.argsz = sizeof(cmd), .iova = t->iova + offset, .size = size,
	};
	int rc = request(t->iommufd, IOMMU_VFIO_IOAS, &choice);

	return rc ? rc : request(t->iommufd, VFIO_IOMMU_UNMAP_DMA, &cmd);
}

static struct run get_run(const struct target *t, size_t offset, __u64 asked)
{
	struct iommu_ioas_noiommu_get_pa cmd = {
		.size = sizeof(cmd), .ioas_id = t->ioas,
		.iova = t->iova + offset, .length = asked,
	};
	int rc = request(t->iommufd, IOMMU_IOAS_NOIOMMU_GET_PA, &cmd);

	return (struct run){ rc, cmd.out_phys, cmd.length };
}

/* Whether there is an answer */
static int get_any(const struct target *t)
{
	return get_run(t, 0, 1).rc;
}

static int attach(const struct target *t)
{
	struct vfio_device_attach_iommufd_pt cmd = {
		.argsz = sizeof(cmd), .pt_id = t->ioas,
	};

	return request(t->device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &cmd);
}

static int detach(const struct target *t)
{
	struct vfio_device_detach_iommufd_pt cmd = { .argsz = sizeof(cmd) };

	return request(t->device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &cmd);
}

static int open_device(struct target *t)
{
	struct vfio_device_bind_iommufd cmd = {
		.argsz = sizeof(cmd), .iommufd = t->iommufd,
	};
	int rc;

	t->device = open(t->path, O_RDWR);
	if (t->device < 0)
		return -errno;
	rc = request(t->device, VFIO_DEVICE_BIND_IOMMUFD, &cmd);
	t->device_id = cmd.out_devid;
	return rc;
}

static int find_device(struct target *t)
{
	glob_t found;

	if (glob(DEVICES, 0, NULL, &found))
		return -ENODEV;
	snprintf(t->path, sizeof(t->path), "%s", found.gl_pathv[0]);
	globfree(&found);
	return 0;
}

/* The device is bound but not attached, the IOAS empty. */
static int open_target(struct target *t)
{
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	int rc = find_device(t);

	t->device = -1;
	t->iommufd = -1;
	if (rc)
		return rc;
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	t->iommufd = open("/dev/iommu", O_RDWR);
	if (t->iommufd < 0)
		return -errno;
	rc = open_device(t);
	return rc ? rc : alloc_ioas(t);
}

static void close_device(struct target *t)
{
	close(t->device);
	t->device = -1;
}

/* The device has a reference to the iommufd: it is gone when both are. */
static void close_target(struct target *t)
{
	close(t->iommufd);
	t->iommufd = -1;
	close_device(t);
}

static bool set_rawio(bool on)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	__u32 *effective = &data[CAP_TO_INDEX(CAP_SYS_RAWIO)].effective;

	if (syscall(SYS_capget, &header, data))
		return false;
	*effective &= ~CAP_TO_MASK(CAP_SYS_RAWIO);
	if (on)
		*effective |= CAP_TO_MASK(CAP_SYS_RAWIO);
	return !syscall(SYS_capset, &header, data);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool done = write(fd, text, strlen(text)) > 0;

	close(fd);
	return done;
}

static void read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = read(fd, text, size - 1);

	text[length > 0 ? length : 0] = 0;
	close(fd);
}

/* 0 if pagemap does not tell */
static __u64 pagemap_phys(const char *addr)
{
	off_t where = (uintptr_t)addr / page_size * sizeof(__u64);
	int fd = open("/proc/self/pagemap", O_RDONLY);
	__u64 entry = 0, pfn;

	if (pread(fd, &entry, sizeof(entry), where) != sizeof(entry))
		entry = 0;
	close(fd);
	/* The top bit is for present, and so many others for the PFN. */
	pfn = entry & (~0ULL >> 9);
	if (!(entry >> 63) || !pfn)
		return 0;
	return pfn * page_size + (uintptr_t)addr % page_size;
}

/* How many pages are pinned in the whole system, or -1 */
static long count_pins(void)
{
	long acquired = -1, released = -1, value;
	char name[64];
	FILE *file;

	/* Collects what the CPUs have counted. */
	write_file("/proc/sys/vm/stat_refresh", "1");
	file = fopen("/proc/vmstat", "r");
	if (!file)
		return -1;
	while (fscanf(file, "%63s %ld", name, &value) == 2) {
		if (!strcmp(name, "nr_foll_pin_acquired"))
			acquired = value;
		if (!strcmp(name, "nr_foll_pin_released"))
			released = value;
	}
	fclose(file);
	return acquired < 0 || released < 0 ? -1 : acquired - released;
}

/* That there are @more than the @pins before, if those could be counted */
static void expect_pins(struct __test_metadata *_metadata, long pins, long more)
{
	long deadline = now_ms() + PATIENCE;
	long now;

	if (pins < 0)
		return;
	do {
		now = count_pins();
	} while (now != pins + more && now_ms() < deadline);
	EXPECT_EQ(pins + more, now);
}

/* Pages are allocated as they are touched: in no order, so nor are they. */
static void touch_shuffled(char *mem)
{
	size_t order[NR_PAGES], i, j;

	for (i = 0; i < NR_PAGES; i++) {
		j = random() % (i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	for (i = 0; i < NR_PAGES; i++)
		memset(mem + order[i] * page_size, order[i] + 1, page_size);
}

static bool alloc_mem(struct target *t, size_t size, int flags)
{
	t->iova = IOVA;
	t->size = size;
	t->mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
	if (t->mem == MAP_FAILED)
		return false;
	madvise(t->mem, size, MADV_NOHUGEPAGE);
	touch_shuffled(t->mem);
	return true;
}

/* How many of @asked bytes pagemap says follow each other */
static __u64 pagemap_run(const struct target *t, size_t offset, __u64 asked)
{
	__u64 most = asked < t->size - offset ? asked : t->size - offset;
	__u64 run = page_size - offset % page_size;
	const char *start = t->mem + offset;
	__u64 phys = pagemap_phys(start);

	while (run < most && pagemap_phys(start + run) == phys + run)
		run += page_size;
	return run < most ? run : most;
}

/* Asks for a part of what is mapped. Returns how much the answer is for. */
static __u64 check_run(struct __test_metadata *_metadata,
		       const struct target *t, size_t offset, __u64 asked)
{
	struct run run = get_run(t, offset, asked);

	ASSERT_EQ(0, run.rc);
	ASSERT_EQ(pagemap_phys(t->mem + offset), run.phys);
	ASSERT_EQ(pagemap_run(t, offset, asked), run.length);
	return run.length;
}

/* One run after the other, from the start to the end */
static void check_all(struct __test_metadata *_metadata, const struct target *t)
{
	size_t offset = 0;

	while (offset < t->size)
		offset += check_run(_metadata, t, offset, t->size - offset);
	ASSERT_EQ(t->size, offset);
}

static bool setup(struct __test_metadata *_metadata, struct target *t)
{
	int rc = open_target(t);

	if (rc == -ENODEV)
		SKIP(return false, NO_DEVICE);
	if (rc == -EPERM || rc == -EACCES)
		SKIP(return false, "this takes CAP_SYS_RAWIO");
	ASSERT_EQ(0, rc);
	ASSERT_TRUE(alloc_mem(t, NR_PAGES * page_size, 0));
	return true;
}

static void restore_huge_pages(const char *old_number)
{
	if (old_number[0])
		write_file(HUGE_PAGES, old_number);
}

/* A device that is not attached, and an IOAS with nothing in it */
FIXTURE(noiommu_bound) {
	struct target t;
	char old_huge_pages[32];
};

FIXTURE_SETUP(noiommu_bound)
{
	setup(_metadata, &self->t);
}

FIXTURE_TEARDOWN(noiommu_bound)
{
	close_target(&self->t);
	restore_huge_pages(self->old_huge_pages);
}

/* A device that is attached to an IOAS with all of the memory in it */
FIXTURE(noiommu) {
	struct target t;
	char old_huge_pages[32];
};

FIXTURE_SETUP(noiommu)
{
	if (!setup(_metadata, &self->t))
		return;
	ASSERT_EQ(0, attach(&self->t));
	ASSERT_EQ(0, map(&self->t));
}

FIXTURE_TEARDOWN(noiommu)
{
	close_target(&self->t);
	restore_huge_pages(self->old_huge_pages);
}

TEST_F(noiommu, takes_capability)
{
	int rc, fd, open_errno;

	EXPECT_EQ(0, get_any(&self->t));
	ASSERT_TRUE(set_rawio(false));
	rc = get_any(&self->t);
	fd = open(self->t.path, O_RDWR);
	open_errno = errno;
	ASSERT_TRUE(set_rawio(true));

	EXPECT_EQ(-EPERM, rc);
	EXPECT_EQ(-1, fd);
	EXPECT_EQ(EPERM, open_errno);

	EXPECT_EQ(0, get_any(&self->t));
	fd = open(self->t.path, O_RDWR);
	EXPECT_LE(0, fd);
	close(fd);
}

TEST_F(noiommu, refuses_bad_requests)
{
	const __u32 size = sizeof(struct iommu_ioas_noiommu_get_pa);
	const __u32 ioas = self->t.ioas, not_ioas = self->t.device_id;
	const __u64 iova = self->t.iova, end = iova + self->t.size;
	struct {
		int rc;
		struct {
			struct iommu_ioas_noiommu_get_pa cmd;
			__u64 tail;
		} large;
	} cases[] = {
		{ 0, { { size, 0, ioas, 0, iova, 1, 0 }, 1 } },
		{ 0, { { size + 8, 0, ioas, 0, iova, 1, 0 }, 0 } },
		{ -E2BIG, { { size + 8, 0, ioas, 0, iova, 1, 0 }, 1 } },
		{ -EINVAL, { { size - 8, 0, ioas, 0, iova, 1, 0 }, 0 } },
		{ -EINVAL, { { 0, 0, ioas, 0, iova, 1, 0 }, 0 } },
		{ -EOPNOTSUPP, { { size, 1, ioas, 0, iova, 1, 0 }, 0 } },
		{ -EOPNOTSUPP, { { size, 0, ioas, 1, iova, 1, 0 }, 0 } },
		{ -EINVAL, { { size, 0, ioas, 0, iova, 0, 0 }, 0 } },
		{ -EOVERFLOW, { { size, 0, ioas, 0, ULONG_MAX, 1, 0 }, 0 } },
		{ -ENOENT, { { size, 0, INT_MAX, 0, iova, 1, 0 }, 0 } },
		{ -ENOENT, { { size, 0, not_ioas, 0, iova, 1, 0 }, 0 } },
		/* Before and after what is mapped */
		{ -ENOENT, { { size, 0, ioas, 0, iova - 1, 2, 0 }, 0 } },
		{ -ENOENT, { { size, 0, ioas, 0, end, 1, 0 }, 0 } },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		int rc = request(self->t.iommufd, IOMMU_IOAS_NOIOMMU_GET_PA,
				 &cases[i].large);

		EXPECT_EQ(cases[i].rc, rc) {
			TH_LOG("in case %zu", i);
		}
	}
}

TEST_F(noiommu, ends_with_unmap)
{
	EXPECT_EQ(0, get_any(&self->t));
	ASSERT_EQ(0, unmap(&self->t));
	EXPECT_EQ(-ENOENT, get_any(&self->t));
}

TEST_F(noiommu, ends_with_device)
{
	long pins = count_pins();

	close_device(&self->t);
	EXPECT_EQ(-EOPNOTSUPP, get_any(&self->t));
	expect_pins(_metadata, pins, -NR_PAGES);
	EXPECT_EQ(0, unmap(&self->t));
	EXPECT_EQ(-ENOENT, get_any(&self->t));

	/* The iommufd is as good as ever. */
	ASSERT_EQ(0, map(&self->t));
	ASSERT_EQ(0, open_device(&self->t));
	ASSERT_EQ(0, attach(&self->t));
	EXPECT_EQ(0, get_any(&self->t));
}

TEST_F(noiommu_bound, answers_while_attached)
{
	long pins = count_pins();

	ASSERT_EQ(0, map(&self->t));
	EXPECT_EQ(-EOPNOTSUPP, get_any(&self->t));
	expect_pins(_metadata, pins, 0);

	ASSERT_EQ(0, attach(&self->t));
	EXPECT_EQ(0, get_any(&self->t));
	expect_pins(_metadata, pins, NR_PAGES);
	if (pagemap_phys(self->t.mem))
		check_all(_metadata, &self->t);

	ASSERT_EQ(0, detach(&self->t));
	EXPECT_EQ(-EOPNOTSUPP, get_any(&self->t));
	expect_pins(_metadata, pins, 0);
}

TEST_F(noiommu, agrees_with_pagemap)
{
	const struct target *t = &self->t;
	const size_t offsets[] = { 0, 1, page_size - 1, page_size + 7,
				   t->size - page_size - 3, t->size - 1 };
	const __u64 lengths[] = { 1, 3, page_size - 1, page_size,
				  3 * page_size + 5, t->size, ULLONG_MAX };
	size_t i, j;

	if (!pagemap_phys(t->mem))
		SKIP(return, "pagemap tells no addresses");
	check_all(_metadata, t);
	for (i = 0; i < NR_PAGES; i++)
		check_run(_metadata, t, i * page_size, t->size);
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		for (j = 0; j < ARRAY_SIZE(lengths); j++)
			check_run(_metadata, t, offsets[i], lengths[j]);
}

/* Has the kernel keep enough huge pages for a test. */
static void reserve_huge_pages(char *old_number, size_t size)
{
	read_file(HUGE_PAGES, old_number, size);
	if (atoi(old_number) < 4)
		write_file(HUGE_PAGES, "4");
}

static bool alloc_huge_mem(struct target *t, char *old_number, size_t size)
{
	reserve_huge_pages(old_number, size);
	return alloc_mem(t, 2 * HUGE_SIZE,
			 MAP_HUGETLB | (21 << MAP_HUGE_SHIFT));
}

TEST_F(noiommu, runs_through_huge_pages)
{
	struct target *t = &self->t;
	struct run run;

	ASSERT_EQ(0, unmap(t));
	if (!alloc_huge_mem(t, self->old_huge_pages,
			    sizeof(self->old_huge_pages)))
		SKIP(return, "there are no huge pages of 2 MiB to be had");
	ASSERT_EQ(0, map(t));

	run = get_run(t, 0, HUGE_SIZE);
	ASSERT_EQ(0, run.rc);
	EXPECT_EQ(HUGE_SIZE, run.length);
	EXPECT_EQ(0ULL, run.phys % HUGE_SIZE);
	run = get_run(t, page_size - 1, 3 * page_size + 1);
	ASSERT_EQ(0, run.rc);
	EXPECT_EQ(3 * page_size + 1, run.length);

	if (!pagemap_phys(t->mem))
		SKIP(return, "pagemap tells no addresses");
	check_all(_metadata, t);
	/* Across the border between the two huge pages */
	check_run(_metadata, t, HUGE_SIZE - page_size, 2 * page_size);
	check_run(_metadata, t, HUGE_SIZE - 1, 2);
}

/* The IOVA need not be aligned as the pages are. */
TEST_F_TIMEOUT(noiommu, finds_each_page_of_huge_pages, 300)
{
	const size_t shifts[] = { 0, 3, 511 };
	struct target *t = &self->t;
	size_t i, offset;

	if (!pagemap_phys(t->mem))
		SKIP(return, "pagemap tells no addresses");
	if (!alloc_huge_mem(t, self->old_huge_pages,
			    sizeof(self->old_huge_pages)))
		SKIP(return, "there are no huge pages of 2 MiB to be had");
	for (i = 0; i < ARRAY_SIZE(shifts); i++) {
		/* Either order, as in one of them they can follow each other. */
		madvise(t->mem, t->size, MADV_DONTNEED);
		t->mem[i % 2 * HUGE_SIZE] = 1;
		t->mem[(i + 1) % 2 * HUGE_SIZE] = 1;
		t->iova = OTHER_IOVA + shifts[i] * page_size;
		ASSERT_EQ(0, map(t));
		check_all(_metadata, t);
		for (offset = 1; offset < t->size; offset += 7 * page_size)
			check_run(_metadata, t, offset, 2 * page_size);
		for (offset = 7; offset < t->size; offset += 257 * page_size)
			check_run(_metadata, t, offset, t->size);
		ASSERT_EQ(0, unmap(t));
		ASSERT_EQ(-ENOENT, get_any(t));
	}
}

TEST_F(noiommu_bound, unmaps_part_without_large_pages)
{
	const size_t hole = 5 * page_size, size = 3 * page_size;
	struct target *t = &self->t, rest;

	ASSERT_EQ(0, forbid_large_pages(t));
	ASSERT_EQ(0, attach(t));
	if (!alloc_huge_mem(t, self->old_huge_pages,
			    sizeof(self->old_huge_pages)))
		SKIP(return, "there are no huge pages of 2 MiB to be had");
	ASSERT_EQ(0, map(t));
	/* A run is one, of however many pages. */
	EXPECT_LE(HUGE_SIZE, get_run(t, 0, t->size).length);
	EXPECT_EQ(HUGE_SIZE - 5, get_run(t, 5, HUGE_SIZE - 5).length);

	rest = *t;
	rest.mem += hole + size;
	rest.iova += hole + size;
	rest.size -= hole + size;
	ASSERT_EQ(0, unmap_part(t, hole, size));
	t->size = hole;
	EXPECT_EQ(hole, get_run(t, 0, HUGE_SIZE).length);
	EXPECT_EQ(-ENOENT, get_run(t, hole, 1).rc);
	EXPECT_EQ(-ENOENT, get_run(t, hole + size - 1, 1).rc);
	if (pagemap_phys(t->mem)) {
		check_all(_metadata, t);
		check_all(_metadata, &rest);
	}
	EXPECT_EQ(0, unmap(t));
	EXPECT_EQ(0, unmap(&rest));
}

/* Though the memory, and what is mapped, goes on */
TEST_F(noiommu, ends_run_with_mapping)
{
	struct target *t = &self->t, half;
	struct run run, next;

	if (!alloc_huge_mem(t, self->old_huge_pages,
			    sizeof(self->old_huge_pages)))
		SKIP(return, "there are no huge pages of 2 MiB to be had");
	t->iova = OTHER_IOVA;
	t->size = HUGE_SIZE / 2;
	half = *t;
	half.mem += t->size;
	half.iova += t->size;
	ASSERT_EQ(0, map(t));
	ASSERT_EQ(0, map(&half));

	run = get_run(t, 0, HUGE_SIZE);
	next = get_run(t, t->size, HUGE_SIZE);
	EXPECT_EQ(t->size, run.length);
	EXPECT_EQ(t->size, next.length);
	EXPECT_EQ(run.phys + t->size, next.phys);
}

TEST_F(noiommu, keeps_pages_in_place)
{
	const struct target *t = &self->t;
	__u64 before[NR_PAGES];
	size_t i;

	for (i = 0; i < NR_PAGES; i++) {
		before[i] = get_run(t, i * page_size, 1).phys;
		ASSERT_NE(0ULL, before[i]);
	}

	/* Whatever of these the kernel has */
	madvise(t->mem, t->size, MADV_COLD);
	madvise(t->mem, t->size, MADV_PAGEOUT);
	write_file("/proc/sys/vm/compact_memory", "1");

	for (i = 0; i < NR_PAGES; i++) {
		char *page = t->mem + i * page_size;
		char first = __atomic_load_n(page, __ATOMIC_RELAXED);

		/* Now it is present, wherever it is. */
		EXPECT_EQ((char)(i + 1), first);
		EXPECT_EQ(before[i], get_run(t, i * page_size, 1).phys);
		if (pagemap_phys(page))
			EXPECT_EQ(before[i], pagemap_phys(page));
	}
}

TEST_F(noiommu_bound, gives_pins_back)
{
	long pins = count_pins();

	if (pins < 0)
		SKIP(return, "vmstat does not count pinned pages");
	ASSERT_EQ(0, attach(&self->t));
	ASSERT_EQ(0, map(&self->t));
	expect_pins(_metadata, pins, NR_PAGES);
	ASSERT_EQ(0, unmap(&self->t));
	expect_pins(_metadata, pins, 0);

	ASSERT_EQ(0, map(&self->t));
	expect_pins(_metadata, pins, NR_PAGES);
	close_target(&self->t);
	expect_pins(_metadata, pins, 0);
}

struct mapper {
	const struct target *t;
	bool stop;
	int rc;
};

static void *unmap_and_map(void *arg)
{
	struct mapper *m = arg;

	while (!m->rc && !__atomic_load_n(&m->stop, __ATOMIC_RELAXED)) {
		m->rc = unmap(m->t);
		if (!m->rc)
			m->rc = map(m->t);
	}
	return NULL;
}

TEST_F_TIMEOUT(noiommu, races_with_unmap, 90)
{
	const size_t offset = page_size + 5, asked = 3 * page_size;
	long found = 0, missed = 0, wrong = 0, start = now_ms(), passed;
	struct mapper m = { .t = &self->t };
	struct target steady = self->t;
	struct run run, truth;
	pthread_t thread;

	/* Mapped here too, the memory stays where it is all the time. */
	steady.iova = OTHER_IOVA;
	ASSERT_EQ(0, map(&steady));
	truth = get_run(&steady, offset, asked);
	ASSERT_EQ(0, truth.rc);
	ASSERT_EQ(0, pthread_create(&thread, NULL, unmap_and_map, &m));

	do {
		run = get_run(&self->t, offset, asked);
		if (run.rc == -ENOENT)
			missed++;
		else if (!run.rc && run.length == truth.length &&
			 run.phys == truth.phys)
			found++;
		else
			wrong++;
		passed = now_ms() - start;
	} while (!wrong && passed < 60000 &&
		 (passed < 1000 || found < 100 || missed < 100));

	__atomic_store_n(&m.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	EXPECT_EQ(0, m.rc);
	EXPECT_LT(0, found);
	EXPECT_LT(0, missed);
	EXPECT_EQ(0, wrong) {
		TH_LOG("rc %d, %llu bytes at %#llx, not %llu at %#llx", run.rc,
		       run.length, run.phys, truth.length, truth.phys);
	}
}

TEST_F_TIMEOUT(noiommu_bound, maps_often, 120)
{
	struct target page = self->t;
	long pins = count_pins();
	struct run run;
	size_t i;

	ASSERT_EQ(0, attach(&page));
	page.size = page_size;
	for (i = 0; i < 10000; i++) {
		size_t offset = i % page_size;

		page.mem = self->t.mem + i % NR_PAGES * page_size;
		ASSERT_EQ(0, map(&page));
		run = get_run(&page, offset, 2 * page_size);
		ASSERT_EQ(0, run.rc);
		ASSERT_EQ(page_size - offset, run.length);
		ASSERT_EQ(offset, run.phys % page_size);
		ASSERT_EQ(0, unmap(&page));
		ASSERT_EQ(-ENOENT, get_any(&page));
	}
	expect_pins(_metadata, pins, 0);
}

TEST_F(noiommu, keeps_ioas_apart)
{
	struct target other = self->t;

	ASSERT_EQ(0, alloc_ioas(&other));
	EXPECT_EQ(-ENOENT, get_any(&other));
	ASSERT_EQ(0, map(&other));
	EXPECT_EQ(-EOPNOTSUPP, get_any(&other));
	EXPECT_EQ(0, get_any(&self->t));

	/* The one takes the place of the other. */
	ASSERT_EQ(0, attach(&other));
	EXPECT_EQ(0, get_any(&other));
	EXPECT_EQ(-EOPNOTSUPP, get_any(&self->t));
}

/* Opens the device by itself: what it would inherit, its parent had too. */
static void hold_mapping_until_killed(int ready)
{
	struct target t;

	if (open_target(&t) || !alloc_mem(&t, NR_PAGES * page_size, 0) ||
	    attach(&t) || map(&t) || get_any(&t) || write(ready, "", 1) != 1)
		_exit(1);
	while (true)
		pause();
}

TEST_F_TIMEOUT(noiommu_bound, gives_pins_of_killed_back, 60)
{
	long pins = count_pins();
	int ready[2];
	pid_t child;
	char byte;

	if (pins < 0)
		SKIP(return, "vmstat does not count pinned pages");
	close_target(&self->t);
	ASSERT_EQ(0, pipe(ready));
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		hold_mapping_until_killed(ready[1]);
	close(ready[1]);
	EXPECT_EQ(1, read(ready[0], &byte, 1));
	expect_pins(_metadata, pins, NR_PAGES);
	kill(child, SIGKILL);
	ASSERT_EQ(child, waitpid(child, NULL, 0));
	expect_pins(_metadata, pins, 0);

	/* Nobody has the device anymore. */
	ASSERT_EQ(0, open_target(&self->t));
	EXPECT_EQ(0, attach(&self->t));
}

/* A memfd of @size bytes, which is t->mem too. Only some pages are touched. */
static int open_memfd(struct target *t, size_t size, unsigned int flags)
{
	int fd = memfd_create("noiommu", MFD_ALLOW_SEALING | flags);

	if (fd < 0 || ftruncate(fd, size))
		return -1;
	munmap(t->mem, t->size);
	t->iova = OTHER_IOVA;
	t->size = size;
	t->mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (t->mem == MAP_FAILED)
		return -1;
	touch_shuffled(t->mem);
	return fd;
}

/* Unlike with IOMMU_IOAS_MAP, nobody has to have it mapped. */
TEST_F(noiommu, maps_memfd)
{
	struct target *t = &self->t, part;
	const size_t size = (NR_PAGES + 40) * page_size;
	long pins;
	__u64 phys;
	int fd;

	fd = open_memfd(t, size, 0);
	ASSERT_LE(0, fd);
	pins = count_pins();
	ASSERT_EQ(0, map_memfd(t, fd, 0));
	expect_pins(_metadata, pins, NR_PAGES + 40);
	/* What was a hole is memory now; mmap() shows the same. */
	ASSERT_EQ(0, madvise(t->mem, size, MADV_POPULATE_WRITE));
	if (pagemap_phys(t->mem))
		check_all(_metadata, t);
	phys = get_run(t, 7 * page_size + 9, 1).phys;

	part = *t;
	part.iova += 2 * size;
	part.mem += 7 * page_size;
	part.size = 50 * page_size;
	ASSERT_EQ(0, map_memfd(&part, fd, 7 * page_size));
	EXPECT_EQ(phys, get_run(&part, 9, 1).phys);
	if (pagemap_phys(t->mem))
		check_all(_metadata, &part);

	close(fd);
	munmap(t->mem, size);
	EXPECT_EQ(phys, get_run(t, 7 * page_size + 9, 1).phys);
	ASSERT_EQ(0, unmap(t));
	ASSERT_EQ(0, unmap(&part));
	expect_pins(_metadata, pins, 0);
}

TEST_F(noiommu, maps_memfd_of_huge_pages)
{
	struct target *t = &self->t, part;
	long pins;
	int fd;

	reserve_huge_pages(self->old_huge_pages, sizeof(self->old_huge_pages));
	fd = open_memfd(t, 2 * HUGE_SIZE, MFD_HUGETLB | (21 << MAP_HUGE_SHIFT));
	if (fd < 0)
		SKIP(return, "there are no huge pages of 2 MiB to be had");
	pins = count_pins();

	/* From within the first page to within the second */
	part = *t;
	part.mem += 5 * page_size;
	part.size = HUGE_SIZE + 3 * page_size;
	ASSERT_EQ(0, map_memfd(&part, fd, 5 * page_size));
	expect_pins(_metadata, pins, part.size / page_size);
	EXPECT_LE(HUGE_SIZE - 5 * page_size,
		  get_run(&part, 0, part.size).length);
	ASSERT_EQ(0, madvise(t->mem, t->size, MADV_POPULATE_WRITE));
	if (pagemap_phys(t->mem))
		check_all(_metadata, &part);
	ASSERT_EQ(0, unmap(&part));
	expect_pins(_metadata, pins, 0);
	close(fd);
}

/* The memory belongs to the file, and not to the process that maps it. */
TEST_F(noiommu_bound, maps_memfd_of_ended_process)
{
	struct target *t = &self->t;
	int fd, status;
	pid_t child;

	fd = open_memfd(t, NR_PAGES * page_size, 0);
	ASSERT_LE(0, fd);
	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(map_memfd(t, fd, 0) ? 1 : 0);
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_EQ(0, status);

	ASSERT_EQ(0, attach(t));
	EXPECT_EQ(0, get_any(t));
	if (pagemap_phys(t->mem))
		check_all(_metadata, t);
}

TEST_F(noiommu, refuses_bad_files)
{
	const __u32 both = IOMMU_IOAS_MAP_READABLE | IOMMU_IOAS_MAP_WRITEABLE;
	struct target *t = &self->t, empty;
	long pins;
	int fd, other;

	fd = open_memfd(t, NR_PAGES * page_size, 0);
	ASSERT_LE(0, fd);
	pins = count_pins();
	other = open("/proc/self/exe", O_RDONLY);
	EXPECT_EQ(-EBADF, map_file(t, -1, 0, both));
	EXPECT_EQ(-EINVAL, map_file(t, other, 0, IOMMU_IOAS_MAP_READABLE));
	EXPECT_EQ(-EINVAL, map_file(t, fd, 0, 0));
	EXPECT_EQ(-EOPNOTSUPP, map_file(t, fd, 0, both | 1 << 10));
	EXPECT_EQ(-EOVERFLOW, map_file(t, fd, ULLONG_MAX, both));
	/* One page too many */
	EXPECT_EQ(-EINVAL, map_file(t, fd, page_size, both));
	/* The pages of an IOAS are whole. */
	EXPECT_EQ(-EINVAL, map_file(t, fd, 1, both));
	empty = *t;
	empty.size = 0;
	EXPECT_EQ(-EINVAL, map_file(&empty, fd, 0, both));
	empty = *t;
	empty.ioas = self->t.device_id;
	EXPECT_EQ(-ENOENT, map_file(&empty, fd, 0, both));

	expect_pins(_metadata, pins, 0);
	EXPECT_EQ(0, map_file(t, fd, 0, both));
	EXPECT_EQ(-EEXIST, map_file(t, fd, 0, both));
	expect_pins(_metadata, pins, NR_PAGES);
	close(other);
	close(fd);
}

static int reopen(int fd, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags);
}

TEST_F(noiommu, writes_no_file_that_user_may_not)
{
	const __u32 rd = IOMMU_IOAS_MAP_READABLE, wr = IOMMU_IOAS_MAP_WRITEABLE;
	struct target *t = &self->t;
	int fd, rdonly, wronly;

	fd = open_memfd(t, NR_PAGES * page_size, 0);
	ASSERT_LE(0, fd);
	rdonly = reopen(fd, O_RDONLY);
	wronly = reopen(fd, O_WRONLY);
	ASSERT_LE(0, rdonly);
	ASSERT_LE(0, wronly);
	EXPECT_EQ(-EACCES, map_file(t, rdonly, 0, rd | wr));
	EXPECT_EQ(-EACCES, map_file(t, rdonly, 0, wr));
	EXPECT_EQ(-EACCES, map_file(t, wronly, 0, rd));
	EXPECT_EQ(-EACCES, map_file(t, wronly, 0, wr));
	EXPECT_EQ(0, map_file(t, rdonly, 0, rd));
	EXPECT_EQ(0, unmap(t));

	/* What is mapped for writing is in use, and what is sealed is not mapped. */
	munmap(t->mem, t->size);
	ASSERT_EQ(0, map_memfd(t, fd, 0));
	EXPECT_EQ(-1, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	EXPECT_EQ(EBUSY, errno);
	EXPECT_EQ(0, unmap(t));
	EXPECT_EQ(0, fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
	EXPECT_EQ(-EPERM, map_memfd(t, fd, 0));
	EXPECT_EQ(0, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	EXPECT_EQ(-EPERM, map_memfd(t, fd, 0));
	EXPECT_EQ(0, map_file(t, fd, 0, rd));
	EXPECT_EQ(0, get_any(t));
	close(fd);
}

TEST_HARNESS_MAIN
