/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The interface of iommufd, and the part of VFIO for it: kernel headers before
 * 6.6 do not have all of it. Sources: linux/iommufd.h and linux/vfio.h.
 */
#ifndef DMA_UAPI_H
#define DMA_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include <linux/vfio.h>

struct abi_bind_iommufd {
	__u32 argsz;
	__u32 flags;
	__s32 iommufd;
	__u32 out_devid;
};
#define ABI_BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)

struct abi_attach_pt {
	__u32 argsz;
	__u32 flags;
	__u32 pt_id;
};
#define ABI_ATTACH_PT _IO(VFIO_TYPE, VFIO_BASE + 19)

#define ABI_IOMMUFD_TYPE ';'

struct abi_ioas_alloc {
	__u32 size;
	__u32 flags;
	__u32 out_ioas_id;
};
#define ABI_IOAS_ALLOC _IO(ABI_IOMMUFD_TYPE, 0x81)

struct abi_iova_range {
	__aligned_u64 start;
	__aligned_u64 last;
};

struct abi_ioas_iova_ranges {
	__u32 size;
	__u32 ioas_id;
	__u32 num_iovas;
	__u32 reserved;
	__aligned_u64 allowed_iovas;
	__aligned_u64 out_iova_alignment;
};
#define ABI_IOAS_IOVA_RANGES _IO(ABI_IOMMUFD_TYPE, 0x84)

struct abi_ioas_allow_iovas {
	__u32 size;
	__u32 ioas_id;
	__u32 num_iovas;
	__u32 reserved;
	__aligned_u64 allowed_iovas;
};
#define ABI_IOAS_ALLOW_IOVAS _IO(ABI_IOMMUFD_TYPE, 0x82)

enum {
	ABI_MAP_WRITEABLE = 1 << 1,
	ABI_MAP_READABLE = 1 << 2,
};

struct abi_ioas_map {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 reserved;
	__aligned_u64 user_va;
	__aligned_u64 length;
	__aligned_u64 iova;
};
#define ABI_IOAS_MAP _IO(ABI_IOMMUFD_TYPE, 0x85)

struct abi_ioas_unmap {
	__u32 size;
	__u32 ioas_id;
	__aligned_u64 iova;
	__aligned_u64 length;
};
#define ABI_IOAS_UNMAP _IO(ABI_IOMMUFD_TYPE, 0x86)

/* v6.13, or 6.12 with our series, for memfds; v6.19 for some dma-bufs */
struct abi_ioas_map_file {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__s32 fd;
	__aligned_u64 start;
	__aligned_u64 length;
	__aligned_u64 iova;
};
#define ABI_IOAS_MAP_FILE _IO(ABI_IOMMUFD_TYPE, 0x8f)

/* v7.3 */
struct abi_ioas_get_pa {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 reserved;
	__aligned_u64 iova;
	__aligned_u64 length;
	__aligned_u64 out_phys;
};
#define ABI_IOAS_GET_PA _IO(ABI_IOMMUFD_TYPE, 0x95)

#endif
