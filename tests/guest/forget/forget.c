// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that leaks: it takes a reference to the dma-buf whose descriptor is
 * written to /dev/forget, as a number, and drops it only when the module is
 * removed. Nothing that user space has leads to the reference.
 */
#include <linux/dma-buf.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/version.h>

#define FORGOTTEN_MAX 16

static struct dma_buf *forgotten[FORGOTTEN_MAX];
static atomic_t count;

static ssize_t forget_write(struct file *file, const char __user *from,
			    size_t len, loff_t *pos)
{
	struct dma_buf *dmabuf;
	int fd, err, i;

	err = kstrtoint_from_user(from, len, 10, &fd);
	if (err)
		return err;
	dmabuf = dma_buf_get(fd);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	i = atomic_fetch_add_unless(&count, 1, FORGOTTEN_MAX);
	if (i == FORGOTTEN_MAX) {
		dma_buf_put(dmabuf);
		return -ENOSPC;
	}
	forgotten[i] = dmabuf;
	return len;
}

static const struct file_operations forget_fops = {
	.owner = THIS_MODULE,
	.write = forget_write,
};

static struct miscdevice forget_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "forget",
	.fops = &forget_fops,
};

static int __init forget_init(void)
{
	return misc_register(&forget_device);
}
module_init(forget_init);

static void __exit forget_exit(void)
{
	int i;

	misc_deregister(&forget_device);
	for (i = 0; i < atomic_read(&count); i++)
		dma_buf_put(forgotten[i]);
}
module_exit(forget_exit);

MODULE_DESCRIPTION("Leaks references to dma-bufs, for tests");
MODULE_LICENSE("GPL");
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
MODULE_IMPORT_NS(DMA_BUF);
#else
MODULE_IMPORT_NS("DMA_BUF");
#endif
