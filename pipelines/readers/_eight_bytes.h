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

/* Not zero where one of the bytes is zero. */
static inline uint64_t has_zero(uint64_t word)
{
    return (word - EACH(1)) & ~word & HIGH_BITS;
}

#endif
