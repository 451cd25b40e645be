/* Lines of JSON as Python gives them. */

#ifndef JSON_LINES_H
#define JSON_LINES_H

#include "_block.h"
#include "_json_text.h"

typedef struct {
    Py_buffer text, starts, ends;
} Lines;

static inline const int64_t *starts_of(const Lines *lines)
{
    return lines->starts.buf;
}

static inline const int64_t *ends_of(const Lines *lines)
{
    return lines->ends.buf;
}

static inline size_t count_of_lines(const Lines *lines)
{
    return (size_t)lines->starts.len / sizeof(int64_t);
}

/* Whether they are parts of the text, in order; else that is an error. */
static inline bool are_lines(const Lines *lines)
{
    size_t count = count_of_lines(lines);
    bool are = lines->starts.len == lines->ends.len && !(lines->starts.len % (Py_ssize_t)sizeof(int64_t))
        && count <= INT32_MAX;
    int64_t before = 0;
    for (size_t row = 0; are && row < count; row++) {
        are = starts_of(lines)[row] >= before && ends_of(lines)[row] >= starts_of(lines)[row];
        before = ends_of(lines)[row];
    }
    are = are && before <= lines->text.len;
    if (!are)
        PyErr_SetString(PyExc_ValueError, "lines are no parts of the text");
    return are;
}

static inline void release_lines(Lines *lines)
{
    PyBuffer_Release(&lines->text);
    PyBuffer_Release(&lines->starts);
    PyBuffer_Release(&lines->ends);
}

#endif
