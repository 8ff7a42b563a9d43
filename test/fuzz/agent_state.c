/* A state file as a damaged disk may give it back: read whole or refused. The checksum is left out,
 * so that the fuzzer comes to what lies behind it. */
#include "agent/sealed.h"
#include "agent/state_file.h"
#include "base/crash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str bytes = {(const char *)data, size};
    struct kept_state state;
    str inside = STR_NONE;
    if (sealed_open(bytes, &inside, NULL) == OK) {
        bytes = inside;
    }
    errc rc = state_parse(bytes, &state, NULL);
    ENSURE(rc == OK || (state.held_count == 0 && state.authority.len == 0));
    kept_state_finish(&state);
    return 0;
}
