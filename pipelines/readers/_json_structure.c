/* Where the structure of a JSON text is: see json_structure.py. No Python object is touched while it is looked for. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "_block.h"
#include "_eight_bytes.h"
#include "_growing.h"

typedef struct {
    const uint8_t *text;
    Places brackets, newlines, quotes, odd;
    Bytes steps;
} Structure;

/* Whether an odd number of backslashes stands before a place, from where a text begins. */
static bool is_escaped(const uint8_t *from, const uint8_t *place)
{
    const uint8_t *at = place;
    while (at > from && at[-1] == '\\')
        at--;
    return (place - at) & 1;
}

/* The quote that ends a string, whose first one is behind; NULL where none does. */
static const uint8_t *closing_quote(const uint8_t *at, const uint8_t *end)
{
    for (;;) {
        while (end - at >= 8) {
            uint64_t word = eight_bytes(at), signs = has_zero(word ^ EACH('"')) | has_zero(word ^ EACH('\\'));
            if (signs) {
                at += bytes_before(signs);
                break;
            }
            at += 8;
        }
        while (at < end && *at != '"' && *at != '\\')
            at++;
        if (at < end && *at == '"')
            return at;
        if (end - at < 2)
            return NULL;
        at += 2;
    }
}

/* Whether a sign may stand behind a string. */
static bool may_follow(uint8_t sign)
{
    switch (sign) {
    case ',':
    case ':':
    case ']':
    case '}':
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return true;
    default:
        return false;
    }
}

static bool add_bracket(Structure *found, const uint8_t *at, int8_t step)
{
    uint8_t byte = (uint8_t)step;
    return add_place(&found->brackets, at - found->text) && add_bytes(&found->steps, &byte, 1);
}

/* False where there is no memory for it. */
static bool find(Structure *found, const uint8_t *begin, const uint8_t *end)
{
    bool is_added = true;
    for (const uint8_t *at = begin; is_added && at < end; at++) {
        switch (*at) {
        case '{':
        case '[':
            is_added = add_bracket(found, at, 1);
            break;
        case '}':
        case ']':
            is_added = add_bracket(found, at, -1);
            break;
        case '\n':
            is_added = add_place(&found->newlines, at - found->text);
            break;
        case '"':
            /* A backslash outside of strings is no JSON; what is behind it is told as if it were. */
            if (is_escaped(begin, at))
                break;
            is_added = add_place(&found->quotes, at - found->text);
            at = closing_quote(at + 1, end);
            if (!at)
                return is_added;
            is_added = is_added && add_place(&found->quotes, at - found->text);
            if (at + 1 < end && !may_follow(at[1]))
                is_added = is_added && add_place(&found->odd, at - found->text);
            break;
        default:
            break;
        }
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
                                "NNNNN", places_given(&found.brackets), bytes_given(&found.steps),
                                places_given(&found.newlines), places_given(&found.quotes), places_given(&found.odd))
                          : PyErr_NoMemory();
        free(found.brackets.values);
        free(found.newlines.values);
        free(found.quotes.values);
        free(found.odd.values);
        free(found.steps.bytes);
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
