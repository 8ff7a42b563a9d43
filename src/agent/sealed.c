#include "agent/sealed.h"

#include "base/hash.h"

static const char mark[8] = {'l', 'o', 'a', '-', 's', 'e', 'a', '1'};

enum { HEAD_SIZE = sizeof mark + HASH_SIZE };

errc sealed_write(const struct disk *disk, const char *name, str bytes, struct why *why)
{
    AUTO(buf_finish) struct buf whole;
    buf_init(&whole, bytes.len + HEAD_SIZE);
    hash sum = hash_of(bytes);
    buf_add(&whole, (str){mark, sizeof mark});
    buf_add(&whole, (str){(const char *)sum.bytes, HASH_SIZE});
    buf_add(&whole, bytes);
    TRY(buf_check(&whole));
    return disk->put(disk->ctx, name, buf_str(&whole), why);
}

errc sealed_open(str bytes, str *ret_inside, struct why *why)
{
    if (bytes.len < HEAD_SIZE || memcmp(bytes.at, mark, sizeof mark) != 0) {
        return fail(why, ERR_CORRUPT, "not a sealed file");
    }
    str inside = str_cut(bytes, HEAD_SIZE, bytes.len);
    hash sum = hash_of(inside);
    if (memcmp(sum.bytes, bytes.at + sizeof mark, HASH_SIZE) != 0) {
        return fail(why, ERR_CORRUPT, "damaged");
    }
    *ret_inside = inside;
    return OK;
}

errc sealed_read(const struct disk *disk, const char *name, size_t most, struct buf *out,
                 struct why *why)
{
    AUTO(buf_finish) struct buf whole;
    buf_init(&whole, most + HEAD_SIZE + 1);
    TRY(disk->read(disk->ctx, name, 0, most + HEAD_SIZE, &whole, why));
    str inside = STR_NONE;
    errc rc = sealed_open(buf_str(&whole), &inside, why);
    if (rc == OK) {
        buf_add(out, inside);
        rc = buf_check(out);
    }
    return fail_in(why, rc, "%s", name);
}
