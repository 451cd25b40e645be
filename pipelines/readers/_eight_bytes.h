/* Bytes of a text that are looked at eight at once. */

#ifndef EIGHT_BYTES_H
#define EIGHT_BYTES_H

#include <stdint.h>
#include <string.h>

#define EACH(byte) (0x0101010101010101ULL * (uint8_t)(byte))
#define HIGH_BITS EACH(0x80)

static inline uint64_t eight_bytes(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Not zero where one of the bytes is zero: the lowest bit that is set is right, others may not be. */
static inline uint64_t has_zero(uint64_t word)
{
    return (word - EACH(1)) & ~word & HIGH_BITS;
}

/* How many bytes stand before the first that such bits tell of. */
static inline int bytes_before(uint64_t bits)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return __builtin_ctzll(bits) >> 3;
#else
    /* Where bytes lie the other way about, bits of later ones are not to be trusted. */
    (void)bits;
    return 0;
#endif
}

#endif
