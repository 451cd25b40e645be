/* Records of WARC that are plain: see warc.py, which reads all others. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "_form.h"

/* Nearly all headers are shorter. */
#define LONGEST_HEADER (16 << 10)
/* Of a length; no block that is held has more. */
#define MOST_DIGITS 9
#define BEHIND "\r\n\r\nWARC/"

/* What is told of a record, in this order, but for its length. */
enum field { KIND, DATE, TARGET, CONTENT_TYPE, LENGTH, FIELDS };

static const char *const names[FIELDS] = {
    "warc-type", "warc-date", "warc-target-uri", "content-type", "content-length",
};

typedef struct {
    const char *at;
    size_t length;
} Span;

typedef struct {
    Span fields[FIELDS];
    const char *block, *end;
} Record;

static bool begins(const char *at, const char *end, const char *sign)
{
    size_t length = strlen(sign);
    return (size_t)(end - at) >= length && !memcmp(at, sign, length);
}

static bool is_called(Span name, const char *wanted)
{
    if (name.length != strlen(wanted))
        return false;
    for (size_t place = 0; place < name.length; place++) {
        char sign = name.at[place];
        if ((sign >= 'A' && sign <= 'Z' ? sign + ('a' - 'A') : sign) != wanted[place])
            return false;
    }
    return true;
}

/* Whether the lines of a header are plain, up to the empty one, behind which the block begins. */
static bool read_lines(const char *at, const char *end, Record *record)
{
    const char *last = end - at > LONGEST_HEADER ? at + LONGEST_HEADER : end;
    while (!begins(at, last, "\r\n")) {
        const char *name = at;
        while (at < last && *at > ' ' && *at < 0x7F && *at != ':')
            at++;
        if (at == name || at == last || *at != ':' || begins(name, last, "WARC/"))
            return false;
        Span called = {name, (size_t)(at - name)}, said = {++at, 0};
        const char *newline = memchr(at, '\n', (size_t)(last - at));
        if (!newline || newline == at || newline[-1] != '\r' || memchr(at, '\r', (size_t)(newline - 1 - at)))
            return false;
        said.length = (size_t)(newline - 1 - at);
        for (int field = 0; field < FIELDS; field++) {
            if (!is_called(called, names[field]))
                continue;
            /* Which of two would count is for others to say. */
            if (record->fields[field].at)
                return false;
            record->fields[field] = said;
        }
        at = newline + 1;
    }
    record->block = at + 2;
    return true;
}

/* The length that is said, -1 where it is not plainly so. */
static Py_ssize_t length_of(Span said)
{
    Py_ssize_t length = 0;
    while (said.length && *said.at == ' ')
        said.at++, said.length--;
    if (!said.length || said.length > MOST_DIGITS)
        return -1;
    for (size_t place = 0; place < said.length; place++) {
        if (said.at[place] < '0' || said.at[place] > '9')
            return -1;
        length = 10 * length + (said.at[place] - '0');
    }
    return length;
}

/* Whether a plain record begins here, all of which is there, and the beginning of the next one. */
static bool read_record(const char *at, const char *end, Py_ssize_t longest, Record *record)
{
    memset(record, 0, sizeof *record);
    if (!begins(at, end, "WARC/1.0\r\n") && !begins(at, end, "WARC/1.1\r\n"))
        return false;
    if (!read_lines(at + strlen("WARC/1.0\r\n"), end, record) || !record->fields[LENGTH].at)
        return false;
    Py_ssize_t length = length_of(record->fields[LENGTH]);
    if (length < 0 || length > longest || length > end - record->block)
        return false;
    record->end = record->block + length;
    return begins(record->end, end, BEHIND);
}

static int append(PyObject *list, const char *text, const char *start, const Record *record)
{
    const Span *told = record->fields;
    PyObject *one = Py_BuildValue(
        "nnny#y#y#y#", start - text, record->block - text, record->end - text, told[KIND].at,
        (Py_ssize_t)told[KIND].length, told[DATE].at, (Py_ssize_t)told[DATE].length, told[TARGET].at,
        (Py_ssize_t)told[TARGET].length, told[CONTENT_TYPE].at, (Py_ssize_t)told[CONTENT_TYPE].length);
    int failed = one ? PyList_Append(list, one) : -1;
    Py_XDECREF(one);
    return failed;
}

static PyObject *plain_records(PyObject *module, PyObject *arguments)
{
    (void)module;
    Py_buffer text;
    Py_ssize_t position, longest;
    PyObject *list = NULL;
    if (!PyArg_ParseTuple(arguments, "y*nn", &text, &position, &longest))
        return NULL;
    if (position < 0 || position > text.len) {
        PyErr_SetString(PyExc_ValueError, "the place is not in the text");
    } else if ((list = PyList_New(0))) {
        const char *begin = text.buf, *end = begin + text.len, *at = begin + position;
        Record record;
        while (list && read_record(at, end, longest, &record)) {
            if (append(list, begin, at, &record))
                Py_CLEAR(list);
            at = record.end + strlen("\r\n\r\n");
        }
    }
    PyBuffer_Release(&text);
    return list;
}

static PyMethodDef methods[] = {
    {"plain_records", plain_records, METH_VARARGS,
     "plain_records(text, position, longest): the plain records of a text, one behind the other."},
    {NULL, NULL, 0, NULL},
};

MODULE(_warc_records, "See warc.py.", add_form)
