// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages in flight: queues, connections, and damaged queues. */
#include <sys/socket.h>

#include "tests/unit/files/kernel.h"

enum { LISTENING = 10 };

static uint64_t queue_of(struct reach *reach, uint64_t sk)
{
	return sk + OFFSET(reach, sock, sk_receive_queue);
}

/* Makes a struct sock with an empty queue. */
static uint64_t make_sock(struct reach *reach, uint8_t state)
{
	const uint64_t sk = kernel_object(), queue = queue_of(reach, sk);

	kernel_put16(sk,
		     OFFSET(reach, sock, __sk_common) +
			     OFFSET(reach, sock_common, skc_family),
		     AF_UNIX);
	kernel_put16(sk,
		     OFFSET(reach, sock, __sk_common) +
			     OFFSET(reach, sock_common, skc_state),
		     state);
	kernel_list(queue);
	return sk;
}

/* Makes a file of a struct sock. */
static uint64_t make_file(struct reach *reach, uint64_t sk)
{
	const uint64_t socket = kernel_object();

	PUT(reach, socket, socket, sk, sk);
	return kernel_file(reach, S_IFSOCK, 0, socket);
}

/* Queues a message that carries @n files, of which the first is @file. */
static uint64_t add_message(struct reach *reach, uint64_t sk, uint64_t file,
			    uint16_t n)
{
	const uint64_t message = kernel_object(), list = kernel_object();

	kernel_put16(list, OFFSET(reach, scm_fp_list, count), n);
	PUT(reach, list, scm_fp_list, fp, file);
	kernel_put(message,
		   OFFSET(reach, sk_buff, cb) +
			   OFFSET(reach, unix_skb_parms, fp),
		   list);
	/* The links are as those of a list, next first. */
	kernel_put(message, 0, queue_of(reach, sk));
	kernel_put(*(uint64_t *)(uintptr_t)(queue_of(reach, sk) + 8), 0,
		   message);
	kernel_put(queue_of(reach, sk), 8, message);
	return message;
}

static void search(struct reach *reach, uint64_t sk)
{
	kernel_root(reach, make_file(reach, sk), 9);
	reach_all(reach);
	assert_int_equal(reach->error, 0);
}

static void test_message(void **state)
{
	struct reach *reach = *state;
	const uint64_t sk = make_sock(reach, 1), buffer = kernel_buffer(reach);

	add_message(reach, sk, kernel_file_of(reach, buffer), 1);
	search(reach, sk);
	assert_int_equal(kernel_ref(reach, buffer, DMABUF_REC_REF_MESSAGE)->pid,
			 9);
	assert_int_equal(reach->torn | reach->cut | reach->missing, 0);
}

static void test_socket_in_message(void **state)
{
	struct reach *reach = *state;
	const uint64_t outer = make_sock(reach, 1), inner = make_sock(reach, 1),
		       buffer = kernel_buffer(reach);

	add_message(reach, outer, make_file(reach, inner), 1);
	add_message(reach, inner, kernel_file_of(reach, buffer), 1);
	search(reach, outer);
	kernel_ref(reach, buffer, DMABUF_REC_REF_MESSAGE);
}

/* Two sockets that carry each other, as garbage does. */
static void test_cycle_of_sockets(void **state)
{
	struct reach *reach = *state;
	const uint64_t a = make_sock(reach, 1), b = make_sock(reach, 1),
		       buffer = kernel_buffer(reach);

	add_message(reach, a, make_file(reach, b), 1);
	add_message(reach, b, make_file(reach, a), 1);
	add_message(reach, b, kernel_file_of(reach, buffer), 1);
	search(reach, a);
	kernel_ref(reach, buffer, DMABUF_REC_REF_MESSAGE);
}

static void test_connection(void **state)
{
	struct reach *reach = *state;
	const uint64_t listener = make_sock(reach, LISTENING),
		       embryo = make_sock(reach, 1),
		       buffer = kernel_buffer(reach);
	uint64_t connection;

	connection = add_message(reach, listener, 0, 0);
	PUT(reach, connection, sk_buff, sk, embryo);
	add_message(reach, embryo, kernel_file_of(reach, buffer), 1);
	search(reach, listener);
	kernel_ref(reach, buffer, DMABUF_REC_REF_MESSAGE);
}

/* A count that no message can have: 253 files are read at most. */
static void test_count(void **state)
{
	struct reach *reach = *state;
	const uint64_t sk = make_sock(reach, 1), buffer = kernel_buffer(reach);

	add_message(reach, sk, kernel_file_of(reach, buffer), UINT16_MAX);
	search(reach, sk);
	kernel_ref(reach, buffer, DMABUF_REC_REF_MESSAGE);
	assert_in_range(kernel_reads, 253, 300);
}

/* The message behind the first one was freed. */
static void test_torn(void **state)
{
	struct reach *reach = *state;
	const uint64_t sk = make_sock(reach, 1), buffer = kernel_buffer(reach);

	kernel_put(add_message(reach, sk, kernel_file_of(reach, buffer), 1), 0,
		   0xdead000000000100);
	search(reach, sk);
	kernel_ref(reach, buffer, DMABUF_REC_REF_MESSAGE);
	assert_int_equal(reach->torn, 1U << KEEPER_SOCKET);
}

/* The last message leads back to itself. */
static void test_cycle(void **state)
{
	struct reach *reach = *state;
	const uint64_t sk = make_sock(reach, 1), buffer = kernel_buffer(reach);
	const uint64_t message =
		add_message(reach, sk, kernel_file_of(reach, buffer), 1);

	kernel_put(message, 0, message);
	search(reach, sk);
	assert_int_equal(reach->cut, 1U << KEEPER_SOCKET);
}

static void test_no_sock(void **state)
{
	struct reach *reach = *state;

	search(reach, 0);
	assert_int_equal(reach->refs.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KERNEL_TEST(test_message),
		KERNEL_TEST(test_socket_in_message),
		KERNEL_TEST(test_cycle_of_sockets),
		KERNEL_TEST(test_connection),
		KERNEL_TEST(test_count),
		KERNEL_TEST(test_torn),
		KERNEL_TEST(test_cycle),
		KERNEL_TEST(test_no_sock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
