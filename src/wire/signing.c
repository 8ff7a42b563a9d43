#include "wire/signing.h"

struct wire_cert signing_cert_of(const struct signing_key *ask, hash key)
{
    struct key_limits limits = key_use_limits(ask->use, ask->tier);
    return (struct wire_cert){.key = key,
                              .unit = ask->unit,
                              .tier = ask->tier,
                              .classes = limits.classes,
                              .kinds = limits.kinds,
                              .from = ask->from,
                              .to = ask->to,
                              .serial = ask->serial};
}
