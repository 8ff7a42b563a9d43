/* Where an answer's body comes from: bytes borrowed for ever, bytes in a message, or a file that is
 * read ahead by a worker whenever the disk would make the loop wait. */
#ifndef LOA_LOOP_SOURCE_H
#define LOA_LOOP_SOURCE_H

#include "base/base.h"
#include "loop/out.h"

struct http_request;
struct source_file;

struct source {
    const char *at; /* null: the file */
    struct http_message *message;
    struct source_file *file;
    uint64_t from; /* offset of the next byte in the file */
    uint64_t left;
    bool is_static;
};

enum { SOURCE_WAIT = 0, SOURCE_FAILED = -1 };

void source_finish(struct source *source);
void source_set_static(struct source *source, str bytes);
CHECKED bool source_set_copy(struct source *source, str bytes);
void source_set_file(struct source *source, int take_fd, uint64_t size);
void source_cut(struct source *source, uint64_t from, uint64_t size);
/* Up to `most` bytes, not none unless it has to wait (then request_resume() follows) or failed.
 * Call it only while something is left. */
ssize_t source_read(struct source *source, struct http_request *request, char *into, size_t most);

#endif
