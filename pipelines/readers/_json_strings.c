/* The strings of JSON lines, and what stands between them where that is of a plain form: see json_strings.py. No Python
 * object is touched while they are looked for.
 */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "_block.h"
#include "_eight_bytes.h"
#include "_growing.h"

/* As json_forms.py numbers them. */
enum form { COLON, COLON_LIST, COMMA, CLOSE, END, CLOSE_END, OTHER = 0xFF };

typedef struct {
    const uint8_t *text;
    Numbers opened, closed, escaped;
    Bytes forms;
} Strings;

static inline bool is_blank(uint8_t sign)
{
    return sign == ' ' || sign == '\t' || sign == '\r' || sign == '\n';
}

/* Not zero where one of the bytes is a control character. */
static inline uint64_t has_control(uint64_t word)
{
    return (word - EACH(' ')) & ~word & HIGH_BITS;
}

/* The quote that ends the string that begins here; NULL where none does, and where there are control characters. */
static const uint8_t *closing_quote(const uint8_t *at, const uint8_t *end, bool *is_escaped)
{
    *is_escaped = false;
    for (;;) {
        while (end - at >= 8) {
            uint64_t word = eight_bytes(at);
            uint64_t signs = has_zero(word ^ EACH('"')) | has_zero(word ^ EACH('\\')) | has_control(word);
            if (signs) {
                at += bytes_before(signs);
                break;
            }
            at += 8;
        }
        while (at < end && *at != '"' && *at != '\\' && *at >= ' ')
            at++;
        if (at == end || *at < ' ')
            return NULL;
        if (*at == '"')
            return at;
        *is_escaped = true;
        if (end - at < 2 || at[1] < ' ')
            return NULL;
        at += 2;
    }
}

static const uint8_t *behind_blanks(const uint8_t *at, const uint8_t *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

/* Whether the end of an object, a newline and the beginning of another one are all that stands here. */
static bool is_next_line(const uint8_t *at, const uint8_t *end)
{
    if (at == end || *at != '}')
        return false;
    for (at++; at < end && *at != '\n'; at++)
        if (!is_blank(*at))
            return false;
    at = behind_blanks(at, end);
    return at < end && *at == '{' && behind_blanks(at + 1, end) == end;
}

/* Of which form the text between two strings is. */
static enum form form_of(const uint8_t *at, const uint8_t *end)
{
    at = behind_blanks(at, end);
    if (at == end)
        return OTHER;
    uint8_t sign = *at;
    const uint8_t *next = sign == '}' ? at : behind_blanks(at + 1, end);
    switch (sign) {
    case ':':
        if (next == end)
            return COLON;
        return *next == '[' && behind_blanks(next + 1, end) == end ? COLON_LIST : OTHER;
    case ',':
        return next == end ? COMMA : OTHER;
    case ']':
        if (next < end && *next == ',')
            return behind_blanks(next + 1, end) == end ? CLOSE : OTHER;
        return is_next_line(next, end) ? CLOSE_END : OTHER;
    case '}':
        return is_next_line(next, end) ? END : OTHER;
    default:
        return OTHER;
    }
}

static enum outcome cut(Strings *found, const uint8_t *end)
{
    const uint8_t *at = memchr(found->text, '"', (size_t)(end - found->text));
    while (at) {
        const uint8_t *opened = at + 1;
        bool is_escaped;
        const uint8_t *closed = closing_quote(opened, end, &is_escaped);
        if (!closed)
            return LEFT_OUT;
        if (is_escaped && !add_number(&found->escaped, (int32_t)found->opened.length))
            return NO_MEMORY;
        /* Nearly always a few signs away. */
        for (at = closed + 1; at < end && *at != '"'; at++)
            ;
        uint8_t form = (uint8_t)(at < end ? form_of(closed + 1, at) : OTHER);
        if (!add_number(&found->opened, (int32_t)(opened - found->text))
            || !add_number(&found->closed, (int32_t)(closed - found->text)) || !add_bytes(&found->forms, &form, 1))
            return NO_MEMORY;
        if (at == end)
            at = NULL;
    }
    return READ;
}

static PyObject *cut_strings(PyObject *module, PyObject *arguments)
{
    (void)module;
    Py_buffer text;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*", &text))
        return NULL;
    if (text.len > INT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the text is too long");
    } else {
        Strings found = {.text = text.buf};
        enum outcome outcome;
        Py_BEGIN_ALLOW_THREADS
        outcome = cut(&found, found.text + text.len);
        Py_END_ALLOW_THREADS
        if (outcome == READ)
            result = Py_BuildValue(
                "NNNN", numbers_given(&found.opened), numbers_given(&found.closed), bytes_given(&found.forms),
                numbers_given(&found.escaped));
        else if (outcome == NO_MEMORY)
            PyErr_NoMemory();
        else
            result = Py_NewRef(Py_None);
        free(found.opened.values);
        free(found.closed.values);
        free(found.escaped.values);
        free(found.forms.bytes);
    }
    PyBuffer_Release(&text);
    return result;
}

static PyMethodDef methods[] = {
    {"cut_strings", cut_strings, METH_VARARGS, "cut_strings(text): the strings of JSON lines, or None."},
    {NULL, NULL, 0, NULL},
};

MODULE(_json_strings, "See json_strings.py.", begin_with_blocks)
