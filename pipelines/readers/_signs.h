/* The signs of JSON in 64 bytes of a text, as bits: that of the first byte is the lowest.
 *
 * The idea is that of simdjson's first stage (Langdale and Lemire, "Parsing gigabytes of JSON per second", VLDB Journal
 * 28, 2019).
 */

#ifndef SIGNS_H
#define SIGNS_H

#include "_eight_bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define AT_ONCE 64
/* The bit by which a brace differs from the bracket of its kind. */
#define LOWER 0x20

typedef struct {
    uint64_t quotes, backslashes, brackets, newlines;
} Signs;

#if defined(__SSE2__)

#define BYTES_OF_PART 16

static inline Signs signs_of_part(const uint8_t *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)at), lower = _mm_or_si128(bytes, _mm_set1_epi8(LOWER));
    __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i backslashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    __m128i newlines = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
    __m128i brackets = _mm_or_si128(
        _mm_cmpeq_epi8(lower, _mm_set1_epi8('{')), _mm_cmpeq_epi8(lower, _mm_set1_epi8('}')));
    return (Signs){
        (uint64_t)_mm_movemask_epi8(quotes), (uint64_t)_mm_movemask_epi8(backslashes),
        (uint64_t)_mm_movemask_epi8(brackets), (uint64_t)_mm_movemask_epi8(newlines),
    };
}

/* Bits of the bytes that end a string or cannot be taken as they are (see is_sign in _json_text.h). */
static inline uint64_t stops_of_part(const uint8_t *at)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)at);
    /* With their signs, those beyond ASCII are below 0. */
    __m128i found = _mm_or_si128(
        _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
    return (uint64_t)_mm_movemask_epi8(found);
}

#else

#define BYTES_OF_PART 8

/* Eight bytes, the first as the lowest. */
static inline uint64_t in_order(const uint8_t *at)
{
    uint64_t word = eight_bytes(at);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Bits of the bytes whose highest bit is set. */
static inline uint64_t bits_of_highest(uint64_t word)
{
    return (((word & HIGH_BITS) >> 7) * 0x0102040810204080ULL) >> 56;
}

/* Bits of the bytes that are this one. */
static inline uint64_t bits_of(uint64_t word, uint8_t byte)
{
    uint64_t other = word ^ EACH(byte);
    return bits_of_highest(~(((other & ~HIGH_BITS) + ~HIGH_BITS) | other));
}

static inline Signs signs_of_part(const uint8_t *at)
{
    uint64_t word = in_order(at), lower = word | EACH(LOWER);
    return (Signs){
        bits_of(word, '"'), bits_of(word, '\\'), bits_of(lower, '{') | bits_of(lower, '}'), bits_of(word, '\n'),
    };
}

static inline uint64_t stops_of_part(const uint8_t *at)
{
    uint64_t word = in_order(at), is_no_control = (word & ~HIGH_BITS) + EACH(0x80 - 0x20);
    return bits_of_highest(~is_no_control | word) | bits_of(word, '"') | bits_of(word, '\\');
}

#endif

static inline Signs signs_of(const uint8_t *at)
{
    Signs signs = {0};
    for (int part = 0; part < AT_ONCE; part += BYTES_OF_PART) {
        Signs of_part = signs_of_part(at + part);
        signs.quotes |= of_part.quotes << part;
        signs.backslashes |= of_part.backslashes << part;
        signs.brackets |= of_part.brackets << part;
        signs.newlines |= of_part.newlines << part;
    }
    return signs;
}

/* Bits of the bytes that stand behind an odd number of backslashes. `is_first` is whether the first one does, and after
 * that whether the first one of the next bytes does. */
static inline uint64_t escaped(uint64_t backslashes, uint64_t *is_first)
{
    if (!backslashes) {
        uint64_t found = *is_first;
        *is_first = 0;
        return found;
    }
    /* A backslash that is escaped begins no run. A sum carries from the first of a run to behind its last. */
    backslashes &= ~*is_first;
    uint64_t even = 0x5555555555555555ULL, behind = backslashes << 1 | *is_first;
    uint64_t odd_begins = backslashes & ~even & ~behind, run_over = odd_begins + backslashes;
    *is_first = run_over < backslashes;
    return (even ^ run_over << 1) & behind;
}

/* Bits from each first of two on, up to before the second: whether a byte stands behind an odd number of them. */
static inline uint64_t between(uint64_t bits)
{
    for (int step = 1; step < AT_ONCE; step *= 2)
        bits ^= bits << step;
    return bits;
}

/* Which bit is the lowest; there must be one. */
static inline int lowest(uint64_t bits)
{
#if defined(__GNUC__)
    return __builtin_ctzll(bits);
#else
    int place = 0;
    while (!(bits >> place & 1))
        place++;
    return place;
#endif
}

#endif
