/* What stands at known paths in many JSON objects, read in one pass into columns: see json_tables.py.
 *
 * A row that is not surely what JSON and the paths say is left out whole, and the caller reads it another way; so
 * nothing here has to tell what is wrong with a text. Whatever is taken has been checked: the grammar, UTF-8, escapes,
 * that no name that is asked for stands twice in an object. No Python object is touched while rows are read.
 */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "_json_lines.h"

/* The names in an object that were seen are bits of a word. */
#define MOST_MEMBERS 64
/* Whole numbers of so many digits fit into 64 bits, and are written as they are read. */
#define MOST_DIGITS 18

typedef struct Table Table;

/* A name that objects may have: texts, or other objects where `table` is not NULL. */
typedef struct {
    char *name;
    size_t name_length;
    Table *table;
    /* Arrow's form: the bytes of all texts, where the first begins and where each ends. */
    Bytes texts;
    Numbers ends;
    /* Of each text the object that has it. */
    Numbers owners;
    /* Whether a text may have blanks to fold: two together, one at an end, control characters, any beyond ASCII. */
    bool has_blanks;
} Member;

struct Table {
    Member *members;
    int count;
    /* Of each object the one that it stands in. */
    Numbers owners;
};

static void free_table(Table *table)
{
    if (!table)
        return;
    for (int number = 0; number < table->count; number++) {
        Member *member = &table->members[number];
        free(member->name);
        free(member->texts.bytes);
        free(member->ends.values);
        free(member->owners.values);
        free_table(member->table);
    }
    free(table->members);
    free(table->owners.values);
    free(table);
}

/* Whether two spaces stand together. */
static bool has_two_spaces(const uint8_t *at, const uint8_t *end)
{
    while ((at = memchr(at, ' ', (size_t)(end - at))) && at + 1 < end) {
        if (at[1] == ' ')
            return true;
        at += 2;
    }
    return false;
}

/* A string whose first quote is behind the reader, as the next text of a member. */
static enum outcome read_text(Reader *reader, Member *member)
{
    Bytes *texts = &member->texts;
    size_t begun = texts->length;
    bool is_plain;
    enum outcome outcome = read_string(reader, texts, &is_plain);
    if (outcome == READ && texts->length > begun && !member->has_blanks) {
        const uint8_t *text = texts->bytes + begun, *end = texts->bytes + texts->length;
        member->has_blanks = !is_plain || text[0] == ' ' || end[-1] == ' ' || has_two_spaces(text, end);
    }
    return outcome;
}

/* ---- values ---- */

static bool pass_word(Reader *reader, const char *word, size_t length)
{
    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length))
        return false;
    reader->at += length;
    return true;
}

static size_t pass_digits(Reader *reader)
{
    const uint8_t *from = reader->at;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
        reader->at++;
    return (size_t)(reader->at - from);
}

/* A number; whether it is a whole one, written as it is read. Those with an exponent, and long ones, are left out. */
static enum outcome read_number(Reader *reader, bool *is_whole)
{
    bool is_negative = pass(reader, '-');
    const uint8_t *first = reader->at;
    size_t digits = pass_digits(reader);
    if (!digits || digits > MOST_DIGITS || (*first == '0' && (digits > 1 || is_negative)))
        return LEFT_OUT;
    *is_whole = true;
    if (pass(reader, '.')) {
        *is_whole = false;
        digits = pass_digits(reader);
        if (!digits || digits > MOST_DIGITS)
            return LEFT_OUT;
    }
    if (reader->at < reader->end && (*reader->at | 0x20) == 'e')
        return LEFT_OUT;
    return READ;
}

static enum outcome read_object(Reader *reader, Table *table, int32_t owner);

/* A value of a name that is not asked for. */
static enum outcome pass_value(Reader *reader);

static enum outcome read_values(Reader *reader, Member *member, int32_t owner);

/* A list whose first bracket is behind the reader; where the member is NULL, its values are passed. */
static enum outcome read_list(Reader *reader, Member *member, int32_t owner)
{
    if (reader->depth == DEEPEST)
        return LEFT_OUT;
    reader->depth++;
    pass_blanks(reader);
    if (!pass(reader, ']')) {
        do {
            pass_blanks(reader);
            enum outcome outcome = member ? read_values(reader, member, owner) : pass_value(reader);
            if (outcome != READ)
                return outcome;
            pass_blanks(reader);
        } while (pass(reader, ','));
        if (!pass(reader, ']'))
            return LEFT_OUT;
    }
    reader->depth--;
    return READ;
}

static enum outcome pass_value(Reader *reader)
{
    bool is_whole, is_plain;
    if (reader->at == reader->end)
        return LEFT_OUT;
    switch (*reader->at) {
    case '"': reader->at++; return read_string(reader, NULL, &is_plain);
    case '{': reader->at++; return read_object(reader, NULL, 0);
    case '[': reader->at++; return read_list(reader, NULL, 0);
    case 't': return pass_word(reader, "true", 4) ? READ : LEFT_OUT;
    case 'f': return pass_word(reader, "false", 5) ? READ : LEFT_OUT;
    case 'n': return pass_word(reader, "null", 4) ? READ : LEFT_OUT;
    default: return read_number(reader, &is_whole);
    }
}

static enum outcome end_text(Member *member, int32_t owner)
{
    if (member->texts.length > INT32_MAX)
        return LEFT_OUT;
    if (!add_number(&member->ends, (int32_t)member->texts.length) || !add_number(&member->owners, owner))
        return NO_MEMORY;
    return READ;
}

/* The values of a member: texts and whole numbers, or objects; those of lists, and of lists in these, one by one. */
static enum outcome read_values(Reader *reader, Member *member, int32_t owner)
{
    enum outcome outcome;
    bool is_whole;
    if (reader->at == reader->end)
        return LEFT_OUT;
    const uint8_t *from = reader->at;
    switch (*from) {
    case '"':
        if (member->table)
            return LEFT_OUT;
        reader->at++;
        outcome = read_text(reader, member);
        return outcome == READ ? end_text(member, owner) : outcome;
    case '{':
        if (!member->table)
            return LEFT_OUT;
        reader->at++;
        return read_object(reader, member->table, owner);
    case '[':
        reader->at++;
        return read_list(reader, member, owner);
    case 'n':
        return pass_word(reader, "null", 4) ? READ : LEFT_OUT;
    default:
        if (member->table)
            return LEFT_OUT;
        outcome = read_number(reader, &is_whole);
        if (outcome != READ || !is_whole)
            return LEFT_OUT;
        if (!add_bytes(&member->texts, from, (size_t)(reader->at - from)))
            return NO_MEMORY;
        return end_text(member, owner);
    }
}

/* The member of this name; `expected` is the one that follows that of the name before, as it mostly is. */
static Member *member_called(Table *table, const uint8_t *name, size_t length, int *expected)
{
    for (int tried = 0, number = *expected; tried < table->count; tried++, number++) {
        if (number >= table->count)
            number = 0;
        Member *member = &table->members[number];
        if (member->name_length == length && !memcmp(member->name, name, length)) {
            *expected = number + 1;
            return member;
        }
    }
    return NULL;
}

/* An object whose first brace is behind the reader; where the table is NULL, it is passed. */
static enum outcome read_object(Reader *reader, Table *table, int32_t owner)
{
    int32_t number = 0;
    uint64_t seen = 0;
    int expected = 0;
    if (reader->depth == DEEPEST)
        return LEFT_OUT;
    reader->depth++;
    if (table) {
        if (table->owners.length == INT32_MAX)
            return LEFT_OUT;
        number = (int32_t)table->owners.length;
        if (!add_number(&table->owners, owner))
            return NO_MEMORY;
    }
    pass_blanks(reader);
    if (!pass(reader, '}')) {
        do {
            pass_blanks(reader);
            if (!pass(reader, '"'))
                return LEFT_OUT;
            const uint8_t *name = reader->at;
            /* A name with escapes or beyond ASCII may be one that is asked for, written otherwise. */
            const uint8_t *name_end = next_sign(name, reader->end);
            if (name_end == reader->end || *name_end != '"')
                return LEFT_OUT;
            reader->at = name_end + 1;
            pass_blanks(reader);
            if (!pass(reader, ':'))
                return LEFT_OUT;
            pass_blanks(reader);
            Member *member = table ? member_called(table, name, (size_t)(name_end - name), &expected) : NULL;
            enum outcome outcome;
            if (member) {
                uint64_t bit = 1ULL << (member - table->members);
                if (seen & bit)
                    return LEFT_OUT;
                seen |= bit;
                outcome = read_values(reader, member, number);
            } else {
                outcome = pass_value(reader);
            }
            if (outcome != READ)
                return outcome;
            pass_blanks(reader);
        } while (pass(reader, ','));
        if (!pass(reader, '}'))
            return LEFT_OUT;
    }
    reader->depth--;
    return READ;
}

/* ---- rows ---- */

/* How much each table and member held before a row, to return to where that is left out. */
typedef struct {
    size_t texts, count;
} Mark;

static size_t marks_needed(const Table *table)
{
    size_t needed = 1;
    for (int number = 0; number < table->count; number++)
        needed += table->members[number].table ? marks_needed(table->members[number].table) : 1;
    return needed;
}

static Mark *set_marks(const Table *table, Mark *mark)
{
    (mark++)->count = table->owners.length;
    for (int number = 0; number < table->count; number++) {
        const Member *member = &table->members[number];
        if (member->table) {
            mark = set_marks(member->table, mark);
        } else {
            mark->texts = member->texts.length;
            (mark++)->count = member->owners.length;
        }
    }
    return mark;
}

static const Mark *return_to(Table *table, const Mark *mark)
{
    table->owners.length = (mark++)->count;
    for (int number = 0; number < table->count; number++) {
        Member *member = &table->members[number];
        if (member->table) {
            mark = return_to(member->table, mark);
        } else {
            member->texts.length = mark->texts;
            member->owners.length = (mark++)->count;
            /* The texts begin at an end, too. */
            member->ends.length = member->owners.length + 1;
        }
    }
    return mark;
}

/* Objects that stand a line each. `left_out` says of which rows nothing was taken. */
static enum outcome read_rows(
    const uint8_t *text, const int64_t *starts, const int64_t *ends, size_t rows, Table *table, uint8_t *left_out)
{
    Mark *marks = calloc(marks_needed(table), sizeof(Mark));
    enum outcome outcome = marks ? READ : NO_MEMORY;
    for (size_t row = 0; row < rows && outcome != NO_MEMORY; row++) {
        Reader reader = {text + starts[row], text + ends[row], 0, false};
        set_marks(table, marks);
        outcome = pass(&reader, '{') ? read_object(&reader, table, (int32_t)row) : LEFT_OUT;
        pass_blanks(&reader);
        if (outcome == READ && reader.at != reader.end)
            outcome = LEFT_OUT;
        left_out[row] = outcome != READ;
        if (outcome == LEFT_OUT)
            return_to(table, marks);
    }
    free(marks);
    return outcome == NO_MEMORY ? NO_MEMORY : READ;
}

/* ---- to and from Python ---- */

/* A table for members as Python says them: (name, None or members), one behind the other. */
static Table *table_of(PyObject *members)
{
    Py_ssize_t count = PySequence_Size(members);
    if (count < 0)
        return NULL;
    if (count > MOST_MEMBERS) {
        PyErr_Format(PyExc_ValueError, "%zd members; an object may have %d", count, MOST_MEMBERS);
        return NULL;
    }
    Table *table = calloc(1, sizeof(Table));
    if (table)
        table->members = calloc((size_t)count + 1, sizeof(Member));
    if (!table || !table->members) {
        PyErr_NoMemory();
        goto failed;
    }
    for (Py_ssize_t number = 0; number < count; number++) {
        PyObject *pair = PySequence_GetItem(members, number);
        PyObject *name = pair ? PySequence_GetItem(pair, 0) : NULL;
        PyObject *inner = pair ? PySequence_GetItem(pair, 1) : NULL;
        Member *member = &table->members[number];
        table->count++;
        Py_ssize_t length = 0;
        const char *written = name && inner ? PyUnicode_AsUTF8AndSize(name, &length) : NULL;
        if (written) {
            member->name = malloc((size_t)length + 1);
            if (member->name) {
                memcpy(member->name, written, (size_t)length);
                member->name_length = (size_t)length;
                if (inner != Py_None)
                    member->table = table_of(inner);
                else if (!add_number(&member->ends, 0))
                    PyErr_NoMemory();
            } else {
                PyErr_NoMemory();
            }
        }
        Py_XDECREF(inner);
        Py_XDECREF(name);
        Py_XDECREF(pair);
        if (PyErr_Occurred())
            goto failed;
    }
    return table;
failed:
    free_table(table);
    return NULL;
}


static PyObject *result_of(Table *table);

static PyObject *member_result(Member *member)
{
    if (member->table)
        return result_of(member->table);
    return Py_BuildValue(
        "(NNNO)",
        numbers_given(&member->ends),
        bytes_given(&member->texts),
        numbers_given(&member->owners),
        member->has_blanks ? Py_True : Py_False);
}

/* (owners, [of each member: such a pair, or (ends, texts, owners, whether there are blanks to fold)]). */
static PyObject *result_of(Table *table)
{
    PyObject *members = PyList_New(0);
    if (!members)
        return NULL;
    for (int number = 0; number < table->count; number++) {
        PyObject *one = member_result(&table->members[number]);
        if (!one || PyList_Append(members, one)) {
            Py_XDECREF(one);
            Py_DECREF(members);
            return NULL;
        }
        Py_DECREF(one);
    }
    return Py_BuildValue("(NN)", numbers_given(&table->owners), members);
}

static PyObject *read_tables(PyObject *module, PyObject *arguments)
{
    (void)module;
    Lines lines = {0};
    PyObject *members, *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*O", &lines.text, &lines.starts, &lines.ends, &members))
        return NULL;
    size_t rows = count_of_lines(&lines);
    uint8_t *left_out = NULL;
    Table *table = are_lines(&lines) ? table_of(members) : NULL;
    if (table) {
        enum outcome outcome = NO_MEMORY;
        left_out = calloc(rows + 1, 1);
        if (left_out) {
            Py_BEGIN_ALLOW_THREADS
            outcome = read_rows(lines.text.buf, starts_of(&lines), ends_of(&lines), rows, table, left_out);
            Py_END_ALLOW_THREADS
        }
        if (outcome == NO_MEMORY)
            PyErr_NoMemory();
        else
            result = Py_BuildValue(
                "(NN)", PyBytes_FromStringAndSize((const char *)left_out, (Py_ssize_t)rows), result_of(table));
    }
    free(left_out);
    free_table(table);
    release_lines(&lines);
    return result;
}

static PyMethodDef methods[] = {
    {"read_tables", read_tables, METH_VARARGS,
     "read_tables(text, starts, ends, members): what stands at these paths in the objects of these lines."},
    {NULL, NULL, 0, NULL},
};

MODULE(_json_tables, "See json_tables.py.", begin_with_blocks)
