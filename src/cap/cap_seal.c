/* The form of a signature is checked by our own eyes before xmlsec computes anything: what is left
 * to it is canonical XML, digests and the arithmetic. */
#include "cap/cap_seal.h"

#include "cap/cap_doc.h"
#include "cap/cap_key.h"

#include <pthread.h>
#include <xmlsec/crypto.h>
#include <xmlsec/errors.h>
#include <xmlsec/templates.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>
#include <xmlsec/xmlsec.h>

static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static bool is_ready;

static void on_error(const char *file, int line, const char *func, const char *object,
                     const char *subject, int reason, const char *msg)
{
    (void)file, (void)line, (void)func, (void)object, (void)subject, (void)reason, (void)msg;
}

static void prepare(void)
{
    cap_doc_prepare();
    xmlSecErrorsSetCallback(on_error);
    is_ready = xmlSecInit() == 0 && xmlSecOpenSSLAppInit(NULL) == 0 && xmlSecOpenSSLInit() == 0;
}

static errc get_ready(struct why *why)
{
    ignore_int(pthread_once(&prepared, prepare));
    return is_ready ? OK : fail(why, ERR_INTERNAL, "xmlsec does not start");
}

static void close_context(xmlSecDSigCtx **context)
{
    if (*context != NULL) {
        xmlSecDSigCtxDestroy(*context);
    }
}

static void close_key(xmlSecKey **key)
{
    if (*key != NULL) {
        xmlSecKeyDestroy(*key);
    }
}

const char *cap_signature_name(enum cap_signature signature)
{
    static const char *const names[] = {"none", "unknown_key", "good"};
    return names[signature];
}

bool cap_signature_parse(str text, enum cap_signature *ret_signature)
{
    for (int i = CAP_SIGNATURE_NONE; i <= CAP_SIGNATURE_GOOD; i++) {
        if (str_is(text, str_of(cap_signature_name((enum cap_signature)i)))) {
            *ret_signature = (enum cap_signature)i;
            return true;
        }
    }
    return false;
}

/* --- its form --------------------------------------------------------------------------------- */

static const char *const canonical[] = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    NULL,
};

static const char *const methods[] = {
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
    NULL,
};

static const char *const digests[] = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
    NULL,
};

static const char *const enveloped[] = {
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    NULL,
};

/* The value of an attribute when it stands there once and is plain. */
static const char *attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        if (attr->ns != NULL || !str_is(str_of((const char *)attr->name), str_of(name))) {
            continue;
        }
        if (attr->children == NULL) {
            return "";
        }
        return attr->children->type == XML_TEXT_NODE && attr->children->next == NULL
                   ? (const char *)attr->children->content
                   : NULL;
    }
    return NULL;
}

static bool has_algorithm(const xmlNode *node, const char *name, const char *const *among)
{
    const char *algorithm = node != NULL && cap_doc_is(node, DSIG_NAMESPACE, name)
                                ? attribute(node, "Algorithm")
                                : NULL;
    for (size_t i = 0; algorithm != NULL && among[i] != NULL; i++) {
        if (str_is(str_of(algorithm), str_of(among[i]))) {
            return true;
        }
    }
    return false;
}

static const xmlNode *next(const xmlNode *node)
{
    return node == NULL ? NULL : cap_doc_element(node->next);
}

static const xmlNode *child(const xmlNode *node, const char *name)
{
    const xmlNode *first = node == NULL ? NULL : cap_doc_element(node->children);
    return first != NULL && cap_doc_is(first, DSIG_NAMESPACE, name) ? first : NULL;
}

/* The one transform that takes the signature out, and at most one that writes canonically. */
static bool are_transforms_fit(const xmlNode *transforms)
{
    const xmlNode *first = child(transforms, "Transform");
    const xmlNode *second = next(first);
    return has_algorithm(first, "Transform", enveloped) &&
           (second == NULL ||
            (has_algorithm(second, "Transform", canonical) && next(second) == NULL));
}

static bool is_reference_fit(const xmlNode *reference)
{
    const char *uri = reference == NULL ? NULL : attribute(reference, "URI");
    const xmlNode *transforms = child(reference, "Transforms");
    const xmlNode *digest = next(transforms);
    const xmlNode *value = next(digest);
    return uri != NULL && uri[0] == '\0' && transforms != NULL && are_transforms_fit(transforms) &&
           has_algorithm(digest, "DigestMethod", digests) && value != NULL &&
           cap_doc_is(value, DSIG_NAMESPACE, "DigestValue") && next(value) == NULL;
}

static bool is_form_fit(const xmlNode *signature)
{
    const xmlNode *info = child(signature, "SignedInfo");
    const xmlNode *value = next(info);
    const xmlNode *key_info = next(value);
    const xmlNode *canonical_method = child(info, "CanonicalizationMethod");
    const xmlNode *method = next(canonical_method);
    const xmlNode *reference = next(method);
    bool rest = value != NULL && cap_doc_is(value, DSIG_NAMESPACE, "SignatureValue") &&
                (key_info == NULL ||
                 (cap_doc_is(key_info, DSIG_NAMESPACE, "KeyInfo") && next(key_info) == NULL));
    return rest && has_algorithm(canonical_method, "CanonicalizationMethod", canonical) &&
           has_algorithm(method, "SignatureMethod", methods) && reference != NULL &&
           cap_doc_is(reference, DSIG_NAMESPACE, "Reference") && next(reference) == NULL &&
           is_reference_fit(reference);
}

/* The only one, right below the root; any other place or number is refused. */
static errc find_signature(const xmlNode *root, const xmlNode **ret_signature, struct why *why)
{
    const xmlNode *found = NULL;
    const xmlNode *node = root->children;
    while (node != NULL) {
        if (cap_doc_is(node, DSIG_NAMESPACE, "Signature")) {
            if (found != NULL || node->parent != root) {
                return fail(why, ERR_INVALID, "signatures where there may be one");
            }
            found = node;
        }
        if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
            node = node->children;
            continue;
        }
        while (node != NULL && node != root && node->next == NULL) {
            node = node->parent;
        }
        node = node == NULL || node == root ? NULL : node->next;
    }
    *ret_signature = found;
    return OK;
}

/* --- who made it ------------------------------------------------------------------------------ */

struct trial {
    xmlNode *signature;
    usec now;
    bool is_good;
    struct why *why;
};

static errc try_key(struct trial *trial, str der)
{
    AUTO(close_context) xmlSecDSigCtx *context = xmlSecDSigCtxCreate(NULL);
    xmlSecKey *key = xmlSecOpenSSLAppKeyLoadMemory((const xmlSecByte *)der.at, (xmlSecSize)der.len,
                                                   xmlSecKeyDataFormatCertDer, NULL, NULL, NULL);
    if (context == NULL || key == NULL) {
        close_key(&key);
        return fail(trial->why, ERR_INVALID, "a pinned certificate cannot be used");
    }
    context->signKey = key; /* the context's from here on: what the message brings is not read */
    context->enabledReferenceUris = xmlSecTransformUriTypeEmpty;
    trial->is_good = xmlSecDSigCtxVerify(context, trial->signature) == 0 &&
                     context->status == xmlSecDSigStatusSucceeded;
    return OK;
}

static errc on_certificate(void *ctx, const struct cap_key_facts *facts)
{
    struct trial *trial = ctx;
    bool counts = facts->from <= trial->now && trial->now < facts->until;
    return trial->is_good || !counts ? OK : try_key(trial, facts->der);
}

errc cap_verify(str xml, str certificates, usec now, enum cap_signature *ret_signature,
                struct why *why)
{
    AUTO(cap_doc_close) xmlDoc *doc = NULL;
    const xmlNode *signature = NULL;
    TRY(get_ready(why));
    TRY(cap_doc_parse(xml, &doc, why));
    TRY(find_signature(xmlDocGetRootElement(doc), &signature, why));
    if (signature == NULL) {
        *ret_signature = CAP_SIGNATURE_NONE;
        return OK;
    }
    if (!is_form_fit(signature)) {
        return fail(why, ERR_INVALID, "a signature of a form that is not believed");
    }
    if (certificates.len == 0) {
        *ret_signature = CAP_SIGNATURE_UNKNOWN;
        return OK;
    }
    struct trial trial = {.signature = (xmlNode *)(uintptr_t)signature, .now = now, .why = why};
    TRY(cap_key_each(certificates, on_certificate, &trial, why));
    if (!trial.is_good) {
        return fail(why, ERR_INVALID, "the signature is not of a pinned key, or not of this text");
    }
    *ret_signature = CAP_SIGNATURE_GOOD;
    return OK;
}

/* --- our own ---------------------------------------------------------------------------------- */

static xmlNode *add_template(xmlDoc *doc)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *signature = xmlSecTmplSignatureCreate(doc, xmlSecTransformInclC14NId,
                                                   xmlSecTransformEcdsaSha256Id, NULL);
    if (signature == NULL) {
        return NULL;
    }
    xmlAddChild(root, signature);
    xmlNode *reference = xmlSecTmplSignatureAddReference(signature, xmlSecTransformSha256Id, NULL,
                                                         (const xmlChar *)"", NULL);
    xmlNode *key_info = xmlSecTmplSignatureEnsureKeyInfo(signature, NULL);
    xmlNode *data = key_info == NULL ? NULL : xmlSecTmplKeyInfoAddX509Data(key_info);
    bool whole = reference != NULL && data != NULL &&
                 xmlSecTmplReferenceAddTransform(reference, xmlSecTransformEnvelopedId) != NULL &&
                 xmlSecTmplX509DataAddCertificate(data) != NULL;
    return whole ? signature : NULL;
}

static errc load_key(str key_pem, str certificate, xmlSecKey **ret_key, struct why *why)
{
    AUTO(close_key)
    xmlSecKey *key =
        xmlSecOpenSSLAppKeyLoadMemory((const xmlSecByte *)key_pem.at, (xmlSecSize)key_pem.len,
                                      xmlSecKeyDataFormatPem, NULL, NULL, NULL);
    if (key == NULL || xmlSecOpenSSLAppKeyCertLoadMemory(key, (const xmlSecByte *)certificate.at,
                                                         (xmlSecSize)certificate.len,
                                                         xmlSecKeyDataFormatPem) != 0) {
        return fail(why, ERR_INVALID, "the key for messages cannot be used");
    }
    *ret_key = key;
    key = NULL;
    return OK;
}

static errc dump(xmlDoc *doc, struct buf *out)
{
    xmlChar *text = NULL;
    int size = 0;
    xmlDocDumpMemoryEnc(doc, &text, &size, "UTF-8");
    if (text == NULL) {
        return ERR_NO_MEMORY;
    }
    buf_add(out, (str){(const char *)text, (size_t)size});
    xmlFree(text);
    return buf_check(out);
}

errc cap_sign(str xml, str key, str certificate, struct buf *out, struct why *why)
{
    AUTO(cap_doc_close) xmlDoc *doc = NULL;
    AUTO(close_context) xmlSecDSigCtx *context = NULL;
    TRY(get_ready(why));
    TRY(cap_doc_parse(xml, &doc, why));
    xmlNode *signature = add_template(doc);
    context = xmlSecDSigCtxCreate(NULL);
    if (signature == NULL || context == NULL) {
        return fail(why, ERR_NO_MEMORY, "memory for a signature");
    }
    TRY(load_key(key, certificate, &context->signKey, why));
    if (xmlSecDSigCtxSign(context, signature) != 0) {
        return fail(why, ERR_INTERNAL, "the message could not be signed");
    }
    return dump(doc, out);
}
