/* The zip around the parts of a .docx. */
#include "document/docx_inside.h"

#include "base/hash.h"
#include "document/layout.h"

#include <zip.h>

enum { PART_MOST = 64 * 1024 * 1024 };

static const char types[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>"
    "<Override PartName=\"/word/footnotes.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml\"/>"
    "<Override PartName=\"/word/header1.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/>"
    "<Override PartName=\"/word/header2.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.header+xml\"/></Types>";

static const char relations[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
    "relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";

#define RELATION(id, type, target)                                                                 \
    "<Relationship Id=\"" id "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"    \
    "relationships/" type "\" Target=\"" target "\"/>"

static const char part_relations[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<Relationships "
    "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" RELATION(
        "rId1", "styles", "styles.xml") RELATION("rId2", "footnotes", "footnotes.xml")
        RELATION("rId3", "header", "header1.xml")
            RELATION("rId4", "header", "header2.xml") "</Relationships>";

struct packing {
    zip_t *zip;
    struct arena *arena; /* libzip reads the parts when it closes */
    struct docx *docx;
    usec made;
};

static bool add(struct packing *packing, const char *name, str bytes)
{
    str kept = arena_str(packing->arena, bytes);
    if (kept.at == NULL) {
        return false;
    }
    zip_source_t *source = zip_source_buffer(packing->zip, kept.at, kept.len, 0);
    if (source == NULL) {
        return false;
    }
    zip_int64_t index = zip_file_add(packing->zip, name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    time_t made = (time_t)(packing->made / USEC_SECOND);
    return zip_file_set_mtime(packing->zip, (zip_uint64_t)index, made, 0) == 0;
}

static bool add_part(struct packing *packing, const char *name)
{
    struct buf *body = &packing->docx->body;
    bool added = buf_check(body) == OK && add(packing, name, buf_str(body));
    buf_clear(body);
    return added;
}

static bool add_parts(struct packing *packing)
{
    struct docx *docx = packing->docx;
    if (!add(packing, "[Content_Types].xml", str_of(types)) ||
        !add(packing, "_rels/.rels", str_of(relations)) ||
        !add(packing, "word/_rels/document.xml.rels", str_of(part_relations))) {
        return false;
    }
    docx_body(docx);
    bool added = add_part(packing, "word/document.xml");
    docx_styles(docx);
    added = added && add_part(packing, "word/styles.xml");
    docx_notes(docx);
    added = added && add_part(packing, "word/footnotes.xml");
    docx_header(docx, true);
    added = added && add_part(packing, "word/header1.xml");
    docx_header(docx, false);
    return added && add_part(packing, "word/header2.xml");
}

/* What a source in memory holds after the archive over it was closed. */
static errc take_bytes(zip_source_t *source, struct buf *out, struct why *why)
{
    zip_stat_t stat;
    if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) {
        return fail(why, ERR_INTERNAL, "the archive cannot be read back");
    }
    char *room = buf_reserve(out, stat.size);
    zip_int64_t got = room == NULL ? -1 : zip_source_read(source, room, stat.size);
    ignore_int(zip_source_close(source));
    if (room == NULL) {
        return fail(why, ERR_TOO_BIG, "a document of %llu bytes", (unsigned long long)stat.size);
    }
    if (got != (zip_int64_t)stat.size) {
        return fail(why, ERR_INTERNAL, "the archive cannot be read back");
    }
    buf_advance(out, stat.size);
    return OK;
}

static errc pack(struct docx *docx, usec made, struct buf *out, struct why *why)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    if (source == NULL) {
        return fail(why, ERR_NO_MEMORY, "no archive");
    }
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    if (zip == NULL) {
        zip_source_free(source);
        zip_source_free(source);
        return fail(why, ERR_NO_MEMORY, "no archive");
    }
    AUTO(arena_close) struct arena *arena = NULL;
    struct packing packing = {.zip = zip, .docx = docx, .made = made};
    bool whole = arena_create(2 * (size_t)PART_MOST, &arena) == OK;
    packing.arena = arena;
    if (!whole || !add_parts(&packing) || zip_close(zip) != 0) {
        zip_discard(zip);
        zip_source_free(source);
        return fail(why, ERR_TOO_BIG, "a document is too large");
    }
    errc rc = take_bytes(source, out, why);
    zip_source_free(source);
    return rc;
}

errc docx_write(const struct document *document, usec made, struct buf *out, struct why *why)
{
    struct docx docx = {.document = document,
                        .width = LAYOUT_PAGE_SHORT - LAYOUT_LEFT - LAYOUT_RIGHT};
    TRY(ruler_create(&docx.ruler, why));
    buf_init(&docx.body, PART_MOST);
    errc rc = pack(&docx, made, out, why);
    buf_finish(&docx.body);
    ruler_finish(&docx.ruler);
    return rc;
}
