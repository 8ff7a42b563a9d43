/* Settings of the agent: any text is read or refused. */
#include "agent/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct options options;
    struct why why = {""};
    options_init(&options);
    if (options_parse(&options, (str){(const char *)data, size}, &why) == OK) {
        ignore(options_check(&options, &why));
    }
    return 0;
}
