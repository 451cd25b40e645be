/* Where the structure of a JSON text is: see json_structure.py. No Python object is touched while it is looked for. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "_block.h"
#include "_growing.h"
#include "_signs.h"

/* The bit that those have that open, and those that close have not. */
#define OPENS 2

typedef struct {
    const uint8_t *text;
    Places brackets, newlines, quotes, odd;
    Bytes steps;
    /* How many brackets are open behind each: as unsigned ones, as nothing keeps those that close from being more. */
    Numbers depths;
    uint32_t depth;
} Structure;

/* Whether a sign may stand behind a string. */
static inline bool may_follow(uint8_t sign)
{
    static const bool may[UINT8_MAX + 1] = {
        [','] = true, [':'] = true, [']'] = true, ['}'] = true,
        [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
    };
    return may[sign];
}

/* Where bits are set of the bytes from a place on. */
static inline bool add_each(Places *places, int64_t from, uint64_t bits)
{
    if (!reserve((void **)&places->values, &places->capacity, places->length + AT_ONCE, sizeof(int64_t)))
        return false;
    for (int64_t *next = places->values + places->length; bits; bits &= bits - 1, places->length++)
        *next++ = from + lowest(bits);
    return true;
}

static inline bool add_brackets(Structure *found, int64_t from, uint64_t bits)
{
    size_t before = found->brackets.length;
    if (!add_each(&found->brackets, from, bits)
        || !reserve((void **)&found->steps.bytes, &found->steps.capacity, before + AT_ONCE, 1)
        || !reserve((void **)&found->depths.values, &found->depths.capacity, before + AT_ONCE, sizeof(int32_t)))
        return false;
    for (size_t number = before; number < found->brackets.length; number++) {
        int step = found->text[found->brackets.values[number]] & OPENS ? 1 : -1;
        found->depth += (uint32_t)step;
        found->steps.bytes[number] = (uint8_t)step;
        found->depths.values[number] = (int32_t)found->depth;
    }
    found->steps.length = found->depths.length = found->brackets.length;
    return true;
}

/* Of strings that end there those that do so before a sign that stands behind no string. */
static inline bool add_odd(Structure *found, int64_t from, uint64_t bits, const uint8_t *end)
{
    bool is_added = true;
    for (; is_added && bits; bits &= bits - 1) {
        int64_t place = from + lowest(bits);
        const uint8_t *behind = found->text + place + 1;
        if (behind < end && !may_follow(*behind))
            is_added = add_place(&found->odd, place);
    }
    return is_added;
}

/* False where there is no memory for it. */
static bool find(Structure *found, const uint8_t *begin, const uint8_t *end)
{
    uint64_t is_escaped = 0, is_within = 0;
    bool is_added = true;
    for (const uint8_t *at = begin; is_added && at < end; at += AT_ONCE) {
        uint8_t last[AT_ONCE];
        bool is_whole = end - at >= AT_ONCE;
        if (!is_whole) {
            memset(last, ' ', sizeof last);
            memcpy(last, at, (size_t)(end - at));
        }
        Signs signs = signs_of(is_whole ? at : last);
        /* A backslash outside of strings is no JSON; what is behind it is told as if it were. */
        uint64_t quotes = signs.quotes & ~escaped(signs.backslashes, &is_escaped);
        uint64_t outside = ~(between(quotes) ^ is_within);
        int64_t from = at - found->text;
        is_within = outside >> (AT_ONCE - 1) ? 0 : UINT64_MAX;
        is_added = add_each(&found->quotes, from, quotes) && add_odd(found, from, quotes & outside, end)
            && add_brackets(found, from, signs.brackets & outside)
            && add_each(&found->newlines, from, signs.newlines & outside);
        if (!is_whole)
            break;
    }
    return is_added;
}

static PyObject *find_structure(PyObject *module, PyObject *arguments)
{
    (void)module;
    Py_buffer text;
    Py_ssize_t begin, end;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*nn", &text, &begin, &end))
        return NULL;
    if (begin < 0 || begin > end || end > text.len) {
        PyErr_SetString(PyExc_ValueError, "no part of the text");
    } else {
        Structure found = {.text = text.buf};
        bool is_found;
        Py_BEGIN_ALLOW_THREADS
        is_found = find(&found, found.text + begin, found.text + end);
        Py_END_ALLOW_THREADS
        result = is_found ? Py_BuildValue(
                                "NNNNNN", places_given(&found.brackets), bytes_given(&found.steps),
                                numbers_given(&found.depths), places_given(&found.newlines),
                                places_given(&found.quotes), places_given(&found.odd))
                          : PyErr_NoMemory();
        free(found.brackets.values);
        free(found.newlines.values);
        free(found.quotes.values);
        free(found.odd.values);
        free(found.steps.bytes);
        free(found.depths.values);
    }
    PyBuffer_Release(&text);
    return result;
}

static PyMethodDef methods[] = {
    {"find_structure", find_structure, METH_VARARGS,
     "find_structure(text, begin, end): brackets, newlines, quotes and odd quotes of a part of a text."},
    {NULL, NULL, 0, NULL},
};

MODULE(_json_structure, "See json_structure.py.", begin_with_blocks)
