/* The tags of an XML text: all of them (xml_tokens.py), or those of some names (xml_spans.py).
 *
 * In well-formed XML a '<' begins a tag, a comment, a CDATA section or an instruction and nothing else, so that tags are
 * found without parsing. No Python object is touched while a text is read.
 */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "_block.h"
#include "_eight_bytes.h"
#include "_growing.h"
#include "_kinds.h"

/* A name is looked for behind a prefix of so many bytes at most, without its colon. */
#define LONGEST_PREFIX 61

typedef struct {
    const uint8_t *text, *end;
    Places starts, ends;
} Tags;

static bool add_tag(Tags *tags, const uint8_t *start, const uint8_t *end)
{
    return add_place(&tags->starts, start - tags->text) && add_place(&tags->ends, end - tags->text);
}

static inline const uint8_t *next_opening(const uint8_t *at, const uint8_t *end)
{
    return at < end ? memchr(at, '<', (size_t)(end - at)) : NULL;
}

/* ---- all tags ---- */

/* What stands behind the '>' of the tag that begins here, NULL where a '<' or the end comes before; and its hash. */
static const uint8_t *behind_tag(const uint8_t *start, const uint8_t *end, uint64_t *hash)
{
    const uint8_t *at = start + 1;
    uint64_t found = 0;
    while (end - at >= 8) {
        uint64_t word = eight_bytes(at);
        if (has_zero(word ^ EACH('>')) || has_zero(word ^ EACH('<')))
            break;
        found = mixed(found, word);
        at += 8;
    }
    uint64_t rest = 0;
    while (at < end && *at != '>' && *at != '<')
        rest = rest << 8 | *at++;
    *hash = mixed(found, rest);
    return at < end && *at == '>' ? at + 1 : NULL;
}

/* A text is left out where it has comments and the like, a '<' without its '>', or too many different tags. */
static enum outcome cut(Tags *tags, Kinds *kinds, Places *numbers)
{
    const uint8_t *start = tags->text;
    while ((start = next_opening(start, tags->end))) {
        uint64_t hash;
        const uint8_t *behind = behind_tag(start, tags->end, &hash);
        if (!behind || start[1] == '!' || start[1] == '?')
            return LEFT_OUT;
        int64_t number;
        if (!add_tag(tags, start, behind))
            return NO_MEMORY;
        enum outcome outcome = number_of(kinds, tags->text, start - tags->text, behind - tags->text, hash, &number);
        if (outcome != READ)
            return outcome;
        if (!add_place(numbers, number))
            return NO_MEMORY;
        start = behind;
    }
    return READ;
}

/* ---- tags of some names ---- */

typedef struct {
    const char *name;
    size_t length;
} Name;

typedef struct {
    Tags tags;
    Bytes closes, empty;
    const Name *names;
    size_t name_count;
    bool is_all;
    const uint8_t *endless;
    /* How many elements are open; and whether in one of them something begins that may have lost its end. */
    size_t depth;
    bool is_odd;
} Named;

static inline bool is_blank(uint8_t sign)
{
    return sign == ' ' || (sign >= '\t' && sign <= '\r');
}

static inline bool begins_name(uint8_t sign)
{
    return sign == '_' || (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z');
}

static inline bool goes_on_with_name(uint8_t sign)
{
    return begins_name(sign) || (sign >= '0' && sign <= '9') || sign == '.' || sign == '-';
}

/* What stands behind one of the names, where that begins here and ends as names in tags do; else NULL. */
static const uint8_t *behind_name(const Named *named, const uint8_t *at)
{
    for (size_t number = 0; number < named->name_count; number++) {
        const Name *one = &named->names[number];
        if ((size_t)(named->tags.end - at) <= one->length || *at != (uint8_t)*one->name
            || memcmp(at, one->name, one->length))
            continue;
        uint8_t after = at[one->length];
        if (is_blank(after) || after == '/' || after == '>')
            return at + one->length;
    }
    return NULL;
}

/* What stands behind the prefix that begins here; NULL where none does. */
static const uint8_t *behind_prefix(const uint8_t *at, const uint8_t *end)
{
    const uint8_t *from = at;
    if (at == end || !begins_name(*at))
        return NULL;
    while (at < end && at - from <= LONGEST_PREFIX && goes_on_with_name(*at))
        at++;
    return at < end && at - from <= LONGEST_PREFIX && *at == ':' ? at + 1 : NULL;
}

/* What stands behind the next '>', NULL where a '<' or the end comes before. */
static const uint8_t *behind_rest(const uint8_t *at, const uint8_t *end)
{
    while (at < end && *at != '>' && *at != '<')
        at++;
    return at < end && *at == '>' ? at + 1 : NULL;
}

/* Where a sign of so many bytes stands; NULL where it does not. */
static const uint8_t *find_sign(const uint8_t *at, const uint8_t *end, const char *sign, size_t length)
{
    for (; (size_t)(end - at) >= length; at++) {
        at = memchr(at, *sign, (size_t)(end - at) - length + 1);
        if (!at)
            return NULL;
        if (!memcmp(at, sign, length))
            return at;
    }
    return NULL;
}

/* What stands behind the section that begins so and ends so, NULL where none begins here. One without end goes up to
   the end of the text and is `endless`, unless it is known that no end comes (`is_all`): then it is none. Nor is one in
   which another begins, unless it `may_hold` such: where one does so in a record, it may have lost its end, and what is
   found `is_odd`. */
static const uint8_t *behind_section(
    Named *named, const uint8_t *start, const char *begins, const char *ends, bool may_hold, bool *are_endless)
{
    const uint8_t *end = named->tags.end;
    size_t length = strlen(begins), end_length = strlen(ends);
    if (*are_endless || (size_t)(end - start) < length || memcmp(start, begins, length))
        return NULL;
    const uint8_t *another = may_hold ? NULL : find_sign(start + length, end, begins, length);
    const uint8_t *closing = find_sign(start + length, another ? another : end, ends, end_length);
    if (may_hold && named->depth && find_sign(start + length, closing ? closing : end, begins, length)) {
        named->is_odd = true;
        return end;
    }
    if (closing)
        return closing + end_length;
    if (another)
        return NULL;
    *are_endless = true;
    if (named->is_all)
        return NULL;
    named->endless = start;
    return end;
}

/* A tag within a comment, CDATA or an instruction is none. False where there is no memory for all. */
static bool find(Named *named, const uint8_t *start)
{
    const uint8_t *end = named->tags.end;
    bool are_comments_endless = false, are_sections_endless = false, are_instructions_endless = false;
    while ((start = next_opening(start, end))) {
        const uint8_t *at = start + 1, *behind;
        if (at < end && (*at == '!' || *at == '?')) {
            behind = behind_section(named, start, "<!--", "-->", true, &are_comments_endless);
            if (!behind)
                behind = behind_section(named, start, "<![CDATA[", "]]>", true, &are_sections_endless);
            if (!behind)
                behind = behind_section(named, start, "<?", "?>", false, &are_instructions_endless);
            if (named->is_odd)
                return true;
            start = behind ? behind : at;
            continue;
        }
        bool closes = at < end && *at == '/';
        at += closes;
        behind = behind_name(named, at);
        if (!behind && (at = behind_prefix(at, end)))
            behind = behind_name(named, at);
        if (behind && (behind = behind_rest(behind, end))) {
            uint8_t is_closing = closes, is_empty = !closes && behind[-2] == '/';
            if (!add_tag(&named->tags, start, behind) || !add_bytes(&named->closes, &is_closing, 1)
                || !add_bytes(&named->empty, &is_empty, 1))
                return false;
            if (!closes)
                named->depth += !is_empty;
            else if (named->depth)
                named->depth--;
        }
        start = behind ? behind : start + 1;
    }
    return true;
}

/* ---- to and from Python ---- */

static PyObject *texts_of(const Kinds *kinds, const uint8_t *text)
{
    PyObject *list = PyList_New((Py_ssize_t)kinds->starts.length);
    for (size_t number = 0; list && number < kinds->starts.length; number++) {
        int64_t start = kinds->starts.values[number], end = kinds->ends.values[number];
        PyObject *one = PyUnicode_DecodeUTF8((const char *)text + start, (Py_ssize_t)(end - start), NULL);
        if (!one || PyList_SetItem(list, (Py_ssize_t)number, one))
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *cut_tags(PyObject *module, PyObject *arguments)
{
    (void)module;
    Py_buffer text;
    Py_ssize_t most;
    if (!PyArg_ParseTuple(arguments, "y*n", &text, &most))
        return NULL;
    Tags tags = {.text = text.buf, .end = (const uint8_t *)text.buf + text.len};
    Kinds kinds = {.most = most > 0 ? (size_t)most : 0};
    Places numbers = {0};
    enum outcome outcome;
    PyObject *result = NULL;
    Py_BEGIN_ALLOW_THREADS
    outcome = cut(&tags, &kinds, &numbers);
    Py_END_ALLOW_THREADS
    if (outcome == READ)
        result = Py_BuildValue(
            "NNNN", places_given(&tags.starts), places_given(&tags.ends), places_given(&numbers),
            texts_of(&kinds, tags.text));
    else if (outcome == NO_MEMORY)
        PyErr_NoMemory();
    else
        result = Py_NewRef(Py_None);
    Places *places[] = {&tags.starts, &tags.ends, &numbers};
    for (size_t number = 0; number < sizeof places / sizeof *places; number++)
        free(places[number]->values);
    free_kinds(&kinds);
    PyBuffer_Release(&text);
    return result;
}

/* The names, which lie in their objects; NULL with an error set where one is no text in bytes. */
static Name *names_of(PyObject *tuple, Py_ssize_t count)
{
    Name *names = malloc(((size_t)count + 1) * sizeof *names);
    if (!names) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t number = 0; number < count; number++) {
        char *name;
        Py_ssize_t length;
        PyObject *one = PyTuple_GetItem(tuple, number);
        if (!one || PyBytes_AsStringAndSize(one, &name, &length))
            goto wrong;
        if (!length) {
            PyErr_SetString(PyExc_ValueError, "a name is empty");
            goto wrong;
        }
        names[number] = (Name){name, (size_t)length};
    }
    return names;
wrong:
    free(names);
    return NULL;
}

static PyObject *find_tags(PyObject *module, PyObject *arguments)
{
    (void)module;
    Py_buffer text;
    Py_ssize_t position;
    PyObject *tuple, *result = NULL;
    int is_all;
    if (!PyArg_ParseTuple(arguments, "y*nO!p", &text, &position, &PyTuple_Type, &tuple, &is_all))
        return NULL;
    Py_ssize_t count = PyTuple_Size(tuple);
    Name *names = names_of(tuple, count);
    if (names && (position < 0 || position > text.len)) {
        PyErr_SetString(PyExc_ValueError, "the place is not in the text");
    } else if (names) {
        const uint8_t *begin = text.buf;
        Named named = {
            {.text = begin, .end = begin + text.len}, .names = names, .name_count = (size_t)count,
            .is_all = is_all != 0};
        bool is_found;
        Py_BEGIN_ALLOW_THREADS
        is_found = find(&named, begin + position);
        Py_END_ALLOW_THREADS
        result = !is_found ? PyErr_NoMemory()
            : named.is_odd ? Py_NewRef(Py_None)
                           : Py_BuildValue(
                                "NNNNn", places_given(&named.tags.starts), places_given(&named.tags.ends),
                                bytes_given(&named.closes), bytes_given(&named.empty),
                                named.endless ? named.endless - begin : -1);
        free(named.tags.starts.values);
        free(named.tags.ends.values);
        free(named.closes.bytes);
        free(named.empty.bytes);
    }
    free(names);
    PyBuffer_Release(&text);
    return result;
}

static PyMethodDef methods[] = {
    {"cut_tags", cut_tags, METH_VARARGS, "cut_tags(text, most): all tags of a text, or None."},
    {"find_tags", find_tags, METH_VARARGS, "find_tags(text, position, names, is_all): the tags of these names, or None."},
    {NULL, NULL, 0, NULL},
};

MODULE(_xml_tags, "See xml_tokens.py and xml_spans.py.", begin_with_blocks)
