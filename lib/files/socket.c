// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * UNIX sockets: a message in flight carries files. The queue of a listening
 * socket has a message for each connection that nobody accepted yet, and this
 * leads to the socket of the connection, which has a queue of its own.
 */
#include <string.h>
#include <sys/socket.h>

#include "files/kinds.h"
#include "util/cleanup.h"

enum {
	MESSAGES_MAX = 1 << 16, /* of one socket */
	TRIES = 8,
	FILES_MAX = 253, /* of one message: SCM_MAX_FD */
	STATE_LISTEN = 10, /* TCP_LISTEN */
};

const enum kernel_field socket_needs[] = {
	FIELD_sock___sk_common,
	FIELD_sock_sk_receive_queue,
	FIELD_sock_common_skc_state,
	FIELD_sock_common_skc_family,
	FIELD_sk_buff_cb,
	FIELD_sk_buff_next,
	FIELD_sk_buff_sk,
	FIELD_unix_skb_parms_fp,
	FIELD_scm_fp_list_count,
	FIELD_scm_fp_list_fp,
	FIELDS,
};

/* A number inside of a piece of memory. */
static uint64_t number_in(const char *piece, uint32_t offset)
{
	uint64_t number;

	memcpy(&number, piece + offset, sizeof(number));
	return number;
}

/* Where the files of one message are, in the list of all files. */
struct message {
	uint64_t list;
	uint32_t files;
};

/*
 * Lists the files of all messages: @addresses takes the place of each, and
 * @messages how many each message has.
 */
static void list_files(struct reach *reach, const struct vec *lists,
		       struct vec *addresses, struct vec *messages)
{
	_cleanup_(vec_fini) struct vec counts = VEC_OF(uint16_t);
	const uint64_t *list = lists->data;
	const uint16_t *count = reach_gather(
		reach, lists, OFFSET(reach, scm_fp_list, count), &counts);
	struct message message;
	uint64_t address;
	uint32_t j;
	size_t i;

	for (i = 0; i < counts.n && !reach->error; i++) {
		message = (struct message){ list[i], count[i] < FILES_MAX
							     ? count[i]
							     : FILES_MAX };
		reach_push(reach, messages, &message);
		for (j = 0; j < message.files; j++) {
			address = list[i] + OFFSET(reach, scm_fp_list, fp) +
				  j * sizeof(uint64_t);
			reach_push(reach, addresses, &address);
		}
	}
}

static void read_messages(struct reach *reach, const struct keeper *keeper,
			  const struct vec *lists)
{
	_cleanup_(vec_fini) struct vec addresses = VEC_OF(uint64_t),
				       files = VEC_OF(uint64_t),
				       messages = VEC_OF(struct message);
	struct slot slot = { .type = DMABUF_REC_REF_MESSAGE, .refs = 1 };
	const struct message *message = NULL;
	const uint64_t *file;

	list_files(reach, lists, &addresses, &messages);
	file = reach_gather(reach, &addresses, 0, &files);
	if (reach->error)
		return;
	while ((message = vec_next(&messages, message))) {
		slot.table = message->list;
		for (slot.place = 0; slot.place < message->files; slot.place++)
			reach_file(reach, keeper, *file++, &slot);
	}
}

static enum chain_end try_queue(struct reach *reach, uint64_t head,
				struct vec *messages)
{
	const struct chain chain = {
		.first = memory_u64(reach->memory, head),
		.stop = head,
		.bytes = messages->each,
		.next = OFFSET(reach, sk_buff, next),
		.most = MESSAGES_MAX,
	};

	messages->n = 0;
	if (!chain.first || chain.first == head)
		return chain.first ? CHAIN_WHOLE : CHAIN_TORN;
	return memory_chain(reach->memory, &chain, messages);
}

/*
 * The messages of a queue: struct sk_buff as far as it is read. Tries again
 * when a message is received meanwhile.
 */
static void read_queue(struct reach *reach, const struct keeper *keeper,
		       struct vec *messages)
{
	const uint64_t head =
		keeper->object + OFFSET(reach, sock, sk_receive_queue);
	enum chain_end end = CHAIN_TORN;
	int tries;

	for (tries = 0; tries < TRIES && end == CHAIN_TORN; tries++)
		end = try_queue(reach, head, messages);
	reach_end(reach, keeper, end);
}

static bool is_listening(struct reach *reach, uint64_t sk)
{
	const uint64_t common = sk + OFFSET(reach, sock, __sk_common);
	uint8_t state;

	memory_read(reach->memory,
		    common + OFFSET(reach, sock_common, skc_state), &state,
		    sizeof(state));
	return state == STATE_LISTEN;
}

static bool is_unix(struct reach *reach, uint64_t sk)
{
	uint16_t family;

	memory_read(reach->memory,
		    sk + OFFSET(reach, sock, __sk_common) +
			    OFFSET(reach, sock_common, skc_family),
		    &family, sizeof(family));
	return family == AF_UNIX;
}

void socket_read(struct reach *reach, const struct keeper *keeper)
{
	const uint32_t list_at =
		OFFSET(reach, sk_buff, cb) + OFFSET(reach, unix_skb_parms, fp);
	_cleanup_(vec_fini) struct vec messages = { .each = list_at +
							    sizeof(uint64_t) };
	_cleanup_(vec_fini) struct vec lists = VEC_OF(uint64_t);
	const char *message = NULL;
	bool listens;
	uint64_t list;

	if (!is_unix(reach, keeper->object))
		return;
	listens = is_listening(reach, keeper->object);
	read_queue(reach, keeper, &messages);
	while ((message = vec_next(&messages, message))) {
		list = number_in(message, list_at);
		/* A list belongs to one message: the queue changed. */
		if (list && !reach_is_new(reach, list)) {
			reach_end(reach, keeper, CHAIN_TORN);
			break;
		}
		if (list)
			reach_push(reach, &lists, &list);
		if (listens)
			reach_connection(
				reach, keeper,
				number_in(message, OFFSET(reach, sk_buff, sk)));
	}
	read_messages(reach, keeper, &lists);
}
