# Rooms: a static library each, whose include path holds only the rooms below it.
#
#   loa_room(NAME people USES base store LIBRARIES lib_sodium)
#
# Sources are *.c in the room's folder but for *_test.c, each of which becomes a test program
# named <room>-<file>, and main.c, which becomes a program (loa_program). *.sql beside them become
# typed functions <room>/<noun>_sql.h; migrations/*.sql and *.words are compiled in.

set(LOA_VIEWS ${CMAKE_BINARY_DIR}/views) # per room: links to the rooms it may include
set(LOA_GENERATED ${CMAKE_BINARY_DIR}/generated)

function(loa_view room)
    file(MAKE_DIRECTORY ${LOA_VIEWS}/${room})
    foreach(below ${room} ${ARGN})
        file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${below} ${LOA_VIEWS}/${room}/${below} SYMBOLIC)
    endforeach()
endfunction()

# Typed functions from the named statements of a room, and its migrations.
function(loa_sql room)
    file(GLOB statements CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.sql)
    file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
    if(NOT statements AND NOT migrations)
        return()
    endif()
    set(out ${LOA_GENERATED}/${room}/${room})
    set(outputs ${out}/${room}_store.h ${out}/${room}_store.c)
    foreach(file ${statements})
        get_filename_component(noun ${file} NAME_WE)
        list(APPEND outputs ${out}/${noun}_sql.h ${out}/${noun}_sql.c)
    endforeach()
    add_custom_command(
        OUTPUT ${outputs}
        COMMAND sqlgen ${room} ${out} ${statements} ${migrations}
        DEPENDS sqlgen ${statements} ${migrations}
        COMMENT "Generating typed statements of ${room}"
    )
    set(LOA_SQL_SOURCES ${outputs} PARENT_SCOPE)
endfunction()

function(loa_tests room)
    if(LOA_AGENT_ONLY)
        return()
    endif()
    file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.c)
    foreach(file ${tests})
        get_filename_component(name ${file} NAME_WE)
        string(REGEX REPLACE "_test$" "" noun ${name})
        set(program ${room}-${noun})
        add_executable(${program} ${file})
        target_link_libraries(${program} PRIVATE ${room} PkgConfig::CMOCKA ${ARGN})
        target_compile_definitions(${program} PRIVATE LOA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
        # cmocka's headers cast in ways that -Wpedantic and -Wconversion dislike
        target_compile_options(${program} PRIVATE -Wno-cast-qual)
        set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test)
        add_test(NAME ${program} COMMAND ${program})
        set_tests_properties(${program} PROPERTIES TIMEOUT 300)
    endforeach()
endfunction()

function(loa_room)
    cmake_parse_arguments(R "" "NAME" "USES;LIBRARIES;TEST_LIBRARIES" ${ARGN})
    loa_view(${R_NAME} ${R_USES})
    set(LOA_SQL_SOURCES "")
    loa_sql(${R_NAME})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c ${CMAKE_CURRENT_SOURCE_DIR}/*.S)
    list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.c$")
    add_library(${R_NAME} STATIC ${sources} ${LOA_SQL_SOURCES} ${LOA_EXTRA_SOURCES})
    # BEFORE and not inherited: a room above sees what its own view holds, not ours.
    target_include_directories(${R_NAME} PRIVATE ${LOA_VIEWS}/${R_NAME} ${LOA_GENERATED}/${R_NAME})
    target_link_libraries(${R_NAME} PUBLIC ${R_USES} ${R_LIBRARIES} Threads::Threads)
    set_property(GLOBAL APPEND PROPERTY LOA_ROOMS ${R_NAME})
    loa_tests(${R_NAME} ${R_TEST_LIBRARIES})
    if(LOA_AGENT_ONLY)
        return()
    endif()
    file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.c)
    foreach(file ${tests})
        get_filename_component(name ${file} NAME_WE)
        string(REGEX REPLACE "_test$" "" noun ${name})
        target_include_directories(${R_NAME}-${noun} PRIVATE ${LOA_VIEWS}/${R_NAME} ${LOA_GENERATED}/${R_NAME})
        foreach(below ${R_USES}) # a test opens a store with the tables of the rooms below
            target_include_directories(${R_NAME}-${noun} PRIVATE ${LOA_GENERATED}/${below})
        endforeach()
    endforeach()
endfunction()

# A program: the room's main.c linked with its library.
function(loa_program name room)
    add_executable(${name} ${CMAKE_CURRENT_SOURCE_DIR}/main.c)
    target_include_directories(${name} PRIVATE ${LOA_VIEWS}/${room} ${LOA_GENERATED}/${room})
    target_link_libraries(${name} PRIVATE ${room})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# Web pages: built by esbuild into this build folder, then compiled in (tools/gen/assetgen).
# Sets LOA_EXTRA_SOURCES for the loa_room call that follows.
function(loa_assets room web)
    set(out ${LOA_GENERATED}/${room}/${room})
    set(pages ${CMAKE_BINARY_DIR}/web)
    file(MAKE_DIRECTORY ${out})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS
         ${web}/* ${CMAKE_SOURCE_DIR}/web/shared/* ${CMAKE_SOURCE_DIR}/web/*.mjs ${CMAKE_SOURCE_DIR}/web/*.json)
    list(FILTER sources EXCLUDE REGEX "/node_modules/")
    add_custom_command(
        OUTPUT ${out}/asset_table.c ${out}/asset_bytes.S
        COMMAND ${CMAKE_COMMAND} -E env LOA_WEB_OUT=${pages} node ${CMAKE_SOURCE_DIR}/web/build.mjs
        COMMAND assetgen ${pages}/${room} ${out}/asset_table.c ${out}/asset_bytes.S
        DEPENDS assetgen ${sources}
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/web
        COMMENT "Building the pages of ${room}"
    )
    list(APPEND LOA_EXTRA_SOURCES ${out}/asset_table.c ${out}/asset_bytes.S)
    set(LOA_EXTRA_SOURCES ${LOA_EXTRA_SOURCES} PARENT_SCOPE)
endfunction()

# Files that are compiled in as they are: words/vi.words becomes embedded_vi_words, a `str`.
function(loa_embed room)
    set(out ${LOA_GENERATED}/${room}/${room})
    file(MAKE_DIRECTORY ${out})
    set(header "/* Generated. Files compiled in. */\n#include \"base/str.h\"\n\n")
    set(code "/* Generated. Files compiled in. */\n#include \"${room}/embedded.h\"\n\n")
    set(bytes "/* Generated. */\n.section .rodata\n")
    set(files "")
    foreach(file ${ARGN})
        get_filename_component(name ${file} NAME)
        string(MAKE_C_IDENTIFIER ${name} name)
        set(path ${CMAKE_CURRENT_SOURCE_DIR}/${file})
        list(APPEND files ${path})
        string(APPEND header "str embedded_${name}(void);\n")
        string(APPEND code "extern const char embedded_bytes_${name}[], embedded_bytes_${name}_end[];\n"
            "str embedded_${name}(void)\n{\n    return (str){embedded_bytes_${name}, "
            "(size_t)(embedded_bytes_${name}_end - embedded_bytes_${name})};\n}\n\n")
        string(APPEND bytes ".global embedded_bytes_${name}\n.global embedded_bytes_${name}_end\n"
            "embedded_bytes_${name}:\n.incbin \"${path}\"\nembedded_bytes_${name}_end:\n.byte 0\n")
    endforeach()
    string(APPEND bytes ".section .note.GNU-stack,\"\",%progbits\n")
    file(GENERATE OUTPUT ${out}/embedded.h CONTENT "${header}")
    file(GENERATE OUTPUT ${out}/embedded.c CONTENT "${code}")
    file(GENERATE OUTPUT ${out}/embedded.S CONTENT "${bytes}")
    set_source_files_properties(${out}/embedded.S PROPERTIES OBJECT_DEPENDS "${files}")
    list(APPEND LOA_EXTRA_SOURCES ${out}/embedded.c ${out}/embedded.S)
    set(LOA_EXTRA_SOURCES ${LOA_EXTRA_SOURCES} PARENT_SCOPE)
endfunction()
