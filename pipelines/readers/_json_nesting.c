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
/* So many bytes of a text are of a string, with what stands between it and the next. */
#define LENGTH_OF_MOST 32

/* Of each string: where what it stands for ends (that begins at one), where it is written, in which bracket and row it
 * stands, and which bracket the value behind it is.
 */
enum of_string { ENDS, OPENED, CLOSED, WITHIN, ROW, VALUE, OF_STRING };
/* Of each bracket: in which other it stands, which string is its key, where it is written, its row, the first string in
 * it, and how many strings, objects and arrays stand in it, but for those that stand in these.
 */
enum of_bracket { PARENT, KEY, START, STOP, BRACKET_ROW, FIRST, STRINGS, OBJECTS, ARRAYS, OF_BRACKET };

#define MOST_COLUMNS OF_BRACKET

/* So many strings or brackets: what the value behind each string is, or what each bracket is of, and numbers. */
typedef struct {
    uint8_t *kinds;
    int32_t *numbers[MOST_COLUMNS];
    size_t length, capacity, columns;
} Table;

typedef struct {
    const uint8_t *text;
    int32_t row;
    Table strings, brackets;
    /* What the strings stand for. */
    Bytes texts;
    bool has_escapes, has_blanks;
    /* Of keys, in order: which name each is. Of names: which string is the first that is it, which is the last, and how
     * many are keys of what stands in nothing. The keys, by their names, and where those of each name begin.
     */
    Numbers names, first, last, outermost, by_name, begins;
    /* Of rows: of which nothing was taken, and in which an object has two members of one name. */
    uint8_t *left_out, *says_twice;
    /* Of the row that is being read. */
    bool row_has_escapes;
} Nesting;

/* How much there was of each before a row, to return to where that is left out. */
typedef struct {
    size_t texts, strings, brackets;
} Mark;

static Mark mark_of(const Nesting *found)
{
    return (Mark){found->texts.length, found->strings.length, found->brackets.length};
}

static void return_to(Nesting *found, Mark mark)
{
    found->texts.length = mark.texts;
    found->strings.length = mark.strings;
    found->brackets.length = mark.brackets;
}

/* Room for so many more, and for the end of the last; false where there is no memory for it. */
static inline bool reserve_more(Table *table, size_t count)
{
    if (table->length + count < table->capacity)
        return true;
    size_t wanted = table->length + count + 1, capacity = table->capacity;
    if (!reserve((void **)&table->kinds, &capacity, wanted, 1))
        return false;
    for (size_t column = 0; column < table->columns; column++) {
        capacity = table->capacity;
        if (!reserve((void **)&table->numbers[column], &capacity, wanted, sizeof(int32_t)))
            return false;
    }
    table->capacity = capacity;
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
    if (!reserve_more(&found->strings, 1))
        return NO_MEMORY;
    size_t number = found->strings.length++;
    int32_t **numbers = found->strings.numbers;
    numbers[ENDS][number + 1] = (int32_t)found->texts.length;
    numbers[OPENED][number] = (int32_t)(from - found->text);
    numbers[CLOSED][number] = (int32_t)(quote - found->text);
    numbers[WITHIN][number] = within;
    numbers[ROW][number] = found->row;
    numbers[VALUE][number] = NOWHERE;
    found->strings.kinds[number] = NO_KEY;
    found->brackets.numbers[STRINGS][within]++;
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
        found->strings.kinds[key] = (uint8_t)value;
    return outcome;
}

/* An object or array that is not empty, whose first bracket is the next sign. */
static enum outcome add_bracket(Reader *reader, Nesting *found, enum kind kind, int32_t parent, int32_t key)
{
    enum outcome outcome;
    if (reader->depth == DEEPEST)
        return LEFT_OUT;
    reader->depth++;
    if (!reserve_more(&found->brackets, 1))
        return NO_MEMORY;
    int32_t number = (int32_t)found->brackets.length++;
    int32_t **numbers = found->brackets.numbers;
    found->brackets.kinds[number] = (uint8_t)kind;
    numbers[PARENT][number] = parent;
    numbers[KEY][number] = key;
    numbers[START][number] = (int32_t)(reader->at - found->text);
    numbers[BRACKET_ROW][number] = found->row;
    numbers[FIRST][number] = (int32_t)found->strings.length;
    numbers[STRINGS][number] = numbers[OBJECTS][number] = numbers[ARRAYS][number] = 0;
    if (parent != NOWHERE)
        numbers[kind == IS_OBJECT ? OBJECTS : ARRAYS][parent]++;
    if (key != NOWHERE)
        found->strings.numbers[VALUE][key] = number;
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
    numbers[STOP][number] = (int32_t)(reader->at - found->text);
    reader->depth--;
    return READ;
}

/* Objects that stand a line each. */
static enum outcome add_rows(Nesting *found, const int64_t *starts, const int64_t *ends, size_t rows)
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
        found->left_out[row] = outcome != READ;
        if (outcome == LEFT_OUT) {
            return_to(found, mark);
            continue;
        }
        found->has_blanks |= reader.has_blanks;
        found->has_escapes |= found->row_has_escapes;
    }
    return READ;
}

/* Fewer than eight bytes of the texts as a number, the first as the highest. */
static inline uint64_t as_number(const uint8_t *texts, const uint8_t *at, const uint8_t *end)
{
    uint64_t number = 0;
    if (end - texts >= 8) {
        /* At once, with those before. */
        const uint8_t *from = end - 8;
        number = (uint64_t)from[0] << 56 | (uint64_t)from[1] << 48 | (uint64_t)from[2] << 40 | (uint64_t)from[3] << 32
            | (uint64_t)from[4] << 24 | (uint64_t)from[5] << 16 | (uint64_t)from[6] << 8 | (uint64_t)from[7];
        return number & ~(UINT64_MAX << 8 * (end - at));
    }
    while (at < end)
        number = number << 8 | *at++;
    return number;
}

static uint64_t hash_of(const uint8_t *texts, int32_t start, int32_t stop)
{
    const uint8_t *at = texts + start, *end = texts + stop;
    uint64_t hash = 0;
    for (; end - at >= 8; at += 8)
        hash = mixed(hash, eight_bytes(at));
    return mixed(hash, as_number(texts, at, end));
}

/* Whether the object in which a key stands has had another of its name, where that is the last one before it.
 *
 * Those in brackets that begin later stand in what has ended of the object.
 */
static bool is_said_before(const Nesting *found, const int32_t *before, int32_t last, int32_t within)
{
    const int32_t *within_of = found->strings.numbers[WITHIN];
    while (last != NOWHERE && within_of[last] > within)
        last = before[last];
    return last != NOWHERE && within_of[last] == within;
}

/* Take note of a key that is this name: `before` has of each key the last one before it that is the same. */
static bool add_key(Nesting *found, int32_t *before, int32_t key, size_t name)
{
    int32_t within = found->strings.numbers[WITHIN][key];
    if (!add_number(&found->names, (int32_t)name))
        return false;
    if (name == found->first.length
        && (!add_number(&found->first, key) || !add_number(&found->last, NOWHERE) || !add_number(&found->outermost, 0)))
        return false;
    before[key] = found->last.values[name];
    found->last.values[name] = key;
    found->outermost.values[name] += found->brackets.numbers[PARENT][within] == NOWHERE;
    if (is_said_before(found, before, before[key], within))
        found->says_twice[found->strings.numbers[ROW][key]] = 1;
    return true;
}

/* Which names the keys are. Left out where names have been made to look alike. */
static enum outcome tell_names(Nesting *found, int32_t *before)
{
    const Table *strings = &found->strings;
    const uint8_t *texts = found->texts.bytes;
    Kinds kinds = {.most = INT32_MAX};
    enum outcome outcome = READ;
    for (size_t string = 0; outcome == READ && string < strings->length; string++) {
        int32_t start = strings->numbers[ENDS][string], end = strings->numbers[ENDS][string + 1];
        int64_t name;
        if (strings->kinds[string] == NO_KEY)
            continue;
        outcome = number_of(&kinds, texts, start, end, hash_of(texts, start, end), &name);
        if (outcome == READ && !add_key(found, before, (int32_t)string, (size_t)name))
            outcome = NO_MEMORY;
    }
    free_kinds(&kinds);
    return outcome;
}

/* The keys by their names, those of each in order. */
static bool group_keys(Nesting *found)
{
    size_t count = found->names.length, names = found->first.length;
    Numbers *begins = &found->begins, *by_name = &found->by_name;
    /* Of each name where its next key goes: which is the last has been of use. */
    int32_t *next = found->last.values;
    if (!reserve((void **)&begins->values, &begins->capacity, names + 1, sizeof(int32_t))
        || !reserve((void **)&by_name->values, &by_name->capacity, count + 1, sizeof(int32_t)))
        return false;
    begins->length = names + 1;
    by_name->length = count;
    memset(begins->values, 0, begins->length * sizeof(int32_t));
    for (size_t key = 0; key < count; key++)
        begins->values[found->names.values[key] + 1]++;
    for (size_t name = 0; name < names; name++) {
        next[name] = begins->values[name];
        begins->values[name + 1] += begins->values[name];
    }
    for (size_t string = 0, key = 0; key < count; string++)
        if (found->strings.kinds[string] != NO_KEY)
            by_name->values[next[found->names.values[key++]]++] = (int32_t)string;
    return true;
}

/* As add_rows, with the names. Where these cannot be told, all rows are left out. */
static enum outcome add_all(Nesting *found, const int64_t *starts, const int64_t *ends, size_t rows)
{
    enum outcome outcome = add_rows(found, starts, ends, rows);
    int32_t *before = malloc((found->strings.length + 1) * sizeof *before);
    if (!before)
        outcome = NO_MEMORY;
    if (outcome == READ)
        outcome = tell_names(found, before);
    if (outcome == LEFT_OUT) {
        return_to(found, (Mark){0});
        found->names.length = found->first.length = found->outermost.length = 0;
        memset(found->left_out, 1, rows);
    }
    if (outcome != NO_MEMORY && !group_keys(found))
        outcome = NO_MEMORY;
    free(before);
    return outcome;
}

/* ---- to and from Python ---- */

/* The numbers of a column of a table, which are given away. */
static PyObject *column_given(Table *table, size_t column, size_t length)
{
    Numbers numbers = {table->numbers[column], length, 0};
    table->numbers[column] = NULL;
    return numbers_given(&numbers);
}

/* What is known of each that is in a table: its kind, and all numbers from one column on. */
static PyObject *table_given(Table *table, size_t from)
{
    Bytes kinds = {table->kinds, table->length, 0};
    PyObject *given = PyTuple_New((Py_ssize_t)(table->columns - from + 1));
    if (!given)
        return NULL;
    table->kinds = NULL;
    for (size_t place = 0; place <= table->columns - from; place++) {
        PyObject *one = place ? column_given(table, from + place - 1, table->length) : bytes_given(&kinds);
        if (!one || PyTuple_SetItem(given, (Py_ssize_t)place, one)) {
            Py_DECREF(given);
            return NULL;
        }
    }
    return given;
}

static PyObject *flags_given(const uint8_t *flags, size_t rows)
{
    return PyBytes_FromStringAndSize((const char *)flags, (Py_ssize_t)rows);
}

static PyObject *result_of(Nesting *found, size_t rows)
{
    return Py_BuildValue(
        "(NN(NN)NN(NNNNN)OO)", flags_given(found->left_out, rows), flags_given(found->says_twice, rows),
        column_given(&found->strings, ENDS, found->strings.length + 1), bytes_given(&found->texts),
        table_given(&found->strings, OPENED), table_given(&found->brackets, PARENT),
        numbers_given(&found->names), numbers_given(&found->first), numbers_given(&found->outermost),
        numbers_given(&found->by_name), numbers_given(&found->begins),
        found->has_escapes ? Py_True : Py_False, found->has_blanks ? Py_True : Py_False);
}

static void free_table(Table *table)
{
    free(table->kinds);
    for (size_t column = 0; column < table->columns; column++)
        free(table->numbers[column]);
}

static void free_nesting(Nesting *found)
{
    Numbers *numbers[] = {
        &found->names, &found->first, &found->last, &found->outermost, &found->by_name, &found->begins,
    };
    free_table(&found->strings);
    free_table(&found->brackets);
    free(found->texts.bytes);
    for (size_t number = 0; number < sizeof numbers / sizeof *numbers; number++)
        free(numbers[number]->values);
    free(found->left_out);
    free(found->says_twice);
}

static PyObject *find_nesting(PyObject *module, PyObject *arguments)
{
    (void)module;
    Lines lines = {0};
    if (!PyArg_ParseTuple(arguments, "y*y*y*", &lines.text, &lines.starts, &lines.ends))
        return NULL;
    PyObject *result = NULL;
    Nesting found = {.text = lines.text.buf, .strings.columns = OF_STRING, .brackets.columns = OF_BRACKET};
    size_t rows = count_of_lines(&lines);
    if (are_lines(&lines)) {
        enum outcome outcome = NO_MEMORY;
        found.left_out = calloc(rows + 1, 1);
        found.says_twice = calloc(rows + 1, 1);
        /* What strings stand for is not longer than they are, and most are not shorter than this. */
        size_t strings = (size_t)lines.text.len / LENGTH_OF_MOST + 1;
        if (found.left_out && found.says_twice && reserve_more(&found.strings, strings)
            && reserve_more(&found.brackets, strings / 2)
            && reserve((void **)&found.texts.bytes, &found.texts.capacity, (size_t)lines.text.len + SHORT, 1)) {
            found.strings.numbers[ENDS][0] = 0;
            Py_BEGIN_ALLOW_THREADS
            outcome = add_all(&found, starts_of(&lines), ends_of(&lines), rows);
            Py_END_ALLOW_THREADS
        }
        result = outcome == NO_MEMORY ? PyErr_NoMemory() : result_of(&found, rows);
    }
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
