// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "adversary/calls.h"
#include "dma/uapi.h"

/* What our library has no use for. Sources: as in dma/uapi.h. */
#define ABI_DETACH_PT	   _IO(VFIO_TYPE, VFIO_BASE + 20)
#define ABI_IOMMU_DESTROY  _IO(ABI_IOMMUFD_TYPE, 0x80)
#define ABI_HWPT_ALLOC	   _IO(ABI_IOMMUFD_TYPE, 0x89)
#define ABI_MAP_FIXED_IOVA (1 << 0)

struct abi_detach_pt {
	__u32 argsz;
	__u32 flags;
};

struct abi_destroy {
	__u32 size;
	__u32 id;
};

struct abi_hwpt_alloc {
	__u32 size;
	__u32 flags;
	__u32 dev_id;
	__u32 pt_id;
	__u32 out_hwpt_id;
	__u32 reserved;
	__u32 data_type;
	__u32 data_len;
	__aligned_u64 data_uptr;
};

static int answer(long r)
{
	return r < 0 ? -errno : (int)r;
}

int call_open(const char *path)
{
	return answer(open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK));
}

int call_close(int fd)
{
	return answer(close(fd));
}

int call_heap_alloc(int heap, size_t size)
{
	struct dma_heap_allocation_data data = {
		.len = size,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int r = answer(ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data));

	return r < 0 ? r : (int)data.fd;
}

int call_set_name(int buffer, const char *name)
{
	return answer(ioctl(buffer, DMA_BUF_SET_NAME_B, name));
}

static int sys_bpf(int cmd, union bpf_attr *attr)
{
	return answer(syscall(SYS_bpf, cmd, attr, sizeof(*attr)));
}

int call_link_create(int program)
{
	union bpf_attr attr = {};

	attr.link_create.prog_fd = program;
	attr.link_create.attach_type = BPF_TRACE_ITER;
	return sys_bpf(BPF_LINK_CREATE, &attr);
}

int call_iter_create(int link)
{
	union bpf_attr attr = {};

	attr.iter_create.link_fd = link;
	return sys_bpf(BPF_ITER_CREATE, &attr);
}

int call_read(int fd, void *to, size_t size)
{
	return answer(read(fd, to, size));
}

int call_run(int program)
{
	union bpf_attr attr = {};
	int r;

	attr.test.prog_fd = program;
	r = sys_bpf(BPF_PROG_TEST_RUN, &attr);
	return r < 0 ? r : -(int)attr.test.retval;
}

int call_bind(int device, int iommufd, __u32 *id)
{
	struct abi_bind_iommufd bind = {
		.argsz = sizeof(bind),
		.iommufd = iommufd,
	};
	int r = answer(ioctl(device, ABI_BIND_IOMMUFD, &bind));

	*id = bind.out_devid;
	return r;
}

int call_attach(int device, __u32 ioas)
{
	struct abi_attach_pt attach = {
		.argsz = sizeof(attach),
		.pt_id = ioas,
	};

	return answer(ioctl(device, ABI_ATTACH_PT, &attach));
}

int call_detach(int device)
{
	struct abi_detach_pt detach = { .argsz = sizeof(detach) };

	return answer(ioctl(device, ABI_DETACH_PT, &detach));
}

int call_ioas_alloc(int iommufd, __u32 *id)
{
	struct abi_ioas_alloc alloc = { .size = sizeof(alloc) };
	int r = answer(ioctl(iommufd, ABI_IOAS_ALLOC, &alloc));

	*id = alloc.out_ioas_id;
	return r;
}

int call_hwpt_alloc(int iommufd, __u32 device_id, __u32 ioas, __u32 *id)
{
	struct abi_hwpt_alloc alloc = {
		.size = sizeof(alloc),
		.dev_id = device_id,
		.pt_id = ioas,
	};
	int r = answer(ioctl(iommufd, ABI_HWPT_ALLOC, &alloc));

	*id = alloc.out_hwpt_id;
	return r;
}

int call_destroy(int iommufd, __u32 id)
{
	struct abi_destroy destroy = { .size = sizeof(destroy), .id = id };

	return answer(ioctl(iommufd, ABI_IOMMU_DESTROY, &destroy));
}

int call_map(int iommufd, __u32 ioas, void *memory, size_t size, __u64 iova)
{
	struct abi_ioas_map map = {
		.size = sizeof(map),
		.flags = ABI_MAP_FIXED_IOVA | ABI_MAP_READABLE |
			 ABI_MAP_WRITEABLE,
		.ioas_id = ioas,
		.user_va = (uintptr_t)memory,
		.length = size,
		.iova = iova,
	};

	return answer(ioctl(iommufd, ABI_IOAS_MAP, &map));
}

int call_map_file(int iommufd, __u32 ioas, int fd, size_t size, __u64 iova)
{
	struct abi_ioas_map_file map = {
		.size = sizeof(map),
		.flags = ABI_MAP_FIXED_IOVA | ABI_MAP_READABLE |
			 ABI_MAP_WRITEABLE,
		.ioas_id = ioas,
		.fd = fd,
		.length = size,
		.iova = iova,
	};

	return answer(ioctl(iommufd, ABI_IOAS_MAP_FILE, &map));
}

int call_unmap(int iommufd, __u32 ioas, __u64 iova, size_t size)
{
	struct abi_ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas_id = ioas,
		.iova = iova,
		.length = size,
	};

	return answer(ioctl(iommufd, ABI_IOAS_UNMAP, &unmap));
}

int call_get_pa(int iommufd, __u32 ioas, __u64 iova, size_t size, __u64 *phys)
{
	struct abi_ioas_get_pa run = {
		.size = sizeof(run),
		.ioas_id = ioas,
		.iova = iova,
		.length = size,
	};
	int r = answer(ioctl(iommufd, ABI_IOAS_GET_PA, &run));

	*phys = run.out_phys;
	return r;
}
