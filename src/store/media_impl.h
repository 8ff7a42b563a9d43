/* Inside the media store: what a folder and an S3 store do differently. */
#ifndef LOA_STORE_MEDIA_IMPL_H
#define LOA_STORE_MEDIA_IMPL_H

#include "store/media.h"

enum { MEDIA_PATH = 512, MEDIA_BLOCK = 64 * 1024, MEDIA_AREAS = 3 };

struct media_backend {
    /* A synced file of ours becomes the object; replaces one of the same name. The file is taken.
     */
    errc (*keep)(struct media *media, const char *take_path, const struct media_info *info,
                 struct why *why);
    /* The object's bytes, not verified, on a descriptor at its start. */
    errc (*fetch)(struct media *media, hash name, int *ret_fd, struct why *why);
    /* ERR_NOT_FOUND when it is not in `from`. Its age begins anew. */
    errc (*move)(struct media *media, hash name, const enum media_area areas[2], struct why *why);
    errc (*remove)(struct media *media, enum media_area area, hash name, struct why *why);
    errc (*stat)(struct media *media, enum media_area area, hash name, struct media_info *ret_info,
                 struct why *why);
    errc (*list)(struct media *media, enum media_area area, const struct media_each *each,
                 struct why *why);
    void (*close)(struct media *media);
};

struct media {
    const struct media_backend *backend;
    char folder[MEDIA_PATH / 2];
    uint64_t size_most;
    usec grace;
    bool read_only;
    struct s3 *s3; /* or null */
};

extern const struct media_backend media_folder_backend;
extern const struct media_backend media_s3_backend;

const char *media_area_name(enum media_area area);
/* A fresh file below tmp; the path is for its removal or renaming. */
CHECKED errc media_temp(const struct media *media, char path[MEDIA_PATH], int *ret_fd,
                        struct why *why);

CHECKED errc s3_open(struct media *media, const struct media_s3_config *config, struct why *why);

#endif
