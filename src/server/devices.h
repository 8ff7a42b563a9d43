/* What devices need of the server, wired together: the door (gate), whom alarms have reached
 * (broadcast's coverage), the media they fetch, who receives. What is known of devices is
 * fleet_watch.h's. Loop thread. */
#ifndef LOA_SERVER_DEVICES_H
#define LOA_SERVER_DEVICES_H

#include "console/console.h"
#include "gate/gate.h"
#include "server/app.h"

struct devices;

CHECKED errc devices_create(struct app *app, struct loop *loop, struct presence *presence,
                            struct devices **ret_devices, struct why *why);
/* Opens the door: the HTTP server is there now. */
CHECKED errc devices_open(struct devices *devices, struct http_server *http, struct why *why);
void devices_topic(struct devices *devices, str topic);
void devices_stop(struct devices *devices); /* says goodbye to all of them */
/* After the store was closed and the loop drained. Accepts null. */
void devices_destroy(struct devices *devices);

/* Fills in what the console asks of devices. */
void devices_fill_ports(struct devices *devices, struct house_ports *ports);
bool devices_wants(const struct http_request *request);
void devices_request(struct devices *devices, struct http_request *request);
/* Live streams: addresses outside of the API. */
bool devices_streams(const struct http_request *request);
struct http_plan devices_stream_plan(struct devices *devices, struct http_request *request);
void devices_stream_request(struct devices *devices, struct http_request *request);
void devices_write_metrics(const struct devices *devices, struct buf *out);

#endif
