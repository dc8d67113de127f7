/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What user space reads of the kernel's types: X(struct, member), or X(struct,
 * SIZE) for the size of a struct. tools/btf-names reads this file, too: a
 * member of a struct inside of another needs the inner struct by its name.
 */
#ifndef BPF_FIELDS_H
#define BPF_FIELDS_H

#define KERNEL_FIELDS(X)                                                       \
	/* Files. */                                                           \
	X(file, f_inode)                                                       \
	X(file, f_path)                                                        \
	X(file, private_data)                                                  \
	X(path, dentry)                                                        \
	X(dentry, d_fsdata)                                                    \
	X(dentry, d_name)                                                      \
	X(qstr, name)                                                          \
	X(inode, i_ino)                                                        \
	X(inode, i_mode)                                                       \
	X(inode, i_rdev)                                                       \
	X(inode, i_sb)                                                         \
	X(super_block, s_magic)                                                \
	X(dma_buf, file)                                                       \
	X(dma_buf, list_node)                                                  \
	X(dma_buf, size)                                                       \
	/* UNIX sockets. */                                                    \
	X(socket, sk)                                                          \
	X(sock, __sk_common)                                                   \
	X(sock, sk_receive_queue)                                              \
	X(sock_common, skc_family)                                             \
	X(sock_common, skc_state)                                              \
	X(sk_buff, cb)                                                         \
	X(sk_buff, next)                                                       \
	X(sk_buff, sk)                                                         \
	X(unix_skb_parms, fp)                                                  \
	X(scm_fp_list, count)                                                  \
	X(scm_fp_list, fp)                                                     \
	/* io_urings. */                                                       \
	X(io_ring_ctx, file_table)                                             \
	X(io_ring_ctx, nr_user_files)                                          \
	X(io_file_table, data)                                                 \
	X(io_file_table, files)                                                \
	X(io_fixed_file, SIZE)                                                 \
	X(io_rsrc_data, nodes)                                                 \
	X(io_rsrc_data, nr)                                                    \
	X(io_rsrc_node, file_ptr)                                              \
	/* Iterators over buffers. */                                          \
	X(seq_file, private)                                                   \
	X(bpf_iter_priv_data, target_private)                                  \
	X(bpf_iter_priv_data, tinfo)                                           \
	X(bpf_iter_target_info, reg_info)                                      \
	X(bpf_iter_reg, target)                                                \
	/* DRM. */                                                             \
	X(drm_file, fbs)                                                       \
	X(drm_file, minor)                                                     \
	X(drm_file, object_idr)                                                \
	X(drm_file, prime)                                                     \
	X(drm_prime_file_private, handles)                                     \
	X(drm_prime_member, handle)                                            \
	X(drm_prime_member, handle_rb)                                         \
	X(drm_gem_object, dma_buf)                                             \
	X(drm_gem_object, import_attach)                                       \
	X(dma_buf_attachment, dmabuf)                                          \
	X(drm_mode_object, id)                                                 \
	X(drm_framebuffer, base)                                               \
	X(drm_framebuffer, filp_head)                                          \
	X(drm_framebuffer, head)                                               \
	X(drm_framebuffer, obj)                                                \
	X(drm_minor, dev)                                                      \
	X(drm_device, mode_config)                                             \
	X(drm_mode_config, fb_list)                                            \
	X(idr, idr_base)                                                       \
	X(idr, idr_rt)                                                         \
	X(xarray, xa_head)                                                     \
	X(xa_node, SIZE)                                                       \
	X(xa_node, shift)                                                      \
	X(xa_node, slots)                                                      \
	X(rb_node, rb_left)                                                    \
	X(rb_node, rb_right)                                                   \
	X(rb_root, rb_node)                                                    \
	/* V4L2. */                                                            \
	X(v4l2_fh, m2m_ctx)                                                    \
	X(v4l2_fh, vdev)                                                       \
	X(video_device, minor)                                                 \
	X(video_device, queue)                                                 \
	X(v4l2_m2m_ctx, cap_q_ctx)                                             \
	X(v4l2_m2m_ctx, out_q_ctx)                                             \
	X(v4l2_m2m_queue_ctx, q)                                               \
	X(vb2_queue, bufs)                                                     \
	X(vb2_queue, max_num_buffers)                                          \
	X(vb2_queue, num_buffers)                                              \
	X(vb2_queue, owner)                                                    \
	X(vb2_buffer, num_planes)                                              \
	X(vb2_buffer, planes)                                                  \
	X(vb2_plane, SIZE)                                                     \
	X(vb2_plane, dbuf)                                                     \
	X(vb2_plane, dbuf_duplicated)

#define KERNEL_FIELD_NAME(type, member) FIELD_##type##_##member,

enum kernel_field { KERNEL_FIELDS(KERNEL_FIELD_NAME) FIELDS };

#endif
