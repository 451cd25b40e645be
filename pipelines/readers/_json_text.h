/* What reading JSON in C needs, whatever is made of it: strings, blanks.
 *
 * A string is taken where it is valid: RFC 8259, in UTF-8, without halves of pairs of surrogates, as orjson takes it.
 * Whatever is not is left out, and the caller reads it another way; so nothing here tells what is wrong with a text.
 */

#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include "_growing.h"
#include "_signs.h"

/* Objects and lists nested more deeply are left out: what reads them calls itself for each. */
#define DEEPEST 60
/* So many bytes are copied at once. */
#define SHORT 32

typedef struct {
    const uint8_t *at, *end;
    int depth;
    /* Whether blanks stood between signs. */
    bool has_blanks;
} Reader;

/* ---- to the next sign ---- */

/* Whether it ends a string or cannot be taken as it is: a quote, a backslash, a control character, one beyond ASCII. */
static inline bool is_sign(uint8_t byte)
{
    return byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
}

static inline const uint8_t *next_sign(const uint8_t *at, const uint8_t *end)
{
    while (end - at >= BYTES_OF_PART) {
        uint64_t stops = stops_of_part(at);
        if (stops)
            return at + lowest(stops);
        at += BYTES_OF_PART;
    }
    while (at < end && !is_sign(*at))
        at++;
    return at;
}

/* ---- strings ---- */

/* The length of the character of UTF-8 that begins here, 0 where none does (RFC 3629). */
static inline int character(const uint8_t *at, const uint8_t *end)
{
    uint8_t first = at[0];
    if (first < 0x80)
        return 1;
    ptrdiff_t left = end - at;
    if (first < 0xC2 || left < 2 || (at[1] & 0xC0) != 0x80)
        return 0;
    if (first < 0xE0)
        return 2;
    if (left < 3 || (at[2] & 0xC0) != 0x80)
        return 0;
    if (first < 0xF0) {
        /* Neither in more bytes than needed, nor half of a pair. */
        if ((first == 0xE0 && at[1] < 0xA0) || (first == 0xED && at[1] > 0x9F))
            return 0;
        return 3;
    }
    if (left < 4 || (at[3] & 0xC0) != 0x80 || first > 0xF4 || (first == 0xF0 && at[1] < 0x90)
        || (first == 0xF4 && at[1] > 0x8F))
        return 0;
    return 4;
}

/* Four hexadecimal digits, -1 where they are none. */
static inline int32_t hexadecimal(const uint8_t *at, const uint8_t *end)
{
    int32_t value = 0;
    if (end - at < 4)
        return -1;
    for (int place = 0; place < 4; place++) {
        uint8_t sign = at[place], lower = sign | 0x20;
        if (sign >= '0' && sign <= '9')
            value = value << 4 | (sign - '0');
        else if (lower >= 'a' && lower <= 'f')
            value = value << 4 | (lower - 'a' + 10);
        else
            return -1;
    }
    return value;
}

static inline int encoded(int32_t point, uint8_t *into)
{
    if (point < 0x80) {
        into[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        into[0] = (uint8_t)(0xC0 | point >> 6);
        into[1] = (uint8_t)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        into[0] = (uint8_t)(0xE0 | point >> 12);
        into[1] = (uint8_t)(0x80 | (point >> 6 & 0x3F));
        into[2] = (uint8_t)(0x80 | (point & 0x3F));
        return 3;
    }
    into[0] = (uint8_t)(0xF0 | point >> 18);
    into[1] = (uint8_t)(0x80 | (point >> 12 & 0x3F));
    into[2] = (uint8_t)(0x80 | (point >> 6 & 0x3F));
    into[3] = (uint8_t)(0x80 | (point & 0x3F));
    return 4;
}

/* What the escape stands for behind whose backslash the reader is: its bytes, 0 where it is none. */
static inline int escape(Reader *reader, uint8_t *into)
{
    if (reader->at == reader->end)
        return 0;
    switch (*reader->at++) {
    case '"': into[0] = '"'; return 1;
    case '\\': into[0] = '\\'; return 1;
    case '/': into[0] = '/'; return 1;
    case 'b': into[0] = '\b'; return 1;
    case 'f': into[0] = '\f'; return 1;
    case 'n': into[0] = '\n'; return 1;
    case 'r': into[0] = '\r'; return 1;
    case 't': into[0] = '\t'; return 1;
    case 'u': break;
    default: return 0;
    }
    int32_t point = hexadecimal(reader->at, reader->end);
    if (point < 0)
        return 0;
    reader->at += 4;
    if (point >= 0xD800 && point < 0xE000) {
        /* Half of a pair: the other half has to follow. */
        if (point >= 0xDC00 || reader->end - reader->at < 6 || reader->at[0] != '\\' || reader->at[1] != 'u')
            return 0;
        int32_t second = hexadecimal(reader->at + 2, reader->end);
        if (second < 0xDC00 || second >= 0xE000)
            return 0;
        reader->at += 6;
        point = 0x10000 + ((point - 0xD800) << 10) + (second - 0xDC00);
    }
    return encoded(point, into);
}

/* What stands between two places, behind the texts. Most are short, and are copied with what is behind them. */
static inline bool add_text(Bytes *texts, const uint8_t *from, const uint8_t *to, const uint8_t *end)
{
    size_t length = (size_t)(to - from);
    if (length > SHORT || end - from < SHORT || texts->capacity - texts->length < SHORT)
        return add_bytes(texts, from, length);
    memcpy(texts->bytes + texts->length, from, SHORT);
    texts->length += length;
    return true;
}

/* A string whose first quote is behind the reader: what it stands for, behind the texts, where these are not NULL.
 * `is_plain` says whether it is written as it is, in ASCII. */
static inline enum outcome read_string(Reader *reader, Bytes *texts, bool *is_plain)
{
    const uint8_t *from = reader->at;
    *is_plain = true;
    for (;;) {
        const uint8_t *at = next_sign(reader->at, reader->end);
        if (at == reader->end || *at < 0x20)
            return LEFT_OUT;
        if (*at >= 0x80) {
            int length = character(at, reader->end);
            if (!length)
                return LEFT_OUT;
            *is_plain = false;
            reader->at = at + length;
            continue;
        }
        if (texts && !add_text(texts, from, at, reader->end))
            return NO_MEMORY;
        reader->at = at + 1;
        if (*at == '"')
            return READ;
        uint8_t written[4];
        int length = escape(reader, written);
        if (!length)
            return LEFT_OUT;
        if (texts && !add_bytes(texts, written, (size_t)length))
            return NO_MEMORY;
        *is_plain = false;
        from = reader->at;
    }
}

/* ---- between strings ---- */

static inline void pass_blanks(Reader *reader)
{
    const uint8_t *from = reader->at;
    while (reader->at < reader->end
           && (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r'))
        reader->at++;
    if (reader->at != from)
        reader->has_blanks = true;
}

/* Whether the next sign is this one; it is passed then. */
static inline bool pass(Reader *reader, uint8_t sign)
{
    if (reader->at == reader->end || *reader->at != sign)
        return false;
    reader->at++;
    return true;
}

#endif
