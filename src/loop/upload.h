/* A body on its way to disk: bytes are collected in blocks and written by workers, one job at a
 * time, so that a slow disk slows the one who sends and nobody else. */
#ifndef LOA_LOOP_UPLOAD_H
#define LOA_LOOP_UPLOAD_H

#include "loop/server.h"

struct upload;

/* request_handle_upload() is called for the request of that id whenever a job has ended. */
struct upload *upload_create(struct http_server *server, http_id id, const char *folder);
/* Removes the file unless it was taken; waits for no job. Accepts null. */
void upload_drop(struct upload *upload);
CHECKED errc upload_add(struct upload *upload, str bytes);
void upload_end(struct upload *upload); /* no more bytes will come */
bool upload_is_behind(const struct upload *upload);
bool upload_is_whole(const struct upload *upload); /* ended, and everything written */
errc upload_error(const struct upload *upload);
struct http_file upload_file(const struct upload *upload);
struct http_file upload_take(struct upload *upload);

#endif
