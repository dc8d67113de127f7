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
	X(file, f_count)                                                       \
	X(file, f_inode)                                                       \
	X(file, f_mode)                                                        \
	X(file, f_op)                                                          \
	X(file, f_path)                                                        \
	X(file, f_ref)                                                         \
	X(file, private_data)                                                  \
	X(path, dentry)                                                        \
	X(dentry, d_fsdata)                                                    \
	X(dentry, d_inode)                                                     \
	X(dentry, d_name)                                                      \
	X(qstr, name)                                                          \
	X(inode, i_ino)                                                        \
	X(inode, i_mode)                                                       \
	X(inode, i_rdev)                                                       \
	X(inode, i_sb)                                                         \
	X(super_block, s_magic)                                                \
	X(dma_buf, attachments)                                                \
	X(dma_buf, exp_name)                                                   \
	X(dma_buf, file)                                                       \
	X(dma_buf, list_node)                                                  \
	X(dma_buf, name)                                                       \
	X(dma_buf, priv)                                                       \
	X(dma_buf, size)                                                       \
	/* Attachments. */                                                     \
	X(dma_buf_attachment, dev)                                             \
	X(dma_buf_attachment, dmabuf)                                          \
	X(dma_buf_attachment, node)                                            \
	X(device, driver)                                                      \
	X(device, init_name)                                                   \
	X(device, kobj)                                                        \
	X(device_driver, name)                                                 \
	X(kobject, name)                                                       \
	/* udmabufs. */                                                        \
	X(udmabuf, folios)                                                     \
	X(udmabuf, offsets)                                                    \
	X(udmabuf, pagecount)                                                  \
	X(udmabuf, pages)                                                      \
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
	X(io_ring_ctx, cancel_hash)                                            \
	X(io_ring_ctx, cancel_hash_bits)                                       \
	X(io_ring_ctx, cancel_table)                                           \
	X(io_ring_ctx, cancel_table_locked)                                    \
	X(io_hash_table, hash_bits)                                            \
	X(io_hash_table, hbs)                                                  \
	X(io_hash_bucket, SIZE)                                                \
	X(io_hash_bucket, list)                                                \
	X(hlist_node, next)                                                    \
	X(io_kiocb, hash_node)                                                 \
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
	X(drm_device, accel)                                                   \
	X(drm_device, filelist_internal)                                       \
	X(drm_device, primary)                                                 \
	X(drm_device, render)                                                  \
	X(drm_file, fbs)                                                       \
	X(drm_file, lhead)                                                     \
	X(drm_file, minor)                                                     \
	X(drm_file, object_idr)                                                \
	X(drm_file, prime)                                                     \
	X(drm_prime_file_private, handles)                                     \
	X(drm_prime_member, handle)                                            \
	X(drm_prime_member, handle_rb)                                         \
	X(drm_gem_object, dev)                                                 \
	X(drm_gem_object, dma_buf)                                             \
	X(drm_gem_object, import_attach)                                       \
	X(drm_mode_object, id)                                                 \
	X(drm_framebuffer, base)                                               \
	X(drm_framebuffer, filp_head)                                          \
	X(drm_framebuffer, head)                                               \
	X(drm_framebuffer, obj)                                                \
	X(drm_minor, dev)                                                      \
	X(drm_minor, index)                                                    \
	X(drm_device, mode_config)                                             \
	X(drm_mode_config, fb_list)                                            \
	X(drm_mode_config, plane_list)                                         \
	X(drm_plane, base)                                                     \
	X(drm_plane, fb)                                                       \
	X(drm_plane, head)                                                     \
	X(drm_plane, state)                                                    \
	X(drm_plane_state, fb)                                                 \
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
	X(video_device, device_caps)                                           \
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
	X(vb2_plane, dbuf_duplicated)                                          \
	/* What waits for the fences of a buffer. */                           \
	X(dma_buf, cb_in)                                                      \
	X(dma_buf, cb_out)                                                     \
	X(dma_buf, poll)                                                       \
	X(dma_buf_poll_cb_t, active)                                           \
	X(wait_queue_head, head)                                               \
	X(wait_queue_entry, entry)                                             \
	X(wait_queue_entry, private)                                           \
	X(poll_table_entry, filp)                                              \
	X(poll_table_entry, wait)                                              \
	X(poll_table_entry, wait_address)                                      \
	X(poll_wqueues, polling_task)                                          \
	X(io_poll, file)                                                       \
	X(io_poll, head)                                                       \
	X(io_poll, wait)                                                       \
	X(io_poll_iocb, file)                                                  \
	X(io_poll_iocb, head)                                                  \
	X(io_poll_iocb, wait)                                                  \
	X(io_kiocb, file)                                                      \
	X(io_kiocb, flags)                                                     \
	X(io_kiocb, task)                                                      \
	X(io_kiocb, tctx)                                                      \
	X(io_uring_task, task)                                                 \
	X(poll_iocb, file)                                                     \
	X(poll_iocb, head)                                                     \
	X(poll_iocb, wait)                                                     \
	X(aio_kiocb, ki_ctx)                                                   \
	X(kioctx, aio_ring_file)                                               \
	X(kioctx, id)                                                          \
	X(kioctx_table, table)                                                 \
	X(file, f_mapping)                                                     \
	X(address_space, i_mmap)                                               \
	X(rb_root_cached, rb_root)                                             \
	X(vm_area_struct, shared)                                              \
	X(vm_area_struct, vm_mm)                                               \
	X(mm_struct, ioctx_table)                                              \
	X(mm_struct, owner)                                                    \
	/* Tasks, and their tables of descriptors. */                          \
	X(fdtable, fd)                                                         \
	X(fdtable, max_fds)                                                    \
	X(files_struct, fdt)                                                   \
	X(signal_struct, thread_head)                                          \
	X(task_struct, files)                                                  \
	X(task_struct, flags)                                                  \
	X(task_struct, pid)                                                    \
	X(task_struct, tasks)                                                  \
	X(task_struct, tgid)                                                   \
	X(task_struct, thread_node)                                            \
	X(task_struct, comm)                                                   \
	X(task_struct, group_leader)                                           \
	X(task_struct, signal)                                                 \
	X(task_struct, thread_pid)                                             \
	X(signal_struct, pids)                                                 \
	X(pid, level)                                                          \
	X(pid, numbers)                                                        \
	X(upid, SIZE)                                                          \
	X(upid, nr)                                                            \
	X(upid, ns)

#define KERNEL_FIELD_NAME(type, member) FIELD_##type##_##member,

enum kernel_field { KERNEL_FIELDS(KERNEL_FIELD_NAME) FIELDS };

#endif
