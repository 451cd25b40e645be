/* The staff view of a MARC record, a table of HTML as VuFind writes it, as MARCXML: see marc_view_columns.py.
 *
 * A table that is written in any other way is left to the tree of the page; so nothing here tells what is odd about it.
 */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "_form.h"

#define TAG_LENGTH 3
/* What a row becomes is longer than it is by no more than this, and by SUBFIELD for each of its subfields. */
#define ROW sizeof "<datafield tag=\"\" ind1=\"\" ind2=\"\"></datafield>"
#define SUBFIELD sizeof "<subfield code=\"\"></subfield>"

typedef struct {
    const char *at, *end;
    /* What is written: there is room for all that may come. */
    char *into;
} View;

/* ---- what stands next ---- */

static bool is_html_blank(char sign)
{
    return sign == ' ' || sign == '\t' || sign == '\n' || sign == '\f';
}

static void pass_html_blanks(View *view)
{
    while (view->at < view->end && is_html_blank(*view->at))
        view->at++;
}

static bool is_next(const View *view, const char *text, size_t length)
{
    return (size_t)(view->end - view->at) >= length && !memcmp(view->at, text, length);
}

/* Whether this text is next; it is passed then. */
static bool pass_text(View *view, const char *text, size_t length)
{
    if (!is_next(view, text, length))
        return false;
    view->at += length;
    return true;
}

#define PASS(view, text) pass_text(view, text, sizeof text - 1)

/* The rest of a start tag: attributes, none with a sign in quotes that looks like the end of the tag. */
static bool pass_attributes(View *view)
{
    if (PASS(view, ">"))
        return true;
    if (view->at == view->end || !(*view->at == ' ' || *view->at == '\t' || *view->at == '\n'))
        return false;
    view->at++;
    while (view->at < view->end) {
        switch (*view->at++) {
        case '>': return true;
        case '<':
        case '"':
        case '\'': return false;
        case '=':
            /* Where a name may begin, it is part of that, and what follows is no value. */
            if (is_html_blank(view->at[-2]) || view->at[-2] == '/' || view->at[-2] == '"' || !PASS(view, "\""))
                return false;
            while (view->at < view->end && *view->at != '"') {
                if (*view->at == '<' || *view->at == '>')
                    return false;
                view->at++;
            }
            if (!PASS(view, "\""))
                return false;
            break;
        default: break;
        }
    }
    return false;
}

/* A start tag: its name with the bracket before it. Where none is next, nothing is passed. */
static bool pass_tag(View *view, const char *name, size_t length)
{
    const char *from = view->at;
    if (pass_text(view, name, length) && pass_attributes(view))
        return true;
    view->at = from;
    return false;
}

#define PASS_TAG(view, name) pass_tag(view, name, sizeof name - 1)

/* Blanks, and then whether a start tag follows; where none does, nothing is passed. */
static bool passed_tag_behind_blanks(View *view, const char *name, size_t length)
{
    const char *from = view->at;
    pass_html_blanks(view);
    if (pass_tag(view, name, length))
        return true;
    view->at = from;
    return false;
}

static bool pass_no_break_space(View *view)
{
    return PASS(view, "\xc2\xa0") || PASS(view, "&nbsp;");
}

static const char *next_bracket(const View *view)
{
    return view->at < view->end ? memchr(view->at, '<', (size_t)(view->end - view->at)) : NULL;
}

/* ---- what is written ---- */

static void write_text(View *view, const char *text, size_t length)
{
    memcpy(view->into, text, length);
    view->into += length;
}

#define WRITE(view, text) write_text(view, text, sizeof text - 1)

/* The text up to a place, with no-break spaces for what XML does not know. */
static void write_up_to(View *view, const char *end)
{
    while (view->at < end) {
        const char *sign = memchr(view->at, '&', (size_t)(end - view->at));
        if (!sign) {
            write_text(view, view->at, (size_t)(end - view->at));
            break;
        }
        write_text(view, view->at, (size_t)(sign - view->at));
        view->at = sign;
        if ((size_t)(end - sign) >= sizeof "&nbsp;" - 1 && PASS(view, "&nbsp;"))
            WRITE(view, "\xc2\xa0");
        else
            write_text(view, view->at++, 1);
    }
    view->at = end;
}

/* ---- rows ---- */

/* What ends a subfield: a no-break space and blanks, before the next tag. Where that begins, or NULL. */
static const char *end_of_subfield(const char *from, const char *bracket)
{
    const char *end = bracket;
    while (end > from && is_html_blank(end[-1]))
        end--;
    if (end - from >= 2 && !memcmp(end - 2, "\xc2\xa0", 2))
        return end - 2;
    const ptrdiff_t length = sizeof "&nbsp;" - 1;
    return end - from >= length && !memcmp(end - length, "&nbsp;", (size_t)length) ? end - length : NULL;
}

/* The subfields of a cell whose start tag is passed, and its end tag. */
static bool write_subfields(View *view)
{
    pass_html_blanks(view);
    if (!is_next(view, "<strong>|", 9))
        return false;
    while (PASS(view, "<strong>|")) {
        if (view->at == view->end || *view->at < '!' || *view->at > '~' || strchr("\"&<>", *view->at))
            return false;
        WRITE(view, "<subfield code=\"");
        write_text(view, view->at++, 1);
        WRITE(view, "\">");
        if (!PASS(view, "</strong>") || !pass_no_break_space(view))
            return false;
        const char *bracket = next_bracket(view);
        const char *end = bracket ? end_of_subfield(view->at, bracket) : NULL;
        if (!end)
            return false;
        write_up_to(view, end);
        view->at = bracket;
        WRITE(view, "</subfield>");
    }
    return PASS(view, "</td>");
}

/* An indicator: a cell whose start tag is passed, with one sign. */
static bool pass_indicator(View *view, char *indicator)
{
    if (view->at == view->end || strchr("<>\"&\n", *view->at))
        return false;
    *indicator = *view->at++;
    return PASS(view, "</td>");
}

static bool write_field(View *view, const char *tag, const char *indicators)
{
    WRITE(view, "<datafield tag=\"");
    write_text(view, tag, TAG_LENGTH);
    WRITE(view, "\" ind1=\"");
    write_text(view, indicators, 1);
    WRITE(view, "\" ind2=\"");
    write_text(view, indicators + 1, 1);
    WRITE(view, "\">");
    if (!write_subfields(view))
        return false;
    WRITE(view, "</datafield>");
    return true;
}

/* The text of the one cell of a row, up to its end, as an element. One that ends as subfields do is left to the tree, and
 * so is a leader in lines of its own, whose blanks may be its own or not. */
static bool write_cell(View *view, const char *tag, const char *end)
{
    if (end_of_subfield(view->at, end) || (!tag && view->at < end && *view->at == '\n'))
        return false;
    if (tag) {
        WRITE(view, "<controlfield tag=\"");
        write_text(view, tag, TAG_LENGTH);
        WRITE(view, "\">");
    } else {
        WRITE(view, "<leader>");
    }
    write_up_to(view, end);
    if (tag)
        WRITE(view, "</controlfield>");
    else
        WRITE(view, "</leader>");
    return PASS(view, "</td>");
}

static bool is_letter_or_digit(char sign)
{
    return (sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z') || (sign >= 'a' && sign <= 'z');
}

/* The heading of a row, and its end: three letters or digits, NULL in their place for LEADER. */
static bool pass_heading(View *view, const char **tag)
{
    pass_html_blanks(view);
    *tag = NULL;
    if (!PASS(view, "LEADER")) {
        if (view->end - view->at < TAG_LENGTH)
            return false;
        for (int place = 0; place < TAG_LENGTH; place++)
            if (!is_letter_or_digit(view->at[place]))
                return false;
        *tag = view->at;
        view->at += TAG_LENGTH;
    }
    pass_html_blanks(view);
    return PASS(view, "</th>");
}

/* A row whose start tag, and that of its heading, are passed. */
static bool write_row(View *view, const char *title, bool *has_title)
{
    const char *tag, *bracket;
    char indicators[2];
    if (!pass_heading(view, &tag))
        return false;
    pass_html_blanks(view);
    if (!PASS_TAG(view, "<td") || !(bracket = next_bracket(view)))
        return false;
    if (tag && !memcmp(tag, title, TAG_LENGTH))
        *has_title = true;
    if (tag && memcmp(tag, "00", 2)) {
        if (!pass_indicator(view, &indicators[0]) || !passed_tag_behind_blanks(view, "<td", 3)
            || !pass_indicator(view, &indicators[1]) || !passed_tag_behind_blanks(view, "<td", 3)
            || !write_field(view, tag, indicators))
            return false;
    } else if (!write_cell(view, tag, bracket)) {
        return false;
    }
    pass_html_blanks(view);
    if (!PASS(view, "</tr>"))
        return false;
    pass_html_blanks(view);
    return true;
}

/* ---- tables ---- */

/* A row that sets how wide columns are, empty or with headings alone. Where none is next, nothing is passed. */
static void pass_widths(View *view)
{
    const char *from = view->at;
    int headings = 0;
    bool is_empty = true;
    if (!PASS_TAG(view, "<tr"))
        return;
    while (passed_tag_behind_blanks(view, "<th", 3)) {
        const char *begun = view->at, *bracket = next_bracket(view);
        if (!bracket) {
            headings = 0;
            break;
        }
        while (begun < bracket && is_html_blank(*begun))
            begun++;
        is_empty = is_empty && begun == bracket;
        view->at = bracket;
        if (!PASS(view, "</th>")) {
            headings = 0;
            break;
        }
        headings++;
    }
    /* One empty heading, and empty cells. */
    while (headings == 1 && is_empty && passed_tag_behind_blanks(view, "<td", 3)) {
        pass_html_blanks(view);
        if (!PASS(view, "</td>"))
            headings = 0;
    }
    pass_html_blanks(view);
    if ((headings > 1 || (headings == 1 && is_empty)) && PASS(view, "</tr>"))
        pass_html_blanks(view);
    else
        view->at = from;
}

static bool write_record(View *view, const char *title)
{
    bool has_title = false;
    if (!PASS_TAG(view, "<table"))
        return false;
    pass_html_blanks(view);
    if (PASS(view, "<tbody>"))
        pass_html_blanks(view);
    pass_widths(view);
    WRITE(view, "<record>");
    while (PASS_TAG(view, "<tr")) {
        pass_html_blanks(view);
        if (!PASS_TAG(view, "<th") || !write_row(view, title, &has_title))
            return false;
    }
    WRITE(view, "</record>");
    if (PASS(view, "</tbody>"))
        pass_html_blanks(view);
    return PASS(view, "</table>") && view->at == view->end && has_title;
}

static size_t count_of(const char *text, const char *end, const char *wanted, size_t length)
{
    size_t count = 0;
    while (text < end && (text = memchr(text, *wanted, (size_t)(end - text)))) {
        count += (size_t)(end - text) >= length && !memcmp(text, wanted, length);
        text++;
    }
    return count;
}

static PyObject *as_marcxml(PyObject *module, PyObject *arguments)
{
    (void)module;
    Py_buffer table = {0};
    const char *title;
    Py_ssize_t title_length;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(arguments, "y*s#", &table, &title, &title_length))
        return NULL;
    if (title_length != TAG_LENGTH) {
        PyErr_SetString(PyExc_ValueError, "a tag has three signs");
        goto done;
    }
    const char *text = table.buf, *end = text + table.len;
    size_t room = (size_t)table.len + sizeof "<record></record>" + ROW * (count_of(text, end, "<tr", 3) + 1)
        + SUBFIELD * (count_of(text, end, "<strong>|", 9) + 1);
    char *written = malloc(room);
    if (!written) {
        PyErr_NoMemory();
        goto done;
    }
    View view = {text, end, written};
    if (write_record(&view, title)) {
        result = PyBytes_FromStringAndSize(written, view.into - written);
    } else {
        Py_INCREF(Py_None);
        result = Py_None;
    }
    free(written);
done:
    PyBuffer_Release(&table);
    return result;
}

static PyMethodDef methods[] = {
    {"as_marcxml", as_marcxml, METH_VARARGS, "as_marcxml(table, title): the record of a table, or None."},
    {NULL, NULL, 0, NULL},
};

MODULE(_marc_view, "See marc_view_columns.py.", add_form)
