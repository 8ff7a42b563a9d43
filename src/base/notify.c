/* sd_notify is one datagram to the socket in NOTIFY_SOCKET; not worth a library. */
#include "base/notify.h"

#include "base/file.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_send(const char *path, const char *state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || (path[0] != '/' && path[0] != '@') ||
        strlen(path) >= sizeof address.sun_path) {
        return;
    }
    size_t length = strlen(path);
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* the abstract namespace */
    }
    AUTO(file_close) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    ignore_int(sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, size));
}

usec notify_watchdog(const char *text, const char *whose)
{
    uint64_t interval = 0;
    uint64_t pid = 0;
    if (text == NULL || !str_to_u64(str_of(text), &interval) || interval > INT64_MAX) {
        return 0;
    }
    if (whose != NULL && (!str_to_u64(str_of(whose), &pid) || pid != (uint64_t)getpid())) {
        return 0;
    }
    return (usec)interval / 2;
}
