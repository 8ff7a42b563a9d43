# Compiler flags. Each has its sentence; warnings are errors with both compilers.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # gnu17: for cleanup, format and must-check attributes, nothing else

set(LOA_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")
option(LOA_COVERAGE "Count which lines and branches run" OFF)
option(LOA_FUZZ "Build the libFuzzer targets" OFF)
option(LOA_CCACHE "Use ccache where it is installed" ON)

find_program(CCACHE ccache)
if(LOA_CCACHE AND CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(
    -Wall -Wextra -Wpedantic -Werror
    -Wconversion             # a value that silently changes is a bug in a parser
    -Wsign-conversion        # the same for signs
    -Wshadow                 # two things with one name in sight
    -Wvla                    # arrays sized by strangers
    -Wcast-qual              # const that is cast away
    -Wformat=2               # format strings that are not literals
    -Wstrict-prototypes
    -Wmissing-prototypes     # a function that is neither static nor declared
    -Wundef                  # a misspelt #if is 0 otherwise
    -Wwrite-strings
    -Wimplicit-fallthrough
    -Wnull-dereference
    -Wdouble-promotion
)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    add_compile_options(
        -Wduplicated-cond        # the second test of the same thing never runs
        -Wduplicated-branches    # both ways do the same
        -Wlogical-op
        -Wjump-misses-init       # a jump over a cleanup variable
        -Wformat-signedness
        -Wno-format-truncation   # snprintf cuts on purpose; its result is looked at where it matters
    )
    if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" OR LOA_SANITIZE)
        # Their flow analysis guesses wrong once sanitizers or inlining reshape the code.
        add_compile_options(-Wno-null-dereference -Wno-duplicated-branches)
    endif()
else()
    add_compile_options(-Wmissing-variable-declarations) # a global without a header
endif()

add_compile_definitions(_GNU_SOURCE _TIME_BITS=64 _FILE_OFFSET_BITS=64) # 64-bit time on 32-bit ARM
add_compile_options(-fno-strict-aliasing -fstack-protector-strong)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-O2 -g1 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
        add_compile_options(-fcf-protection=full)
    elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
        add_compile_options(-mbranch-protection=standard)
    endif()
    add_link_options(-pie -Wl,-z,relro,-z,now -Wl,--as-needed)
    set(CMAKE_C_FLAGS_RELEASE "")
else()
    add_compile_options(-O1 -g -fno-omit-frame-pointer)
    set(CMAKE_C_FLAGS_DEBUG "")
endif()
if(LOA_SANITIZE)
    add_compile_options(-fsanitize=${LOA_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${LOA_SANITIZE})
endif()
if(LOA_COVERAGE)
    add_compile_options(--coverage -fprofile-update=atomic)
    add_link_options(--coverage)
endif()
if(LOA_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
endif()
