/* What the server asks of the signer, as a stranger would: whatever comes, there is one answer that
 * can be read, and a signature only under what the sealed key allows – of which a stranger has
 * none. */
#include "base/crash.h"
#include "signer/worker.h"

#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct signer_worker *the_worker(void)
{
    static struct signer_worker *worker;
    static struct entropy_seed seed = {1};
    if (worker == NULL) {
        struct worker_config config = {.rules = judge_rules_default()};
        ENSURE(sodium_init() >= 0);
        config.entropy = entropy_seeded(&seed);
        ENSURE(worker_create(&config, &worker) == OK);
    }
    return worker;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    AUTO(buf_finish) struct buf out;
    struct talk_answer answer;
    buf_init(&out, TALK_MOST);
    worker_answer(the_worker(), (str){(const char *)bytes, size}, 1700000000 * USEC_SECOND, &out);
    ENSURE(talk_answer_read(buf_str(&out), &answer, NULL) == OK);
    return 0;
}
