/* The strings of many JSON objects, and in which objects and arrays these stand: see json_nesting.py.
 *
 * A row is left out whole where it is no JSON, or holds what is not looked at here: values that are no strings, objects
 * or arrays, and elements that are nothing but brackets. No Python object is touched while rows are read.
 */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "_json_lines.h"
#include "_kinds.h"

/* As json_nesting.py has them: what the value behind a key is, and what a bracket is of. */
enum value { NO_KEY, STRING, OBJECT, ARRAY, NO_ELEMENTS, NO_MEMBERS };
enum kind { IS_OBJECT = 1, IS_ARRAY = 2 };

#define NOWHERE (-1)

/* Where strings are written, what the value behind each is, in which bracket and row they stand; as many of each. Of
 * what they stand for the ends, which begin at one, too.
 */
typedef struct {
    int32_t *ends, *opened, *closed, *within, *rows;
    uint8_t *values;
    size_t length, capacity;
} Strings;

typedef struct {
    const uint8_t *text;
    int32_t row;
    Strings strings;
    /* What the strings stand for. */
    Bytes texts;
    /* Of brackets: what they are of, in which other they stand, which string is their key, where they are written. */
    Bytes kinds;
    Numbers parents, keys, starts, stops, bracket_rows;
    bool has_escapes, has_blanks;
    /* Of keys, in order: which name each is. Of names: which string is the first that is it. */
    Numbers names, first;
    /* Of the row that is being read. */
    bool row_has_escapes;
} Nesting;

/* How much there was of each before a row, to return to where that is left out. */
typedef struct {
    size_t texts, strings, brackets;
} Mark;

static Mark mark_of(const Nesting *found)
{
    return (Mark){found->texts.length, found->strings.length, found->bracket_rows.length};
}

static void return_to(Nesting *found, Mark mark)
{
    found->texts.length = mark.texts;
    found->strings.length = mark.strings;
    found->kinds.length = found->parents.length = found->keys.length = mark.brackets;
    found->starts.length = found->stops.length = found->bracket_rows.length = mark.brackets;
}

static inline bool add_byte(Bytes *bytes, uint8_t byte)
{
    return add_bytes(bytes, &byte, 1);
}

/* Room for one more string; false where there is no memory for it. */
static bool reserve_strings(Strings *strings)
{
    if (strings->length + 1 < strings->capacity)
        return true;
    int32_t **numbers[] = {&strings->ends, &strings->opened, &strings->closed, &strings->within, &strings->rows};
    size_t wanted = strings->length + 2, capacity = strings->capacity;
    if (!reserve((void **)&strings->values, &capacity, wanted, 1))
        return false;
    for (size_t number = 0; number < sizeof numbers / sizeof *numbers; number++) {
        capacity = strings->capacity;
        if (!reserve((void **)numbers[number], &capacity, wanted, sizeof(int32_t)))
            return false;
    }
    strings->capacity = capacity;
    return true;
}

/* A string whose first quote is behind the reader. */
static enum outcome add_string(Reader *reader, Nesting *found, int32_t within)
{
    bool is_plain;
    const uint8_t *from = reader->at;
    size_t begun = found->texts.length;
    enum outcome outcome = read_string(reader, &found->texts, &is_plain);
    if (outcome != READ)
        return outcome;
    const uint8_t *quote = reader->at - 1;
    /* What an escape stands for is shorter than it is. */
    if (found->texts.length - begun != (size_t)(quote - from))
        found->row_has_escapes = true;
    Strings *strings = &found->strings;
    if (!reserve_strings(strings))
        return NO_MEMORY;
    size_t number = strings->length++;
    strings->ends[number + 1] = (int32_t)found->texts.length;
    strings->opened[number] = (int32_t)(from - found->text);
    strings->closed[number] = (int32_t)(quote - found->text);
    strings->values[number] = NO_KEY;
    strings->within[number] = within;
    strings->rows[number] = found->row;
    return READ;
}

static enum outcome add_bracket(Reader *reader, Nesting *found, enum kind kind, int32_t parent, int32_t key);

/* A value: of the key that is the string of this number, or an element, which has none. */
static enum outcome add_value(Reader *reader, Nesting *found, int32_t within, int32_t key)
{
    uint8_t sign = reader->at < reader->end ? *reader->at : 0;
    enum value value;
    enum outcome outcome = READ;
    if (sign == '"') {
        reader->at++;
        value = STRING;
        outcome = add_string(reader, found, within);
    } else if (sign == '{' || sign == '[') {
        const uint8_t *from = reader->at++;
        bool is_object = sign == '{';
        pass_blanks(reader);
        if (pass(reader, is_object ? '}' : ']')) {
            if (key == NOWHERE)
                return LEFT_OUT;
            value = is_object ? NO_MEMBERS : NO_ELEMENTS;
        } else {
            value = is_object ? OBJECT : ARRAY;
            reader->at = from;
            outcome = add_bracket(reader, found, is_object ? IS_OBJECT : IS_ARRAY, within, key);
        }
    } else {
        return LEFT_OUT;
    }
    if (outcome == READ && key != NOWHERE)
        found->strings.values[key] = (uint8_t)value;
    return outcome;
}

/* An object or array that is not empty, whose first bracket is the next sign. */
static enum outcome add_bracket(Reader *reader, Nesting *found, enum kind kind, int32_t parent, int32_t key)
{
    int32_t number = (int32_t)found->bracket_rows.length;
    enum outcome outcome;
    if (reader->depth == DEEPEST)
        return LEFT_OUT;
    reader->depth++;
    if (!add_byte(&found->kinds, (uint8_t)kind) || !add_number(&found->parents, parent) || !add_number(&found->keys, key)
        || !add_number(&found->starts, (int32_t)(reader->at - found->text)) || !add_number(&found->stops, 0)
        || !add_number(&found->bracket_rows, found->row))
        return NO_MEMORY;
    reader->at++;
    do {
        int32_t its_key = NOWHERE;
        pass_blanks(reader);
        if (kind == IS_OBJECT) {
            its_key = (int32_t)found->strings.length;
            if (!pass(reader, '"'))
                return LEFT_OUT;
            outcome = add_string(reader, found, number);
            if (outcome != READ)
                return outcome;
            pass_blanks(reader);
            if (!pass(reader, ':'))
                return LEFT_OUT;
            pass_blanks(reader);
        }
        outcome = add_value(reader, found, number, its_key);
        if (outcome != READ)
            return outcome;
        pass_blanks(reader);
    } while (pass(reader, ','));
    if (!pass(reader, kind == IS_OBJECT ? '}' : ']'))
        return LEFT_OUT;
    found->stops.values[number] = (int32_t)(reader->at - found->text);
    reader->depth--;
    return READ;
}

/* Objects that stand a line each. `left_out` says of which rows nothing was taken. */
static enum outcome add_rows(
    Nesting *found, const int64_t *starts, const int64_t *ends, size_t rows, uint8_t *left_out)
{
    for (size_t row = 0; row < rows; row++) {
        Reader reader = {found->text + starts[row], found->text + ends[row], 0, false};
        Mark mark = mark_of(found);
        enum outcome outcome = LEFT_OUT;
        found->row = (int32_t)row;
        found->row_has_escapes = false;
        /* Whatever is counted is no more than there are bytes before. */
        if (ends[row] <= INT32_MAX && reader.at < reader.end && *reader.at == '{')
            outcome = add_bracket(&reader, found, IS_OBJECT, NOWHERE, NOWHERE);
        if (outcome == NO_MEMORY)
            return NO_MEMORY;
        pass_blanks(&reader);
        if (reader.at != reader.end)
            outcome = LEFT_OUT;
        left_out[row] = outcome != READ;
        if (outcome == LEFT_OUT) {
            return_to(found, mark);
            continue;
        }
        found->has_blanks |= reader.has_blanks;
        found->has_escapes |= found->row_has_escapes;
    }
    return READ;
}

static uint64_t hash_of(const uint8_t *at, const uint8_t *end)
{
    uint64_t hash = 0, rest = 0;
    for (; end - at >= 8; at += 8)
        hash = mixed(hash, eight_bytes(at));
    while (at < end)
        rest = rest << 8 | *at++;
    return mixed(hash, rest);
}

/* Which names the keys are. Left out where names have been made to look alike. */
static enum outcome tell_names(Nesting *found)
{
    const Strings *strings = &found->strings;
    const uint8_t *texts = found->texts.bytes;
    Kinds kinds = {.most = INT32_MAX};
    enum outcome outcome = READ;
    for (size_t string = 0; outcome == READ && string < strings->length; string++) {
        int32_t start = strings->ends[string], end = strings->ends[string + 1];
        int64_t name;
        if (strings->values[string] == NO_KEY)
            continue;
        outcome = number_of(&kinds, texts, start, end, hash_of(texts + start, texts + end), &name);
        if (outcome != READ)
            break;
        bool is_new = (size_t)name == found->first.length;
        if (!add_number(&found->names, (int32_t)name) || (is_new && !add_number(&found->first, (int32_t)string)))
            outcome = NO_MEMORY;
    }
    free_kinds(&kinds);
    return outcome;
}

/* As add_rows, with the names. Where these cannot be told, all rows are left out. */
static enum outcome add_all(Nesting *found, const int64_t *starts, const int64_t *ends, size_t rows, uint8_t *left_out)
{
    enum outcome outcome = add_rows(found, starts, ends, rows, left_out);
    if (outcome == READ)
        outcome = tell_names(found);
    if (outcome == LEFT_OUT) {
        return_to(found, (Mark){0});
        found->names.length = found->first.length = 0;
        memset(left_out, 1, rows);
    }
    return outcome;
}

/* ---- to and from Python ---- */


static PyObject *result_of(Nesting *found, const uint8_t *left_out, size_t rows)
{
    Strings *strings = &found->strings;
    Bytes values = {strings->values, strings->length, 0};
    Numbers ends = {strings->ends, strings->length + 1, 0}, opened = {strings->opened, strings->length, 0};
    Numbers closed = {strings->closed, strings->length, 0}, within = {strings->within, strings->length, 0};
    Numbers its_rows = {strings->rows, strings->length, 0};
    *strings = (Strings){0};
    return Py_BuildValue(
        "(N(NN)(NNNNN)(NNNNNN)(NN)OO)", PyBytes_FromStringAndSize((const char *)left_out, (Py_ssize_t)rows),
        numbers_given(&ends), bytes_given(&found->texts),
        numbers_given(&opened), numbers_given(&closed), bytes_given(&values), numbers_given(&within),
        numbers_given(&its_rows),
        bytes_given(&found->kinds), numbers_given(&found->parents),
        numbers_given(&found->keys), numbers_given(&found->starts), numbers_given(&found->stops),
        numbers_given(&found->bracket_rows), numbers_given(&found->names), numbers_given(&found->first),
        found->has_escapes ? Py_True : Py_False, found->has_blanks ? Py_True : Py_False);
}

static void free_nesting(Nesting *found)
{
    void *of_strings[] = {
        found->strings.values, found->strings.ends, found->strings.opened, found->strings.closed,
        found->strings.within, found->strings.rows,
    };
    Bytes *bytes[] = {&found->texts, &found->kinds};
    Numbers *numbers[] = {
        &found->parents, &found->keys, &found->starts, &found->stops, &found->bracket_rows,
        &found->names, &found->first,
    };
    for (size_t number = 0; number < sizeof of_strings / sizeof *of_strings; number++)
        free(of_strings[number]);
    for (size_t number = 0; number < sizeof bytes / sizeof *bytes; number++)
        free(bytes[number]->bytes);
    for (size_t number = 0; number < sizeof numbers / sizeof *numbers; number++)
        free(numbers[number]->values);
}

static PyObject *find_nesting(PyObject *module, PyObject *arguments)
{
    (void)module;
    Lines lines = {0};
    if (!PyArg_ParseTuple(arguments, "y*y*y*", &lines.text, &lines.starts, &lines.ends))
        return NULL;
    PyObject *result = NULL;
    Nesting found = {.text = lines.text.buf};
    size_t rows = count_of_lines(&lines);
    uint8_t *left_out = NULL;
    if (are_lines(&lines)) {
        enum outcome outcome = NO_MEMORY;
        left_out = calloc(rows + 1, 1);
        if (left_out && reserve_strings(&found.strings)) {
            found.strings.ends[0] = 0;
            Py_BEGIN_ALLOW_THREADS
            outcome = add_all(&found, starts_of(&lines), ends_of(&lines), rows, left_out);
            Py_END_ALLOW_THREADS
        }
        result = outcome == NO_MEMORY ? PyErr_NoMemory() : result_of(&found, left_out, rows);
    }
    free(left_out);
    free_nesting(&found);
    release_lines(&lines);
    return result;
}

static PyMethodDef methods[] = {
    {"find_nesting", find_nesting, METH_VARARGS,
     "find_nesting(text, starts, ends): the strings, objects and arrays of these lines."},
    {NULL, NULL, 0, NULL},
};

MODULE(_json_nesting, "See json_nesting.py.", begin_with_blocks)
